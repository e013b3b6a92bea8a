"""JSON texts kept in this process for as long as what they say is unchanged: a job is asked for again and again."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

MOST_BYTES = 16 * 1024 * 1024
"""About a thousand jobs of seven scenes."""


class KeptTexts:
    """Keep texts under stamps that change with what they say; the ones not asked for the longest go first."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self._lock = Lock()
        self._texts: OrderedDict[Hashable, bytes] = OrderedDict()

    def all(
        self, stamps: Sequence[Hashable], make: Callable[[Sequence[Hashable]], Mapping[Hashable, bytes]]
    ) -> list[bytes]:
        """Return the texts of stamps in order; `make` is asked for those that are not here, all at once.

        Stamps for which it makes none are left out.
        """
        found = self._kept(stamps)
        missing = [stamp for stamp in stamps if stamp not in found]
        if missing:
            made = make(missing)
            found |= made
            self._keep(made)
        return [found[stamp] for stamp in stamps if stamp in found]

    def _kept(self, stamps: Iterable[Hashable]) -> dict[Hashable, bytes]:
        with self._lock:
            found = {stamp: self._texts[stamp] for stamp in stamps if stamp in self._texts}
            for stamp in found:
                self._texts.move_to_end(stamp)
        return found

    def _keep(self, made: Mapping[Hashable, bytes]) -> None:
        with self._lock:
            for stamp, text in made.items():
                self.bytes += len(text) - len(self._texts.get(stamp, b""))
                self._texts[stamp] = text
            while self.bytes > self.most_bytes:
                self.bytes -= len(self._texts.popitem(last=False)[1])
