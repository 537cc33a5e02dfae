"""Rules about the camera's picture itself: covered, dark, standing still. Pure; asked by `findings`.

Which camera it is stands in the device facts, not in the picture: see `device_rules` of the monitor.
"""

from collections.abc import Callable
from typing import Any

from candidate_agent.base.findings import Finding, since
from candidate_agent.capture.analysis.observations import FrozenFor, Luma
from candidate_agent.capture.analysis.rules.light import Light, covered, dark
from candidate_agent.capture.analysis.rules.spans import Lasting, whole_s

COVERED_US = 5_000_000
DARK_US = 10_000_000  # (j)
FROZEN_US = 10_000_000
STILL_US = 1_000_000  # (j) the same picture for so long stands still; a slow camera repeats one now and then


class CameraRules:
    def __init__(self, light: Light) -> None:
        self._light = light
        self._covered, self._dark, self._frozen = Lasting(COVERED_US), Lasting(DARK_US), Lasting(FROZEN_US)
        self.judges: dict[type, Callable[[Any], list[Finding]]] = {Luma: self._see_luma, FrozenFor: self._see_frozen}

    def forget(self) -> None:
        self._light.forget()
        for counted in (self._covered, self._dark, self._frozen):
            counted.forget()

    def standing(self, now_us: int) -> frozenset[str]:
        counted = {"CAMERA_COVERED": self._covered, "CAMERA_DARK": self._dark, "CAMERA_FROZEN": self._frozen}
        return frozenset(code for code, lasting in counted.items() if lasting.stands(now_us))

    def _see_luma(self, seen: Luma) -> list[Finding]:
        self._light.see(seen)
        found = []
        for counted, holds, code, what in (
            (self._covered, covered(seen), "CAMERA_COVERED", "dark and without structure"),
            (self._dark, dark(seen), "CAMERA_DARK", "dark"),
        ):
            since_us = counted.see(holds, seen.at_us)
            if since_us is not None:
                numbers = {"mean": round(seen.mean, 1), "spread": round(seen.spread, 1)}
                lasted_s = whole_s(seen.at_us - since_us)
                reason = f"The camera's picture was {what} for {lasted_s} s."
                found.append(since(code, reason, since_us, seen.at_us, seconds=lasted_s, **numbers))
        return found

    def _see_frozen(self, seen: FrozenFor) -> list[Finding]:
        """A covered lens may give the same picture again and again: that is told as covered."""
        still = seen.for_us >= STILL_US and not self._covered.holds
        since_us = self._frozen.see(still, seen.at_us)
        if since_us is None:
            return []
        still_s = whole_s(seen.at_us - since_us)
        reason = f"The camera's picture stood still for {still_s} s."
        return [since("CAMERA_FROZEN", reason, since_us, seen.at_us, seconds=still_s)]
