"""What a measurement found, as rows of a table. Used by every measurement, and by the page."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """`found` of `of`, in one group. `bar`: the least share, or where `at_most`, the most; None: told, not judged."""

    table: str
    group: str
    found: float
    of: int
    bar: float | None = None
    at_most: bool = False
    people: int = 0  # how many different ones; 0: not of people

    @property
    def share(self) -> float:
        return self.found / self.of if self.of else 0.0

    @property
    def holds(self) -> bool:
        if self.bar is None:
            return True
        return self.share <= self.bar if self.at_most else self.share >= self.bar
