"""How a step says that what must hold does not, and how it waits for what takes a moment."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class StepFailed(Exception):
    """One sentence: what was expected, and what was seen."""


def need(holds: object, sentence: str) -> None:
    if not holds:
        raise StepFailed(sentence)


def wait_for(what: str, look: Callable[[], T | None], timeout_s: float, *, every_s: float = 0.2) -> T:
    """The first value of `look` that is neither None, False nor empty.

    A StepFailed inside `look` counts as "not yet"; the last one is told when the time is over.
    """
    until = time.monotonic() + timeout_s
    last: object = None
    while True:
        try:
            value = look()
            if value:
                return value
            last = value
        except StepFailed as error:
            last = error
        if time.monotonic() >= until:
            raise StepFailed(f"{what}: not within {timeout_s:.0f} s (last seen: {last!r:.300})")
        time.sleep(every_s)
