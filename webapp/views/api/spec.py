"""An operation of the API: what it takes, what it answers, how it refuses. Checked here, documented from here.

The document (`openapi.py`) is written from these very facts, so it cannot say anything else than what is done.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import wraps
from hashlib import file_digest, sha256
from inspect import cleandoc
from typing import TYPE_CHECKING, Any, TypeVar

import orjson
from flask import Response, request
from pydantic import BaseModel, ValidationError
from pydantic_core import from_json, to_json

from webapp.errors import Invalid, Malformed, TooLarge, WrongMediaType
from webapp.services import idempotency
from webapp.views.forms import sentence
from webapp.views.security import person

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from werkzeug.datastructures import FileStorage

    from webapp.views.api.v3.resources.base import Body, Query

Asked = TypeVar("Asked", bound=BaseModel)
View = TypeVar("View", bound="Callable[..., Response]")

MOST_JSON = 1024 * 1024
"""The largest JSON body, in bytes: no brief and no storyboard comes near."""
FILE = "file"
"""Stands for the bytes of a file where an answer is not JSON."""
LONGEST_KEY = 200
KEPT_HEADERS = ("Location", "ETag", "Preference-Applied")
"""What an answer says in headers about the thing itself: said again when it is repeated. Limits are those of now."""


@dataclass(frozen=True, kw_only=True)
class Operation:
    """What one route and method does, as the document tells it."""

    tag: str
    summary: str
    description: str = ""
    query: type[Query] | None = None
    body: type[Body] | None = None
    body_is_optional: bool = False
    form: type[Body] | None = None
    """The fields of a multipart/form-data body, where a route takes one beside JSON."""
    file_field: str = ""
    """The name of its file."""
    answers: Mapping[int, Any] = field(default_factory=dict)
    """Status → what `data` holds: a TypedDict, list[...], None, or FILE."""
    is_list: bool = False
    refuses: frozenset[int] = frozenset()
    headers: Mapping[str, str] = field(default_factory=dict)
    """Request headers it heeds, each with its explanation."""
    media: tuple[str, ...] = ()
    """Media types of a FILE; none stands for any."""
    says: frozenset[str] = frozenset()
    """Headers its answers carry beside those that all do: Location, ETag."""
    said_once: tuple[str, ...] = ()
    """Fields of the answer that are kept nowhere, so that they are null when it is repeated: secrets."""


def described(tag: str, **facts: Any) -> Callable[[View], View]:
    """Say what a view does without doing anything for it. The first line of its docstring becomes the summary."""

    def decorate(view: View) -> View:
        view.operation = _described(view, tag, facts)  # type: ignore[attr-defined]
        return view

    return decorate


def operation(tag: str, **facts: Any) -> Callable[[View], View]:
    """Make a view an operation of the API.

    `query` and `body` are read, checked and handed to the view under these names; one that refuses unknown fields,
    wrong values and broken JSON does so before the view is called. The first line of the docstring becomes the summary.
    A POST that names an Idempotency-Key is answered once. `facts` are those of `Operation`.
    """

    def decorate(view: View) -> View:
        described = _described(view, tag, facts)

        @wraps(view)
        def asked(**values: Any) -> Response:
            # what is wrong with the body is named as it was sent; only services have names of their own
            if described.query:
                values["query"] = read_query(described.query)
            if described.body and not _is_form(described):
                values["body"] = read_body(described.body, optional=described.body_is_optional)
            if described.form and _is_form(described):
                values["form"], values["file"] = _read_form(described.form, described.file_field)
            try:
                return _once(lambda: view(**values), described.said_once)
            except Invalid as refusal:
                if refusal.fields and described.body:
                    refusal.fields = {described.body.outside(name): why for name, why in refusal.fields.items()}
                raise

        asked.operation = described  # type: ignore[attr-defined]
        return asked  # type: ignore[return-value]

    return decorate


def read_body(model: type[Asked], *, optional: bool = False) -> Asked:
    """Read the JSON body and check it.

    Raises:
        WrongMediaType: it does not say that it is JSON.
        TooLarge: it is over 1 MB.
        Malformed: it is not JSON.
        Invalid: `fields` says what is wrong, by paths as they were sent.
    """
    raw = _raw()
    if not raw.strip() and optional:
        raw = b"{}"
    elif request.mimetype != "application/json" and not request.mimetype.endswith("+json"):
        raise WrongMediaType("Send JSON.", hint="Say so, too: Content-Type: application/json.")
    try:
        value = from_json(raw, allow_inf_nan=False)
    except ValueError as error:
        raise Malformed(f"The body is not JSON: {error}.") from error
    if not isinstance(value, dict):
        raise Invalid("Send a JSON object.", fields={"body": "Must be a JSON object."})
    try:
        return _checked(model, raw, value)
    except ValidationError as error:
        raise refusal_of(error) from error


def _checked(model: type[Asked], raw: bytes, value: Any) -> Asked:
    """Check a body. In JSON 30.0 is a whole number, too, as JSON Schema says; pydantic's strictness asks for 30."""
    try:
        return model.model_validate_json(raw, strict=True)
    except ValidationError as error:
        if not any(each["type"] == "int_type" and _is_whole(each["input"]) for each in error.errors()):
            raise
    return model.model_validate_json(to_json(_with_whole_numbers(value)), strict=True)


