"""How agent and keeper notice that the other one hangs: beats, and silence counted in time awake. No clock, no I/O.

Used by `platforms.keeper_process` (agent's end of the pipe) and `lockdown.vigil` (keeper's end). The figures are
explained in docs/adr/0011.
"""

import contextlib
import threading
from collections.abc import Callable

BEAT_S = 0.5
LOOK_S = 0.25
SILENT_S = 10.0  # nothing came from the other side
LATE_S = 20.0  # beats come, but the event loop or the window owes an answer
_MOST_S = 1.0

Ask = Callable[[Callable[[], None]], None]
"""Has its argument called on the thread in question; returns at once."""


class Silence:
    """Counted in looks, each worth a second at most: a computer that slept, or that was too busy to let the looker run,
    was not silent in that time."""

    def __init__(self, now_s: float) -> None:
        self._looked_s = now_s
        self.for_s = 0.0

    def heard(self) -> None:
        self.for_s = 0.0

    def look(self, now_s: float) -> float:
        self.for_s += min(max(0.0, now_s - self._looked_s), _MOST_S)
        self._looked_s = now_s
        return self.for_s


class Part:
    """A thread of the agent without which a candidate could not get out: it is asked again and again."""

    def __init__(self, ask: Ask, now_s: float) -> None:
        self._ask = ask
        self._answered = threading.Event()
        self._silence = Silence(now_s)

    def late_s(self, now_s: float) -> float:
        """How long it has not answered. One that is gone answers no more."""
        if self._answered.is_set():
            self._answered.clear()
            self._silence.heard()
        with contextlib.suppress(RuntimeError):  # its loop was closed
            self._ask(self._answered.set)
        return self._silence.look(now_s)
