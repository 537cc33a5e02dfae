"""Looks, every second, whether the lockdown still holds: sets again what slipped, and starts a dead keeper once.

Called by `housekeeping`, which turns what it answers into flags; `failed` ends the exam in an orderly way.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from candidate_agent.base.errors import AgentError, LockdownError

PERIOD_S = 1.0
MAX_KEEPER_STARTS = 1
MANY_SLIPS = 20
SELDOM = 10
"""A setting that something undoes MANY_SLIPS looks in a row is set again at every SELDOM-th look only. What fights us
is often the desktop itself, and a new keyboard map each second would disturb typing."""
LOST_SLIPS = 3
"""Looks in a row at which something was missing and did not come back."""


@dataclass(frozen=True, slots=True)
class UpkeepReport:
    held_again: tuple[str, ...] = ()
    keeper_started: bool = False
    woken: int = 0  # times that somebody stopped this process, since the last look
    traced: int = 0  # times that a debugger attached to it, since the last look
    failed: str = ""  # in words; "" while all holds


@dataclass(frozen=True, slots=True)
class Watched:
    """A measure that the window holds, not the lockdown: fullscreen, the keyboard. `lost` is called when it does not
    come back, where that matters more than anything else."""

    name: str
    holds: Callable[[], bool]
    hold_again: Callable[[], None]
    lost: Callable[[], None] = lambda: None


class Holder(Protocol):
    """The part of `Lockdown` that upkeep needs."""

    @property
    def keeper_alive(self) -> bool: ...

    @property
    def woken(self) -> int: ...

    @property
    def traced(self) -> int: ...

    def start_keeper(self) -> None: ...

    def verify(self) -> tuple[str, ...]: ...

    def hold_again(self, name: str) -> None: ...


class Upkeep:
    def __init__(self, lockdown: Holder, watched: Sequence[Watched] = ()) -> None:
        self._lockdown = lockdown
        self._watched = watched
        self._starts = 0
        self._counted: Counter[str] = Counter()
        self._in_a_row: Counter[str] = Counter()
        self._lost: Counter[str] = Counter()

    def look(self) -> UpkeepReport:
        woken = self._newly("woken", self._lockdown.woken)
        traced = self._newly("traced", self._lockdown.traced)
        try:
            started = self._keep_keeper()
            slipped = self._hold_settings() + self._hold_window()
        except AgentError as error:
            return UpkeepReport(woken=woken, traced=traced, failed=error.text)
        return UpkeepReport(slipped, started, woken, traced)

    def _hold_settings(self) -> tuple[str, ...]:
        slipped = self._lockdown.verify()
        self._in_a_row = Counter({name: self._in_a_row[name] + 1 for name in slipped})
        for name in slipped:
            if self._in_a_row[name] <= MANY_SLIPS or self._in_a_row[name] % SELDOM == 0:
                self._lockdown.hold_again(name)
        return slipped

    def _hold_window(self) -> tuple[str, ...]:
        slipped = [watched for watched in self._watched if not watched.holds()]
        self._lost = Counter({watched.name: self._lost[watched.name] + 1 for watched in slipped})
        for watched in slipped:
            if self._lost[watched.name] % LOST_SLIPS == 0:
                watched.lost()
            watched.hold_again()
        return tuple(watched.name for watched in slipped)

    def _newly(self, what: str, count: int) -> int:
        """A new keeper begins to count anew."""
        before, self._counted[what] = self._counted[what], count
        return count - before if count >= before else count

    def _keep_keeper(self) -> bool:
        if self._lockdown.keeper_alive:
            return False
        if self._starts >= MAX_KEEPER_STARTS:
            raise LockdownError("keeper_failed", "The process that gives the computer back ended twice.")
        self._starts += 1
        self._lockdown.start_keeper()
        return True
