"""Which writer is in force: name to class, imported on demand so that the web process never loads a model SDK."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from webapp.services.writers.base import SceneWriter

WRITERS = {
    "builtin": "webapp.services.writers.builtin:BuiltinWriter",
    "openai": "webapp.services.writers.openai:OpenAIWriter",
    "anthropic": "webapp.services.writers.anthropic:AnthropicWriter",
}

# Used where AI_MODEL is empty: small enough to be cheap, and answering at once rather than after long thought.
DEFAULT_MODELS = {"builtin": "built-in 1", "openai": "gpt-5.4-mini", "anthropic": "claude-sonnet-5"}


class WriterSettings(Protocol):
    """The settings that choose and make a writer."""

    @property
    def provider(self) -> str:
        """Name the writer in force: builtin, openai or anthropic."""
        ...

    @property
    def ai_model(self) -> str:
        """Name the model, or nothing for the default."""
        ...


def label(settings: WriterSettings) -> tuple[str, str]:
    """Name the writer in force and its model, for showing and pricing; imports nothing."""
    name = settings.provider
    return name, DEFAULT_MODELS[name] if name == "builtin" else settings.ai_model or DEFAULT_MODELS[name]


def current(settings: WriterSettings) -> SceneWriter:
    """Make the writer in force. Its SDK is imported at its first call, not here."""
    name, model = label(settings)
    module, _, class_name = WRITERS[name].partition(":")
    made: Any = getattr(import_module(module), class_name)
    writer: SceneWriter = made() if name == "builtin" else made.from_settings(settings, model)
    return writer


def prepare(settings: WriterSettings) -> None:
    """Load what the writer in force needs ahead of its first call: an SDK takes one to two seconds to import.

    For the worker at its start, in a thread beside. Raises WriterError where an SDK is missing.
    """
    load = getattr(current(settings), "prepare", None)
    if load:
        load()
