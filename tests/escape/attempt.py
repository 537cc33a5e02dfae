"""What an attempt is, how it is judged, and the list of them. Modules of `attempts/` add theirs by `@attempt`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

FLAG_S = 2.0  # within this time after an attempt a flag counts
LONG_S = 1.0  # what is undone sooner was blocked


class NotHere(Exception):
    """This machine lacks what the attempt needs: it is left out, and said so."""


@dataclass(frozen=True, slots=True)
class Seen:
    """`reached`: what the attempt was after came true, for a second or longer. `what`: for a person.

    `at`: when it began, where that is later than the attempt's own begin. `ends`: the exam is meant to be over.
    """

    reached: bool
    what: str = ""
    at: float = 0.0
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Attempt:
    name: str
    group: str
    title: str
    run: Callable[[Any], Seen]
    tells: frozenset[str]  # flags that would tell of it
    room: str = "openbox"
    alone: bool = False  # begins an exam of its own
    ends: bool = False  # the exam does not live through it
    quick: bool = False  # part of `make test`

    @property
    def lane(self) -> int:
        """Two screens at a time: who needs an exam of its own does not keep the others waiting. Programs are seen by
        both, so all that start listed ones go one after the other."""
        apart = (self.alone or self.ends) and self.group not in ("programs", "remote", "capture", "clipboard")
        return 1 if apart or self.room != "openbox" else 0

    @property
    def place(self) -> str:
        return "second" if self.lane and self.room == "openbox" else self.room


@dataclass(frozen=True, slots=True)
class Outcome:
    attempt: Attempt
    verdict: str  # blocked, flagged, missed
    flag: str = ""
    flag_s: float = 0.0
    what: str = ""
    took_s: float = 0.0

    @property
    def shown(self) -> str:
        """For the table: both, where both are true."""
        return "blocked, flagged" if self.verdict == "blocked" and self.flag else self.verdict


def verdict(*, reached: bool, flagged: bool, locked: bool) -> str:
    """An attempt that is blocked and flagged counts once, as blocked. Whatever unlocks the exam unseen is missed."""
    if not reached and locked:
        return "blocked"
    return "flagged" if flagged else "missed"


class Register:
    def __init__(self) -> None:
        self.attempts: list[Attempt] = []

    def __call__(
        self, group: str, title: str, *tells: str, room: str = "openbox", quick: bool = False, **more: bool
    ) -> Callable[[Callable[[Any], Seen]], Callable[[Any], Seen]]:
        def add(run: Callable[[Any], Seen]) -> Callable[[Any], Seen]:
            name = f"{group}.{run.__name__}"
            self.attempts.append(Attempt(name, group, title, run, frozenset(tells), room, quick=quick, **more))
            return run

        return add


attempt = Register()
