"""What every writer promises: plain frozen values in, plain frozen values out, one kind of error."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from webapp.errors import WriterError as WriterError  # noqa: PLC0414 - writers know this module only

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# The closed vocabularies of the API contract (docs: /api/v3, scenes). Order is the order of menus.
SHOT_TYPES = (
    "wide", "medium", "close-up", "extreme-close-up", "product", "over-the-shoulder",
    "pov", "top-down", "tracking", "montage", "end-card",
)  # fmt: skip
TRANSITIONS = ("cut", "fade", "dissolve", "wipe")
CAMERA_MOVES = ("static", "pan-left", "pan-right", "push-in", "pull-out", "tilt-up", "tilt-down", "track", "orbit")
BEATS = ("hook", "problem", "product", "proof", "cta")
ASSET_ROLES = (
    "first_frame", "subject", "brand_logo", "product_shot", "background", "transition",
    "closing_frame", "use_full_audio", "voice_sample",
)  # fmt: skip
LANGUAGES = ("en", "de", "es", "fr")


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """The client's guidelines as a writer needs them."""

    name: str = ""
    colors: tuple[str, ...] = ()
    fonts: tuple[str, ...] = ()
    tone: str = ""
    restrictions: tuple[str, ...] = ()
    """Words or claims that must not appear in any scene."""
    examples: tuple[str, ...] = ()
    disclaimer: str = ""
    """Text that has to be in the ad (on screen, last scene), word for word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetNote:
    """What a writer is told of one asset."""

    id: str
    name: str
    kind: str
    """image, video, audio or document"""
    role: str = ""
    """One of ASSET_ROLES, or empty."""
    tags: tuple[str, ...] = ()
    ready: bool = True
    """False while it is still being fetched: it may be planned with, but nothing of it is known yet."""
    width: int | None = None
    height: int | None = None
    duration_s: float | None = None
    excerpt: str = ""
    """The first words of a document, untrusted text of at most 2,000 characters."""
    thumbnail: bytes = field(default=b"", repr=False)
    """A small picture (WebP, JPEG or PNG, at most 512 px on the long side) for models that see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """Everything a writer may know of the ad. `scene_seconds` fixes the number of scenes and plans their lengths."""

    product: str
    audience: str
    key_message: str
    call_to_action: str
    style: str = ""
    tone: str = ""
    visual_elements: tuple[str, ...] = ()
    music_style: str = ""
    language: str = "en"
    """BCP 47; the built-in writer knows LANGUAGES and falls back to English."""
    words_per_minute: int = 0
    """The client's own voice-over pace; 0 is the usual one of the language."""
    ratio: str = "16:9"
    scene_seconds: tuple[float, ...]
    """Planned seconds of scene 1..n; their sum is the length of the ad."""
    brand: Brand = Brand()
    campaign_goal: str = ""
    homepage: str = ""
    assets: tuple[AssetNote, ...] = ()
    seed: int = 0
    """Same brief and same seed: the built-in writer gives the same scenes."""
    feedback: str = ""
    """What should be different from the last time, when a whole storyboard is written anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneDraft:
    """One scene as a writer proposes it."""

    number: int
    """1-based"""
    title: str
    """A few words, as on a card: "The alarm wins again"."""
    beat: str
    """One of BEATS"""
    description: str
    """What we see."""
    script: str
    """The voice-over, may be empty."""
    on_screen: str = ""
    """Text in the picture, may be empty."""
    shot_type: str = "medium"
    camera_move: str = "static"
    transition: str = "cut"
    """How this scene leaves."""
    seconds: float
    asset_ids: tuple[str, ...] = ()
    """Ids of AssetNotes of the brief, the picture first."""
    raw: tuple[tuple[str, str], ...] = ()
    """Field (shot_type, transition) and the word it was given, where that is on no list and only guessed at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The scene being written, as far as its words have come; for showing, never for keeping."""

    number: int
    title: str = ""
    description: str = ""
    script: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenScene:
    """A scene that came but cannot be used; the caller asks for it again with `rewrite`."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """Scenes given before that are not part of the answer: a draft that the model made while thinking.

    Whoever kept them lets go of them; they come again, numbered alike. Without numbers, only Words were shown.
    """

    numbers: tuple[int, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens that a provider reported for one call."""

    model: str
    input_tokens: int = 0
    output_tokens: int = 0


WriterEvent = SceneDraft | Words | BrokenScene | Withdrawn | Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraints:
    """What a redo must keep to."""

    seconds: float
    must_include_asset_ids: tuple[str, ...] = ()
    style: str = ""
    parts: tuple[str, ...] = ()
    """Which parts should change: any of picture, script, description, shot, timing; empty means all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Redo:
    """One scene to write again, and all that it depends on."""

    brief: Brief
    number: int
    scene: SceneDraft | None
    """Its present text; None when it never came out whole."""
    neighbours: Sequence[SceneDraft] = ()
    """The other scenes."""
    previous: Sequence[SceneDraft] = ()
    """Earlier takes of this one."""
    feedback: str = ""
    constraints: Constraints


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrite:
    """A scene written anew, and what it took."""

    draft: SceneDraft
    usage: Usage


class SceneWriter(Protocol):
    """Turn a brief into scenes. Implementations raise WriterError and nothing else."""

    name: str
    """builtin, openai or anthropic"""
    model: str
    """The model's name as the provider knows it."""

    def write(self, brief: Brief, done: Sequence[SceneDraft] = ()) -> Iterator[WriterEvent]:
        """Yield each missing scene the moment it is complete, in order; Words in between, a Usage after each call.

        What turns out to be a model's thinking is Withdrawn: the last scenes given, which then come again.
        `done` are scenes 1..k that exist already (after a crash, a stop, a retry): they are never yielded again.
        """
        ...

    def rewrite(self, redo: Redo) -> Rewrite:
        """Write one scene again; none of its earlier texts may come back word for word."""
        ...

    def check(self) -> str:
        """Make the smallest real call that proves the writer works and return a sentence saying so."""
        ...
