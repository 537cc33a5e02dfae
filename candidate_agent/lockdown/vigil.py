"""What the keeper makes of what it hears from the agent and sees of it: leave it, wake it, or end it. Pure.

A stopped agent is told to go on at once. One that is silent too long, whose window or event loop hangs, or that is
stopped again and again is ended, so that its grab on the keyboard falls and the computer can be given back.
"""

from collections import deque
from enum import Enum

from candidate_agent.base.heartbeat import LATE_S, SILENT_S, Silence

MOST_WAKES = 10
WAKES_WITHIN_S = 60.0


class Verdict(Enum):
    LEAVE = "leave"
    WAKE = "wake"
    END = "end"


class Vigil:
    """`patience`: how many times longer than usual it waits; for people who look into the agent with a debugger."""

    def __init__(self, now_s: float, patience: float = 1.0) -> None:
        self._silence = Silence(now_s)
        self._patience = patience
        self._late_s = 0.0
        self._wakes: deque[float] = deque(maxlen=MOST_WAKES)
        self.woken = 0

    def beat(self, late_s: float) -> None:
        self._silence.heard()
        self._late_s = late_s

    def look(self, now_s: float, *, stopped: bool) -> Verdict:
        self._silence.look(now_s)
        if self.is_silent or self.hangs:
            return Verdict.END
        return self._stopped(now_s) if stopped else Verdict.LEAVE

    @property
    def is_silent(self) -> bool:
        return self._silence.for_s > SILENT_S * self._patience

    @property
    def hangs(self) -> bool:
        return self._late_s > LATE_S * self._patience

    def why(self) -> str:
        """For the log, after `END`."""
        if self.is_silent:
            return f"it was silent for {self._silence.for_s:.0f} s"
        return f"a part of it hung for {self._late_s:.0f} s" if self.hangs else "it was stopped again and again"

    def _stopped(self, now_s: float) -> Verdict:
        full = len(self._wakes) == MOST_WAKES
        if full and now_s - self._wakes[0] < WAKES_WITHIN_S:
            return Verdict.END
        self._wakes.append(now_s)
        self.woken += 1
        return Verdict.WAKE
