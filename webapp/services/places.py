"""Something of which there is only so much at a time: places, half of them for one owner at most."""

from __future__ import annotations

from collections import Counter
from threading import Lock


class Places:
    """So many places, each held by somebody. What counts as a place is up to the caller: a request, a byte."""

    def __init__(self, most: int, most_of_one: int = 0) -> None:
        self.most = most
        self.most_of_one = most_of_one or most // 2
        self._lock = Lock()
        self._held: Counter[str] = Counter()

    def take(self, owner: str, amount: int = 1) -> bool:
        """Take places for somebody; False when there are not enough, or not enough that this one may hold."""
        with self._lock:
            if self._held.total() + amount > self.most or self._held[owner] + amount > self.most_of_one:
                return False
            self._held[owner] += amount
            return True

    def give_back(self, owner: str, amount: int = 1) -> None:
        """Give some of somebody's places back."""
        with self._lock:
            self._held -= Counter({owner: amount})  # which also forgets who holds none

    @property
    def taken(self) -> int:
        """Return how many places are held."""
        with self._lock:
            return self._held.total()
