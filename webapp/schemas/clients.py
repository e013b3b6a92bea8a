"""What may be said about a client: a new one, changes to one."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator

from webapp.schemas.rates import Rates
from webapp.schemas.texts import Colors, LongText, Name, ShortText, WebAddress, at_most, lines, one_line

Fonts = Annotated[list[str], BeforeValidator(lines), at_most(10, 80, "fonts")]
Restrictions = Annotated[list[str], BeforeValidator(lines), at_most(100, 200, "restrictions")]
Spellings = Annotated[list[str], BeforeValidator(lines), at_most(50, 120, "spellings")]
Examples = Annotated[list[str], BeforeValidator(lines), at_most(50, 1000, "examples")]


class ClientDraft(BaseModel):
    """A new client and its brand guidelines."""

    name: Name
    description: LongText = ""
    homepage: WebAddress = ""
    colors: Colors = []
    fonts: Fonts = []
    tone: ShortText = ""
    restrictions: Restrictions = []
    examples: Examples = []
    disclaimer: ShortText = ""
    spellings: Spellings = []
    speaking_rates: Rates = {}
    extra: dict[str, Any] = {}


class ClientChange(ClientDraft):
    """A change of a client: only the fields given are changed. The logo is one of its own images, or nothing."""

    name: Name = ""
    logo_asset_id: Annotated[str, BeforeValidator(one_line)] = ""
