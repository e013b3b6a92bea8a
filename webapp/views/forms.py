"""Forms: what was typed, checked by a schema; what is wrong stands beside its field, and nothing typed is lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Generic, TypeVar, get_origin

from flask import render_template, request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import HTTPException

from webapp.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Draft = TypeVar("Draft", bound=BaseModel)
Result = TypeVar("Result")


WORDS = ("text", "reason", "note", "feedback", "title", "description", "script", "on_screen", "message")
"""Fields whose words are shown when a form is refused for good, even a single word."""
MOST_WORDS = 20


class Form(Generic[Draft]):
    """Hold a form's values and its errors, by field name.

    `initial` fills the fields of a form that was not sent yet; after a POST the values are what was typed.
    """

    def __init__(self, schema: type[Draft], initial: Mapping[str, Any] | None = None) -> None:
        self.schema = schema
        self.sent = request.method not in ("GET", "HEAD")
        self.values: dict[str, Any] = _typed(schema) if self.sent else dict(initial or {})
        self.errors: dict[str, str] = {}
        self.message = ""

    def draft(self) -> Draft:
        """Return what was typed as a checked draft.

        Raises:
            Invalid: with a sentence for each wrong field.
        """
        return parse(self.schema, self.values)

    def submit(self, use_case: Callable[[Draft], Result]) -> Result | None:
        """Run the use case with what was typed; None when it was not sent or was refused (then `errors` says why)."""
        if not self.sent:
            return None
        try:
            return use_case(self.draft())
        except Invalid as refusal:
            self.errors = refusal.fields
            self.message = refusal.message
            return None

    def page(self, template: str, **context: Any) -> tuple[str, int]:
        """Render the page with this form: 200, or 422 when something has to be corrected."""
        status = 422 if self.message else 200
        return render_template(template, form=self, **context), status


def parse(schema: type[Draft], values: Mapping[str, Any]) -> Draft:
    """Check values against a schema.

    Raises:
        Invalid: `fields` maps names (dotted for nested ones) to sentences a person can act on.
    """
    try:
        return schema.model_validate(dict(values))
    except ValidationError as error:
        fields = {".".join(map(str, each["loc"])) or "form": sentence(dict(each)) for each in error.errors()}
        raise Invalid(fields=fields) from error


def typed_words() -> list[str]:
    """Return what somebody typed into the form of this request, for a page that refuses it: nobody types twice.

    Known by name, or by a blank: ids, numbers and choices have none. Passwords are never shown.
    """
    if request.method != "POST":
        return []
    try:
        sent = request.form.items(multi=True)
    except HTTPException:  # too large, or cut off: there is nothing to show
        return []
    texts = [(name, text.strip()) for name, text in sent if "password" not in name]
    return [text for name, text in texts if text and (name in WORDS or re.search(r"\s", text))][:MOST_WORDS]


def sentence(error: Mapping[str, Any]) -> str:
    """Turn one of pydantic's errors into a sentence."""
    context = error.get("ctx") or {}
    known = {
        "missing": "Please fill this in.",
        "string_too_short": "Please fill this in."
        if context.get("min_length") == 1
        else f"At least {context.get('min_length')} characters.",
        "string_too_long": f"At most {context.get('max_length')} characters.",
        "greater_than_equal": f"Must be at least {context.get('ge', 0):g}.",
        "less_than_equal": f"Must be at most {context.get('le', 0):g}.",
        "enum": "Pick one of the choices.",
        "literal_error": "Pick one of the choices.",
        "int_parsing": "Must be a whole number.",
        "float_parsing": "Must be a number.",
        "too_long": f"At most {context.get('max_length')}.",
        "extra_forbidden": "There is no such field.",
        "string_type": "Must be a text.",
        "int_type": "Must be a whole number.",
        "float_type": "Must be a number.",
        "finite_number": "Must be a number.",
        "bool_type": "Must be true or false.",
        "list_type": "Must be a list.",
        "dict_type": "Must be an object.",
        "model_type": "Must be an object.",
        "int_from_float": "Must be a whole number.",
        "none_required": "Must be null.",
    }
    if error["type"] == "value_error":
        return str(context.get("error") or error["msg"])
    return known.get(error["type"], "This does not look right.")


def _typed(schema: type[BaseModel]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, each in schema.model_fields.items():
        if get_origin(each.annotation) in (list, tuple):
            values[name] = request.form.getlist(name)
        elif len(several := request.form.getlist(name)) > 1:
            values[name] = several
        elif several:
            values[name] = several[0]
    return values