def _with_whole_numbers(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _with_whole_numbers(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_with_whole_numbers(each) for each in value]
    return int(value) if _is_whole(value) else value


def _is_whole(value: object) -> bool:
    return isinstance(value, float) and value.is_integer()


def _raw() -> bytes:
    """Return the body as it came. Raises TooLarge."""
    if (request.content_length or 0) > MOST_JSON or len(raw := request.get_data()) > MOST_JSON:
        raise TooLarge("The JSON is larger than 1 MB, the most one request may have.")
    return raw


def read_query(model: type[Asked]) -> Asked:
    """Read what stands behind the question mark and check it. Raises Invalid, as `read_body` does."""
    values: dict[str, Any] = {}
    for name, given in request.args.lists():
        values[name] = given[-1]
    try:
        return model.model_validate_strings(values)
    except ValidationError as error:
        raise refusal_of(error) from error


def refusal_of(error: ValidationError) -> Invalid:
    """Turn pydantic's errors into a refusal that names each field as it was sent."""
    fields: dict[str, str] = {}
    for each in error.errors(include_url=False, include_input=False):
        path = ".".join(str(part) for part in each["loc"] if not _is_inner(part)) or "body"
        fields.setdefault(path, _said(dict(each)))
    unknown = [path for path, why in fields.items() if why == UNKNOWN]
    if unknown and len(unknown) == len(fields):
        plural = "" if len(unknown) == 1 else "s"
        return Invalid(f"Unknown field{plural}: {', '.join(unknown[:5])}.", fields=fields)
    return Invalid(fields=fields)


def _said(error: dict[str, Any]) -> str:
    """Return the sentence of the pages; where they show the choices, a program is told them."""
    if error["type"] in ("enum", "literal_error"):
        choices = str(error["ctx"]["expected"]).replace("'", "")
        return f"Must be {choices}."
    return sentence(error)


UNKNOWN = "There is no such field."


def _is_inner(part: object) -> bool:
    """Say whether a part of a path is pydantic's own, such as the branch of a union it tried."""
    return isinstance(part, str) and ("[" in part or part in ("str", "int", "float", "bool", "dict", "list"))


def _read_form(model: type[Asked], file_field: str) -> tuple[Asked, FileStorage]:
    from webapp.views.api import multipart  # noqa: PLC0415 - which needs this module

    return multipart.read(model, file_field)


def _is_form(described: Operation) -> bool:
    return described.form is not None and request.mimetype == "multipart/form-data"


def _once(work: Callable[[], Response], said_once: tuple[str, ...] = ()) -> Response:
    """Answer a POST that names an Idempotency-Key once, and its repetitions with the same answer."""
    key = request.headers.get("Idempotency-Key", "") if request.method == "POST" else ""
    if not key:
        return work()
    if len(key) > LONGEST_KEY:
        raise Invalid(fields={"Idempotency-Key": f"At most {LONGEST_KEY} characters."})
    who = person()
    found = idempotency.begin(who, key, _fingerprint(who.role))
    if isinstance(found, idempotency.Answer):
        return _again(found)
    request.environ["slate.request_key"] = found.token
    kept = None
    try:
        response = work()
        kept = _as_kept(response, said_once)
    finally:
        idempotency.finish(who, key, found, kept)
    return response


def request_key() -> str:
    """Return the name of what is asked for with an Idempotency-Key, the same when it is tried again; "" without one."""
    return str(request.environ.get("slate.request_key", ""))


def _fingerprint(role: str) -> str:
    """Return the SHA-256 of method, path and body; of a form by its fields, since its boundary is never the same.

    Of the role, too: what an editor was told is not said again to the reviewer that they are by now.

    Raises:
        TooLarge: the body is over 1 MB, also where none was asked for and so nobody looked.
    """
    said = sha256(f"{role} {request.method} {request.full_path}\n".encode())
    if condition := request.headers.get("If-Match"):  # it says what the request is about
        said.update(f"If-Match: {condition}\n".encode())
    if request.mimetype != "multipart/form-data":
        said.update(_raw())
        return said.hexdigest()
    parts: list[tuple[str, ...]] = list(request.form.items(multi=True))
    for name, file in request.files.items(multi=True):
        parts.append((name, file.filename or "", file_digest(file.stream, "sha256").hexdigest()))  # type: ignore[arg-type]
        file.stream.seek(0)
    said.update(repr(sorted(parts)).encode("utf-8", "surrogatepass"))
    return said.hexdigest()


def _as_kept(response: Response, said_once: tuple[str, ...]) -> idempotency.Answer | None:
    """Return what is kept of an answer; a failure of ours is not, so that trying again can help."""
    if response.direct_passthrough or response.status_code >= 500:
        return None
    body = response.get_data()
    if said_once:
        said = from_json(body)
        body = orjson.dumps(said | {"data": said["data"] | dict.fromkeys(said_once)})
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    return idempotency.Answer(response.status_code, headers, body)


def _again(kept: idempotency.Answer) -> Response:
    response = Response(kept.body, kept.status, mimetype="application/json")
    response.headers.update(kept.headers)
    response.headers["Idempotency-Replayed"] = "true"
    return response


def _described(view: Callable[..., Response], tag: str, facts: dict[str, Any]) -> Operation:
    summary, _, more = (view.__doc__ or "").partition("\n")
    sets = {name: frozenset(facts.get(name, ())) for name in ("refuses", "says")}
    return Operation(tag=tag, summary=summary.strip().rstrip("."), description=cleandoc(more), **(facts | sets))
