"""What the writers of models behind an API have in common: asking, listening, retrying, asking for what is missing."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

from webapp.services.writers import prompt
from webapp.services.writers.base import (
    Brief,
    BrokenScene,
    Constraints,
    Rewrite,
    SceneDraft,
    Usage,
    WriterError,
    WriterEvent,
)
from webapp.services.writers.bounded_http import MAX_WIRE_BYTES, Bounds, bounded_client
from webapp.services.writers.calls import Piece, Retries, quote
from webapp.services.writers.causes import Provider, broken_answer, broken_off, explained, refused, too_long
from webapp.services.writers.json_objects import TooMuchTextError
from webapp.services.writers.prices import text_tokens
from webapp.services.writers.prompt import Question
from webapp.services.writers.scene_stream import SceneStream

if TYPE_CHECKING:
    from types import ModuleType

    import httpx2

MAX_ASKED_AGAIN = 2
CHECK_SECONDS = 30.0

Asking = Callable[[Sequence[SceneDraft], Sequence[int], str], Question]


class RemoteWriter(ABC):
    """Write scenes with a model behind an API; a provider adds how to open a client, ask and read.

    One instance serves any number of calls, also at the same time: each call has its own client and bounds.
    """

    name: ClassVar[str]
    provider: ClassVar[Provider]

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
            yield from self._converse(client, bounds, stream, ask)

    def rewrite(  # noqa: PLR0913, PLR0917 - the arguments of SceneWriter.rewrite
        self,
        brief: Brief,
        scene: SceneDraft | None,
        neighbours: Sequence[SceneDraft],
        feedback: str,
        constraints: Constraints,
        number: int,
        previous: Sequence[SceneDraft] = (),
    ) -> Rewrite:
        """Write scene `number` again; an answer that is broken or known already is asked once more, then refused."""
        known = {_wording(take, constraints) for take in (scene, *previous) if take}
        spent: list[Usage] = []
        fault = ""
        bounds = Bounds(self._timeout_seconds, self._max_bytes)
        with self._open(bounds) as client:
            for _ in range(2):
                stream = SceneStream(brief, [number], [constraints.seconds], ())

                def ask(_: Sequence[SceneDraft], __: Sequence[int], note: str, fault: str = fault) -> Question:
                    return prompt.rewrite(
                        brief, scene, neighbours, feedback, constraints, number, previous, note=note or fault
                    )

                # To the end even when the scene is there already: the tokens used are told last.
                for event in self._converse(client, bounds, stream, ask):
                    match event:
                        case Usage():
                            spent.append(event)
                        case BrokenScene():
                            fault = f"Your last answer could not be used: {event.reason}. Give every field."
                        case SceneDraft():
                            fault = ""
                draft = stream.finished[-1] if stream.finished else None
                if draft and _wording(draft, constraints) not in known:
                    return Rewrite(draft=draft, usage=self._sum(spent))
                fault = fault or "Your last answer is word for word a version that exists. Write something new."
        raise WriterError(
            f"{self.model} gave no new, usable version of scene {number}, asked twice.",
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

    def _converse(
        self, client: Any, bounds: Bounds, stream: SceneStream, ask: Asking
    ) -> Generator[WriterEvent, None, None]:
        """Ask until no scene is missing: again after a failure that may pass, and twice for scenes left out."""
        retries = Retries(bounds, self._backoff_seconds)
        asked_again, note = 0, ""
        while stream.missing:
            stream.begin_answer()
            try:
                ending = yield from self._hear(client, bounds, ask(stream.finished, stream.missing, note), stream)
            except WriterError as error:
                retries.wait_after(error)
                continue
            if stream.missing and (asked_again >= MAX_ASKED_AGAIN or (asked_again and ending == "filter")):
                raise self._incomplete(ending, stream)
            asked_again += 1
            note = f"Your last answer lacked scenes {stream.missing}. Answer with these as JSON in the shape described."

    def _hear(
        self, client: Any, bounds: Bounds, question: Question, stream: SceneStream
    ) -> Generator[WriterEvent, None, str]:
        """Ask one question and pass on its scenes; return how the answer ended. Raises WriterError."""
        bounds.start_answer()
        heard, refusal, ending, failure = 0, "", "", None
        usage: Usage | None = None
        try:
            for piece in self._guarded(client, question, bounds):
                if isinstance(piece, Usage):
                    usage = piece
                    continue
                if piece.restart:
                    stream.begin_answer()
                heard += len(piece.text)
                refusal = (refusal + piece.refusal)[:1000]
                ending = piece.ending or ending
                yield from stream.feed(piece.text)
        except TooMuchTextError:
            failure = too_long(self.provider)
        except WriterError as error:
            failure = error
        if not failure:
            yield from stream.end_answer()
        if usage or heard:
            yield usage or self._estimate(question, heard)
        if stream.missing:
            self._judge(failure, refusal, ending, stream)
        return ending

    def _judge(self, failure: WriterError | None, refusal: str, ending: str, stream: SceneStream) -> None:
        """Raise what kept an answer from being whole; what came after the last scene does not matter."""
        if failure:
            raise failure
        if refusal or ending == "refusal":
            raise refused(self.model, refusal or stream.talk, self._api_key)
        if not ending:
            raise broken_off(self.provider)

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

    def _incomplete(self, ending: str, stream: SceneStream) -> WriterError:
        came, wanted = len(stream.finished), len(stream.finished) + len(stream.missing)
        if ending == "filter":
            return WriterError(
                f"The content filter of {self.provider.title} stopped the answer after {came} of {wanted} scenes.",
                permanent=True,
                hint="Change what the brief says about delicate subjects, then try again.",
            )
        if ending == "length":
            return WriterError(
                f"{self.model} stopped at its length limit after {came} of {wanted} scenes.",
                hint="Try again with fewer scenes, or choose a model with longer answers in AI_MODEL.",
            )
        if not came and stream.talk.strip():
            return broken_answer(self.provider, quote(stream.talk, self._api_key))
        return WriterError(
            f"{self.model} wrote {came} of {wanted} scenes, although asked again for the rest.",
            hint="Retry writes the missing ones; another model in AI_MODEL may do better.",
        )

    def _estimate(self, question: Question, heard: int) -> Usage:
        """Estimate the tokens of a call whose provider did not count them: it was cut off, or never does."""
        asked = text_tokens(len(question.system) + len(question.user))
        return Usage(model=self.model, input_tokens=asked, output_tokens=text_tokens(heard))

    def _sum(self, spent: Sequence[Usage]) -> Usage:
        return Usage(
            model=self.model,
            input_tokens=sum(usage.input_tokens for usage in spent),
            output_tokens=sum(usage.output_tokens for usage in spent),
        )


def _wording(scene: SceneDraft, constraints: Constraints) -> tuple[object, ...]:
    """Reduce a scene to what must be new: its words, or with only shot or timing to change, also those."""
    words = tuple(" ".join(text.casefold().split()) for text in (scene.description, scene.script))
    if constraints.parts and not {"picture", "script", "description"} & set(constraints.parts):
        return (*words, scene.shot_type, scene.camera_move, scene.transition, scene.seconds)
    return words
