"""When the spool syncs, and when a sync takes the index along. Pure; `store` holds its lock around it.

A small picture is what a proctor watches live, and only what is synced may leave: it is synced at once, and whatever
else was written by then with it. Everything else may wait a tenth of a second. The index follows once a second: what is
synced but not yet indexed is found again in the segments after a crash.
"""

import math
from enum import Enum

from exam_protocol.records import SMALL_TRACKS

QUICK_GAP_S = 0.01  # between two syncs, so that the displays of one candidate share one
INDEX_INTERVAL_S = 1.0
IDLE_LOOK_S = 2.0  # how often there is a sync where nothing was written


class Sync(Enum):
    DATA = "data"
    WHOLE = "whole"  # with the index


class Schedule:
    """`patience_s`: how long a record may wait that nobody watches live. Times are monotonic seconds."""

    def __init__(self, patience_s: float) -> None:
        self._patience_s = patience_s
        self._due_s = math.inf
        self._began_s = self._indexed_s = -math.inf
        self._has_failed = False

    def wrote(self, track: int, now_s: float) -> bool:
        """Whether the next sync comes sooner for this record."""
        quick_s = max(now_s, self._began_s + QUICK_GAP_S)
        due_s = quick_s if track in SMALL_TRACKS else now_s + self._patience_s
        is_sooner = due_s < self._due_s
        self._due_s = min(due_s, self._due_s)
        return is_sooner

    def failed(self, now_s: float) -> None:
        """It is tried again soon, with the index."""
        self._due_s = min(self._due_s, now_s + self._patience_s)
        self._has_failed = True

    def wait_s(self, now_s: float) -> float:
        return max(0.0, min(self._due_s, self._indexed_s + IDLE_LOOK_S) - now_s)

    def take(self, now_s: float) -> Sync | None:
        """What to do now. What was written so far is the business of the sync that begins."""
        if self.wait_s(now_s) > 0:
            return None
        self._due_s, self._began_s = math.inf, now_s
        if now_s - self._indexed_s < INDEX_INTERVAL_S and not self._has_failed:
            return Sync.DATA
        self._indexed_s, self._has_failed = now_s, False
        return Sync.WHOLE
