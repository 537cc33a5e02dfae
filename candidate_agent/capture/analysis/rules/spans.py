"""How long something lasts, counted over what was looked at alone. Pure; used by every rule of this folder.

Looks come 0.25 to 2 times a second, and sometimes not at all: the camera is lost, the analyst rests. Between two looks
that lie further apart than LOOKED_US nobody looked, so nothing is known, and what was counted begins anew.
"""

from collections import deque
from dataclasses import dataclass, field

LOOKED_US = 6_000_000  # the slowest rate is one look in 4 s
DOUBT_US = 2_000_000  # (j) how long a state outlives looks that say neither yes nor no
MAX_PARTS = 128


@dataclass(slots=True)
class Lasting:
    """A state that is told once, when it has lasted `after_us` from the first look at it to the last."""

    after_us: int
    _since_us: int | None = None
    _held_us: int = 0  # the last look that saw it
    _looked_us: int | None = None
    _told: bool = False

    def see(self, holds: bool | None, at_us: int) -> int | None:
        """`holds`: None between the thresholds for on and off. Since when, if it has just lasted long enough."""
        if self._looked_us is not None and at_us - self._looked_us > LOOKED_US:
            self.forget()
        self._looked_us = at_us
        if not holds:
            self._not_seen(holds, at_us)
            return None
        self._since_us = at_us if self._since_us is None else self._since_us
        self._held_us = at_us
        if self._told or at_us - self._since_us < self.after_us:
            return None
        self._told = True
        return self._since_us

    @property
    def holds(self) -> bool:
        return self._since_us is not None

    def stands(self, now_us: int) -> bool:
        """It was told, and is not over yet as far as anybody looked."""
        return self._told and self._looked_us is not None and now_us - self._looked_us <= LOOKED_US

    def _not_seen(self, holds: bool | None, at_us: int) -> None:
        if holds is False or at_us - self._held_us > DOUBT_US:
            self._since_us, self._told = None, False

    def forget(self) -> None:
        self._since_us, self._looked_us, self._told = None, None, False


@dataclass(slots=True)
class Within:
    """Time that something was seen or heard within the last `window_us`. Told once when it reaches `needed_us`, and
    again only after it fell to `off_us`."""

    needed_us: int
    window_us: int
    off_us: int
    _parts: deque[tuple[int, int]] = field(default_factory=lambda: deque(maxlen=MAX_PARTS))
    _look: tuple[int, bool] | None = None
    _told: bool = False

    def see(self, holds: bool, at_us: int) -> int | None:
        """Counts from one look that saw it to the next that did. How long, if it has just become long enough."""
        before, self._look = self._look, (at_us, holds)
        if before is not None and before[1] and holds and at_us - before[0] <= LOOKED_US:
            return self.add(before[0], at_us)
        self._drop(at_us)
        return None

    def add(self, from_us: int, to_us: int) -> int | None:
        """What overlaps what was counted already is not counted twice."""
        from_us = max(from_us, self._parts[-1][1]) if self._parts else from_us
        if to_us > from_us:
            self._join(from_us, to_us)
        self._drop(to_us)
        total_us = self.total_us
        if self._told or total_us < self.needed_us:
            return None
        self._told = True
        return total_us

    def _join(self, from_us: int, to_us: int) -> None:
        if self._parts and self._parts[-1][1] == from_us:
            from_us = self._parts.pop()[0]
        self._parts.append((from_us, to_us))

    def _drop(self, now_us: int) -> None:
        begin_us = now_us - self.window_us
        while self._parts and self._parts[0][1] <= begin_us:
            self._parts.popleft()
        if self._parts and self._parts[0][0] < begin_us:
            self._parts[0] = (begin_us, self._parts[0][1])
        if self.total_us <= self.off_us:
            self._told = False

    @property
    def total_us(self) -> int:
        return sum(to_us - from_us for from_us, to_us in self._parts)

    @property
    def since_us(self) -> int:
        return self._parts[0][0] if self._parts else 0

    def stands(self, now_us: int, quiet_us: int) -> bool:
        """It was told, and the last of it is no more than `quiet_us` ago."""
        return self._told and bool(self._parts) and now_us - self._parts[-1][1] <= quiet_us

    def forget(self) -> None:
        self._parts.clear()
        self._look, self._told = None, False


def whole_s(us: int) -> int:
    """Seconds that were full, as a reason says them."""
    return us // 1_000_000
