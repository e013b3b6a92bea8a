"""Bodies of multipart/form-data: one file and a few fields, checked as JSON bodies are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from flask import request
from pydantic import BaseModel, ValidationError

from webapp.errors import Invalid
from webapp.views.api.spec import UNKNOWN, refusal_of

if TYPE_CHECKING:
    from werkzeug.datastructures import FileStorage

Asked = TypeVar("Asked", bound=BaseModel)


def read(model: type[Asked], file_field: str) -> tuple[Asked, FileStorage]:
    """Read the fields and the one file; an empty field counts as not sent.

    Large files lie in a temporary file by then, as werkzeug spools them.

    Raises:
        Invalid: `fields` says what is wrong, also with the file.
    """
    wrong = dict.fromkeys((name for name in request.files if name != file_field), UNKNOWN)
    files = request.files.getlist(file_field)
    if len(files) != 1 or file_field in request.form:
        wrong[file_field] = "Send one file." if file_field not in request.form else "Send it as a file, with a name."
    values: dict[str, Any] = {}
    for name, given in request.form.lists():
        if len(given) > 1:
            wrong[name] = "Send it once."
        elif given[0].strip() and name != file_field:
            values[name] = given[0]
    try:
        found = model.model_validate(values)
    except ValidationError as error:
        wrong |= refusal_of(error).fields
    if wrong:
        raise Invalid(fields=wrong)
    return found, files[0]
