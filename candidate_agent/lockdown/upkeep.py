"""Looks, every few seconds, whether the lockdown still holds: sets again what slipped, and starts a dead keeper once.

Called by `app`. What it answers goes into the inbox: `failed` ends the exam in an orderly way.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from candidate_agent.base.errors import AgentError, LockdownError

PERIOD_S = 5.0  # one look costs about 15 ms of one core on X11, nearly all of it the keyboard map
MAX_KEEPER_STARTS = 1


@dataclass(frozen=True, slots=True)
class UpkeepReport:
    held_again: tuple[str, ...] = ()
    keeper_started: bool = False
    failed: str = ""  # in words; "" while all holds


@dataclass(frozen=True, slots=True)
class Watched:
    """A measure that the window holds, not the lockdown: fullscreen, the keyboard."""

    name: str
    holds: Callable[[], bool]
    hold_again: Callable[[], None]


class Holder(Protocol):
    """The part of `Lockdown` that upkeep needs."""

    @property
    def keeper_alive(self) -> bool: ...

    def start_keeper(self) -> None: ...

    def verify(self) -> tuple[str, ...]: ...

    def hold_again(self, name: str) -> None: ...


class Upkeep:
    def __init__(self, lockdown: Holder, watched: Sequence[Watched] = ()) -> None:
        self._lockdown = lockdown
        self._watched = watched
        self._starts = 0

    def look(self) -> UpkeepReport:
        try:
            started = self._keep_keeper()
            slipped = self._lockdown.verify()
            for name in slipped:
                self._lockdown.hold_again(name)
            slipped += self._look_at_window()
        except AgentError as error:
            return UpkeepReport(failed=error.text)
        return UpkeepReport(held_again=slipped, keeper_started=started)

    def _look_at_window(self) -> tuple[str, ...]:
        slipped = [watched for watched in self._watched if not watched.holds()]
        for watched in slipped:
            watched.hold_again()
        return tuple(watched.name for watched in slipped)

    def _keep_keeper(self) -> bool:
        if self._lockdown.keeper_alive:
            return False
        if self._starts >= MAX_KEEPER_STARTS:
            raise LockdownError("keeper_failed", "The process that gives the computer back ended twice.")
        self._starts += 1
        self._lockdown.start_keeper()
        return True
