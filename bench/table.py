"""Collect measured rows and print them as a table with their goals."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Table:
    """Rows of (what, measured, goal, held); `held` is None where there is no goal."""

    rows: list[tuple[str, str, str, bool | None]] = field(default_factory=list)

    def add(
        self, what: str, value: float, unit: str, *, at_most: float | None = None, at_least: float | None = None
    ) -> None:
        """Add a measured value and print it at once: a run takes a minute or two."""
        goal, held = "", None
        if at_most is not None:
            goal, held = f"≤ {at_most:g} {unit}".strip(), value <= at_most
        if at_least is not None:
            goal, held = f"≥ {at_least:g} {unit}".strip(), value >= at_least
        digits = 0 if value >= 100 else 1 if value >= 10 else 2
        self._print(what, f"{value:.{digits}f} {unit}".strip(), goal, held=held)

    def _print(self, what: str, value: str, goal: str, *, held: bool | None) -> None:
        if not self.rows:
            print(f"{'what':64} {'measured':>12}  {'goal':<12} held")
        self.rows.append((what, value, goal, held))
        print(f"{what:64} {value:>12}  {goal:<12} {'' if held is None else 'yes' if held else 'NO'}", flush=True)

    @property
    def missed(self) -> int:
        """Count the goals that were missed."""
        return sum(held is False for *_, held in self.rows)
