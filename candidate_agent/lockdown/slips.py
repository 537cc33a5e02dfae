"""Measures that somebody undid, folded for the proctor: the first one is told at once, the rest once a minute. Pure.

Called by `housekeeping` after each look of `upkeep`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

FOLD_US = 60_000_000


@dataclass(frozen=True, slots=True)
class Slip:
    """Undone and put back `count` times between two moments of the monotonic clock."""

    name: str
    count: int
    first_us: int
    last_us: int


class Slips:
    def __init__(self) -> None:
        self._told_us: dict[str, int] = {}
        self._waiting: dict[str, Slip] = {}

    def note(self, names: Iterable[str], now_us: int) -> tuple[Slip, ...]:
        """What is to be told now. To be called at every look, also when nothing slipped."""
        for name in names:
            known = self._waiting.get(name)
            self._waiting[name] = (
                replace(known, count=known.count + 1, last_us=now_us) if known else Slip(name, 1, now_us, now_us)
            )
        due = [name for name in self._waiting if now_us - self._told_us.get(name, -FOLD_US) >= FOLD_US]
        self._told_us |= dict.fromkeys(due, now_us)
        return tuple(self._waiting.pop(name) for name in due)
