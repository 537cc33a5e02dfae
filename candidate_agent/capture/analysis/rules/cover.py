"""The rule about a face that is partly covered: a mask, a scarf, a cup that stays. Pure; asked by `findings`.

Two signs: the landmark model doubts the face, or its lower half no longer goes with the upper as it did when this
person sat down. A beard, a shadow or the colour of a lamp are there from the start and so say nothing; neither does
what has the colour of the face itself, such as a hand.
"""

from collections import deque
from collections.abc import Callable
from math import hypot
from statistics import median
from typing import Any

from candidate_agent.base.findings import Finding, since
from candidate_agent.capture.analysis.observations import FaceCover
from candidate_agent.capture.analysis.rules.spans import Lasting, whole_s

COVERED_US = 10_000_000
SEEN_ON, SEEN_OFF = 0.3, 0.6  # (j) of FaceCover: covered below, free above
LOOKS_FIRST, LOOKS_KEPT = 10, 240  # (j) from so many looks on this person's own face is known; the newest count
UNITS = (0.16, 0.16, 0.6)  # (j) what is much, in red, blue and light of FaceCover
OTHER_ON, OTHER_OFF = 1.0, 0.7  # (j) in units: the lower half is another thing than before above, the same below

Lower = tuple[float, float, float]


class CoverRules:
    def __init__(self) -> None:
        self._covered = Lasting(COVERED_US)
        self._own: deque[Lower] = deque(maxlen=LOOKS_KEPT)
        self.judges: dict[type, Callable[[Any], list[Finding]]] = {FaceCover: self._see}

    def forget(self) -> None:
        self._covered.forget()
        self._own.clear()

    def _see(self, seen: FaceCover) -> list[Finding]:
        away = self._away(seen.lower)
        if seen.lower is not None and (away is None or away < OTHER_OFF):
            self._own.append(seen.lower)
        since_us = self._covered.see(_covered(seen.seen, away), seen.at_us)
        if since_us is None:
            return []
        covered_s = whole_s(seen.at_us - since_us)
        reason = f"A part of the face may have been covered for {covered_s} s."
        return [since("FACE_COVERED", reason, since_us, seen.at_us, seconds=covered_s)]

    def _away(self, lower: Lower | None) -> float | None:
        """How far the lower half is from how it was, in units; None: not known."""
        if lower is None or len(self._own) < LOOKS_FIRST:
            return None
        own = (median(values) for values in zip(*self._own, strict=True))
        return hypot(*((a - b) / unit for a, b, unit in zip(lower, own, UNITS, strict=True)))


def _covered(seen: float, away: float | None) -> bool | None:
    """None: between the thresholds."""
    if seen < SEEN_ON or (away is not None and away > OTHER_ON):
        return True
    return None if seen < SEEN_OFF or (away is not None and away > OTHER_OFF) else False
