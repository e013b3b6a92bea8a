"""A conversation with a model: listening, retrying what may pass, asking again for scenes that are missing."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from webapp.services.writers.base import SceneDraft, Usage, WriterError, WriterEvent
from webapp.services.writers.calls import Piece, Retries, quote
from webapp.services.writers.causes import Provider, broken_answer, broken_off, refused, too_long
from webapp.services.writers.json_objects import TooMuchTextError
from webapp.services.writers.prices import text_tokens
from webapp.services.writers.prompt import Question

if TYPE_CHECKING:
    from webapp.services.writers.bounded_http import Bounds
    from webapp.services.writers.scene_stream import SceneStream

MAX_ASKED_AGAIN = 2

MAX_ASIDE_CHARS = 256 * 1024
"""Of thinking that comes apart from the answer, the last so many characters are kept."""

Asking = Callable[[Sequence[SceneDraft], Sequence[int], str], Question]
"""Makes the question from the scenes that are finished, the numbers that are missing, and a note on the last answer."""


@dataclass(slots=True)
class _Aside:
    """What comes beside the answer, its end if it is long."""

    text: str = ""

    def add(self, piece: str) -> None:
        """Take the next characters."""
        if piece:
            self.text = (self.text + piece)[-MAX_ASIDE_CHARS:]


@dataclass(frozen=True, slots=True)
class Conversation:
    """Ask a model until every scene has come, or it is clear that it will not."""

    provider: Provider
    model: str
    secret: str = field(repr=False)
    bounds: Bounds
    backoff_seconds: float
    answer: Callable[[Question], Iterator[Piece | Usage]]
    """Sends one question; raises WriterError and nothing else."""

    def hold(self, stream: SceneStream, ask: Asking) -> Iterator[WriterEvent]:
        """Ask until no scene is missing: again after a failure that may pass, and twice for scenes left out."""
        retries = Retries(self.bounds, self.backoff_seconds)
        asked_again, note = 0, ""
        while stream.missing:
            stream.begin_answer()
            try:
                ending = yield from self._hear(ask(stream.finished, stream.missing, note), stream)
            except WriterError as error:
                retries.wait_after(error)
                continue
            if stream.missing and (asked_again >= MAX_ASKED_AGAIN or (asked_again and ending == "filter")):
                raise self._incomplete(ending, stream)
            asked_again += 1
            note = f"Your last answer lacked scenes {stream.missing}. Answer with these as JSON in the shape described."
            if ending == "thought":
                note += " Your thinking is not read: put the JSON after it, into the answer itself."

    def _hear(self, question: Question, stream: SceneStream) -> Generator[WriterEvent, None, str]:
        """Ask one question and pass on its scenes; return how the answer ended. Raises WriterError."""
        self.bounds.start_answer()
        heard, refusal, ending, failure = 0, "", "", None
        usage: Usage | None = None
        calls, thoughts = _Aside(), _Aside()
        try:
            for piece in self.answer(question):
                if isinstance(piece, Usage):
                    usage = piece
                    continue
                if piece.restart:
                    yield from stream.start_again()
                calls.add(piece.call)
                thoughts.add(piece.thought)
                heard += len(piece.text) + len(piece.call) + len(piece.thought)
                refusal = (refusal + piece.refusal)[:1000]
                ending = piece.ending or ending
                yield from stream.feed(piece.text)
        except TooMuchTextError:
            failure = too_long(self.provider)
        except WriterError as error:
            failure = error
        if not (failure and failure.permanent):
            yield from stream.end_answer(ended=not failure and ending == "complete")
        has_thought = bool(thoughts.text) or stream.only_thought
        if ending == "complete" and not failure and not stream.has_progressed:
            yield from self._listen_aside(stream, calls, thoughts)
        if usage or heard:
            yield usage or self._estimate(question, heard)
        if stream.missing:
            self._judge(failure, refusal, ending, stream)
        is_silent = has_thought and ending in ("complete", "length") and not stream.has_progressed
        return "thought" if is_silent else ending

    def _listen_aside(self, stream: SceneStream, calls: _Aside, thoughts: _Aside) -> Iterator[WriterEvent]:
        """Take the scenes from elsewhere when the answer itself has none.

        A tool call is as good as an answer; of thinking, which is full of drafts, only a whole storyboard is taken.
        """
        for aside, whole_only in ((calls, False), (thoughts, True)):
            if aside.text and not stream.has_progressed:
                with suppress(TooMuchTextError):
                    yield from stream.read_aside(aside.text, whole_only=whole_only)

    def _judge(self, failure: WriterError | None, refusal: str, ending: str, stream: SceneStream) -> None:
        """Raise what kept an answer from being whole; what came after the last scene does not matter."""
        if failure:
            raise failure
        if refusal or ending == "refusal":
            raise refused(self.model, refusal or stream.talk, self.secret)
        if not ending:
            raise broken_off(self.provider)

    def _incomplete(self, ending: str, stream: SceneStream) -> WriterError:
        came, wanted = len(stream.finished), stream.total
        if ending == "thought":
            return WriterError(
                f"{self.model} only thought aloud: its answers hold {came} of {wanted} scenes.",
                hint="Turn its thinking off, allow it longer answers, or choose another model in AI_MODEL.",
            )
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
            return broken_answer(self.provider, quote(stream.talk, self.secret))
        return WriterError(
            f"{self.model} wrote {came} of {wanted} scenes, although asked again for the rest.",
            hint="Retry writes the missing ones; another model in AI_MODEL may do better.",
        )

    def _estimate(self, question: Question, heard: int) -> Usage:
        """Estimate the tokens of a call whose provider did not count them: it was cut off, or never does."""
        asked = text_tokens(len(question.system) + len(question.user))
        return Usage(model=self.model, input_tokens=asked, output_tokens=text_tokens(heard))
