"""Decides when the front is asked for again: at once when it is lost, then again and again, but never at full speed for
ever. Pure; the monitor asks it after each event and each tick.
"""

from collections import deque

TAKE_EVERY_US = 100_000
MANY_TAKES, MANY_US = 100, 60_000_000  # so many within so long: somebody else insists as well
PATIENT_EVERY_US = 500_000


class FrontKeeper:
    """`lost` and `held` name what is looked at on its own: focus, place, cover."""

    def __init__(self) -> None:
        self._lost: set[str] = set()
        self._takes: deque[int] = deque(maxlen=MANY_TAKES)

    def see(self, what: str, holds: bool) -> None:
        (self._lost.discard if holds else self._lost.add)(what)

    @property
    def lost(self) -> bool:
        return bool(self._lost)

    def take(self, now_us: int) -> bool:
        """True: the front is to be asked for now, and that is remembered."""
        if not self._lost or (self._takes and now_us - self._takes[-1] < self._pause_us(now_us)):
            return False
        self._takes.append(now_us)
        return True

    def _pause_us(self, now_us: int) -> int:
        many = len(self._takes) == MANY_TAKES and now_us - self._takes[0] < MANY_US
        return PATIENT_EVERY_US if many else TAKE_EVERY_US
