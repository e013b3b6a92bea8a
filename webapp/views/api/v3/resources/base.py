"""What all bodies, queries and answers of the API share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

import orjson
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel
from pydantic_core import core_schema

from webapp.schemas.texts import without_controls

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler

UUID = Annotated[str, Field(description="An opaque id.", examples=["0190d3c4-5f1e-7c3a-9d55-2c4f5f0a7e11"])]


def _listed(value: Any) -> Any:
    """Refuse one text where a list is wanted: pages split what was typed, programs say what they mean."""
    if value is not None and not isinstance(value, list):
        raise ValueError("Must be a list.")
    return value


Listed = BeforeValidator(_listed)

MOST_FREE = 64 * 1024
"""Bytes of JSON in one free-form field: a list of a thousand of them is still an answer."""


FREE_FORM = "Free form, at most 64 KB; control characters but tabs and line ends are dropped."


def _free(value: dict[str, Any]) -> dict[str, Any]:
    """Drop control characters; refuse what could not be said again as it was heard: endless numbers, far too much."""
    value = without_controls(value)
    try:
        said = orjson.dumps(value)
    except TypeError:
        raise ValueError("Whole numbers may have at most 64 bits; send longer ones as texts.") from None
    if len(said) > MOST_FREE:
        raise ValueError(f"At most {MOST_FREE // 1024} KB.")
    if orjson.loads(said) != value:
        raise ValueError("Numbers have to be finite.")
    return value


FreeForm = Annotated[dict[str, Any], AfterValidator(_free), Field(description=FREE_FORM)]
"""A JSON object of the caller's own making."""


class Body(BaseModel):
    """A JSON body: snake_case inside, camelCase outside; a field that is not known is refused by name.

    `paths` says where a field that a service refuses stands in the body, where that is not its name in camelCase.
    """

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", str_strip_whitespace=True)
    paths: ClassVar[dict[str, str]] = {}

    @classmethod
    def outside(cls, name: str) -> str:
        """Return the path, as it was sent, of a field as a service names it; a path stays what it is."""
        head, dot, rest = name.partition(".")
        return cls.paths.get(name) or (outside(cls.paths.get(head, head)) + dot + outside(rest))


class _OrNull:
    """Let a field be null, too, in what is read and in the document."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.nullable_schema(handler(source))


class NewBody(Body):
    """A body that makes something: null in a field that may be left out is the same as leaving it out."""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        for field in cls.model_fields.values():
            if not field.is_required() and field.get_default(call_default_factory=True) is not None:
                field.metadata = [*field.metadata, _OrNull()]
        cls.model_rebuild(force=True)

    @model_validator(mode="after")
    def _leave_out_nulls(self) -> Self:
        for name in [each for each in self.model_fields_set if getattr(self, each) is None]:
            setattr(self, name, type(self).model_fields[name].get_default(call_default_factory=True))
            self.model_fields_set.discard(name)
        return self


class Query(BaseModel):
    """What stands behind the question mark, in snake_case, as old clients send it."""

    model_config = ConfigDict(extra="forbid")


class Paged(Query):
    """Which rows of a list are wanted."""

    limit: Annotated[int, Field(ge=1, le=1000, description="Rows a page has.")] = 100
    offset: Annotated[int, Field(ge=0, le=2**31, description="Rows before the first one.")] = 0


def outside(name: str) -> str:
    """Return a name, or a dotted path of names, in camelCase; what has no underscore stays as it is."""
    return ".".join(to_camel(part) if "_" in part else part for part in name.split("."))
