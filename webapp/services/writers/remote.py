"""What the writers of models behind an API have in common: one bounded call, its conversation, one kind of error."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

import httpx2

from webapp.services.writers import prompt
from webapp.services.writers.base import (
    Brief,
    BrokenScene,
    Constraints,
    Redo,
    Rewrite,
    SceneDraft,
    Usage,
    WriterError,
    WriterEvent,
)
from webapp.services.writers.bounded_http import MAX_WIRE_BYTES, Bounds, bounded_client
from webapp.services.writers.causes import Provider, explained
from webapp.services.writers.conversation import Conversation
from webapp.services.writers.scene_stream import SceneStream

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import ModuleType

    from webapp.services.writers.calls import Piece
    from webapp.services.writers.prompt import Question

CHECK_SECONDS = 30.0


class RemoteWriter(ABC):
    """Write scenes with a model behind an API; a provider adds how to open a client, ask and read.

    One instance serves any number of calls, also at the same time: each call has its own client and bounds.
    """

    name: ClassVar[str]
    provider: Provider

    def __init__(  # noqa: PLR0913 - what a call depends on, most of it with a default
        self,
        model: str,
        *,
        api_key: str = "",
        base_url: str = "",
        timeout_seconds: float = 180.0,
        backoff_seconds: float = 0.6,
        max_bytes: int = MAX_WIRE_BYTES,
    ) -> None:
        self.model = model
        self._api_key = api_key.strip()
        self._base_url = base_url.strip().rstrip("/")
        if self._base_url:
            # Ollama in the cellar is not OpenAI: errors name the server that was asked.
            self.provider = replace(self.provider, title=_host(self._base_url), top_up="the provider of that server")
        self._timeout_seconds = timeout_seconds
        self._backoff_seconds = backoff_seconds
        self._max_bytes = max_bytes

    @abstractmethod
    def _sdk(self) -> ModuleType:
        """Import the provider's SDK, which takes half a second and is therefore left until now."""

    @abstractmethod
    def _endpoint(self, client: Any) -> Any:
        """Return the part of the client that answers questions; SDKs load it when it is first touched."""

    @abstractmethod
    def _client(self, http: httpx2.Client) -> AbstractContextManager[Any]:
        """Make the SDK's client on top of our own HTTP client."""

    @abstractmethod
    def _ask(self, client: Any, question: Question, bounds: Bounds) -> Iterator[Piece | Usage]:
        """Send a question and yield its answer piece by piece; may raise whatever the SDK raises."""

    @abstractmethod
    def _ping(self, client: Any) -> None:
        """Make the smallest call that the provider answers."""

    def write(self, brief: Brief, done: Sequence[SceneDraft] = ()) -> Iterator[WriterEvent]:
        """Yield each scene that is not in `done` the moment it is complete, Words in between, Usage after each call."""
        have = {scene.number for scene in done}
        numbers = [n for n in range(1, len(brief.scene_seconds) + 1) if n not in have]
        if not numbers:
            return
        stream = SceneStream(brief, numbers, [brief.scene_seconds[n - 1] for n in numbers], done)

        def ask(finished: Sequence[SceneDraft], missing: Sequence[int], note: str) -> Question:
            return prompt.storyboard(brief, sorted(finished, key=lambda scene: scene.number), missing, note)

        bounds = Bounds(self._timeout_seconds, self._max_bytes)
        with self._open(bounds) as client:
            yield from self._conversation(client, bounds).hold(stream, ask)

    def rewrite(self, redo: Redo) -> Rewrite:
        """Write a scene again; an answer that is broken or known already is asked once more, then refused."""
        constraints, number = redo.constraints, redo.number
        known = {_wording(take, constraints) for take in (redo.scene, *redo.previous) if take}
        spent: list[Usage] = []
        fault = unusable = ""
        bounds = Bounds(self._timeout_seconds, self._max_bytes)
        with self._open(bounds) as client:
            for _ in range(2):
                stream = SceneStream(redo.brief, [number], [constraints.seconds], ())

                def ask(_: Sequence[SceneDraft], __: Sequence[int], note: str, fault: str = fault) -> Question:
                    return prompt.rewrite(redo, note or fault)

                # To the end even when the scene is there already: the tokens used are told last.
                for event in self._conversation(client, bounds).hold(stream, ask):
                    match event:
                        case Usage():
                            spent.append(event)
                        case BrokenScene():
                            unusable = event.reason
                            fault = f"Your last answer could not be used: {unusable}. Give every field."
                        case SceneDraft():
                            fault = unusable = ""
                draft = stream.finished[-1] if stream.finished else None
                if draft and _wording(draft, constraints) not in known:
                    return Rewrite(draft=draft, usage=self._sum(spent))
                fault = fault or "Your last answer is word for word a version that exists. Write something new."
        if unusable:
            raise WriterError(
                f"{self.model} wrote scene {number}, but it could not be used: {unusable}. It was asked again.",
                hint="Try again; another model in AI_MODEL may do better.",
            )
        raise WriterError(
            f"{self.model} gave no new version of scene {number}, asked twice.",
            hint="Say in the feedback what should be different, and try again.",
        )

    def prepare(self) -> None:
        """Load the SDK ahead of the first call, without a word to the provider; raises WriterError when it cannot."""
        with self._open(Bounds(CHECK_SECONDS)) as client:
            self._endpoint(client)

    def check(self) -> str:
        """Make a real call of a few tokens and say how long the model took; raises WriterError."""
        bounds = Bounds(min(CHECK_SECONDS, self._timeout_seconds), self._max_bytes)
        started = time.monotonic()
        with self._open(bounds) as client:
            try:
                self._ping(client)
            except Exception as error:  # noqa: BLE001 - whatever an SDK raises becomes the one error writers have
                raise self._cause(error, bounds) from None
        return f"{self.model} answered in {time.monotonic() - started:.1f} s."

    @contextmanager
    def _open(self, bounds: Bounds) -> Iterator[Any]:
        """Open the SDK's client for one call, with the bounds underneath, and close its connections afterwards."""
        if not self._api_key.isascii():
            raise WriterError(
                f"{self.provider.key_setting} holds characters that no key has.",
                permanent=True,
                hint="Copy the key again, without blanks or quotation marks around it.",
            )
        # Half of the time: a connection that fell silent leaves enough for another try.
        http = bounded_client(bounds, stall_seconds=max(bounds.seconds / 2, 0.1))
        try:
            manager = self._client(http)
        except WriterError:
            http.close()
            raise
        except Exception as error:  # noqa: BLE001 - whatever an SDK raises becomes the one error writers have
            http.close()
            raise self._cause(error, bounds) from None
        with manager as client:
            yield client

    def _conversation(self, client: Any, bounds: Bounds) -> Conversation:
        return Conversation(
            provider=self.provider,
            model=self.model,
            secret=self._api_key,
            bounds=bounds,
            backoff_seconds=self._backoff_seconds,
            answer=lambda question: self._guarded(client, question, bounds),
        )

    def _guarded(self, client: Any, question: Question, bounds: Bounds) -> Iterator[Piece | Usage]:
        """Pass on an answer, with every exception of an SDK or of an odd answer turned into WriterError."""
        try:
            yield from self._ask(client, question, bounds)
        except Exception as error:  # noqa: BLE001 - whatever an SDK raises becomes the one error writers have
            raise self._cause(error, bounds) from None

    def _cause(self, error: Exception, bounds: Bounds) -> WriterError:
        return explained(
            error, sdk=self._sdk(), bounds=bounds, provider=self.provider, model=self.model, secrets=(self._api_key,)
        )

    def _failed(self, body: object) -> Exception:
        """Make the SDK's error of one that came with status 200, or in the middle of a stream."""
        request = httpx2.Request("POST", "http://model")
        error: Exception = self._sdk().APIError("error in an answer with status 200", request=request, body=body)
        return error

    def _sum(self, spent: Sequence[Usage]) -> Usage:
        return Usage(
            model=self.model,
            input_tokens=sum(usage.input_tokens for usage in spent),
            output_tokens=sum(usage.output_tokens for usage in spent),
        )


def _host(url: str) -> str:
    """Name a server by host and port, never by what else an address may carry."""
    authority = url.partition("://")[2].partition("/")[0]
    return authority.rpartition("@")[2] or "The model server"


def _wording(scene: SceneDraft, constraints: Constraints) -> tuple[object, ...]:
    """Reduce a scene to what must be new: its words, or with only shot or timing to change, also those."""
    words = tuple(" ".join(text.casefold().split()) for text in (scene.description, scene.script))
    if constraints.parts and not {"picture", "script", "description"} & set(constraints.parts):
        return (*words, scene.shot_type, scene.camera_move, scene.transition, scene.seconds)
    return words
