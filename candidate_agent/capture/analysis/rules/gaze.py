"""The rule about looking away again and again in one direction, measured from how this person sits. Pure; asked by
`findings`. It shows a reviewer where to look; it says nothing about why somebody looks there.

Baseline: the median of the first minute that was looked at; where the pose was unsteady, of up to three. Afterwards it
follows a shift of the seat or the screen, but only by DRIFT_US, only from looks near it, and never further than
DRIFT_MAX_DEG from the first. Limits: who looks aside through the whole first minute is measured from there (the
baseline is among the flag's numbers, and a far one is not taken); eyes that move without the head are measured badly;
a glance at another screen that stands within the thresholds is not seen.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from candidate_agent.base.findings import Finding
from candidate_agent.capture.analysis.observations import EyesSeen, HeadPose
from candidate_agent.capture.analysis.rules.spans import LOOKED_US, Lasting, whole_s

EPISODE_US = 4_000_000
EPISODES, PATTERN_US = 5, 300_000_000  # (j)
CALIBRATION_US, CALIBRATION_MAX_US = 60_000_000, 180_000_000
STEADY_DEG, STEADY_SHARE = 8.0, 0.65  # (j) so many looks lie so near the median, or the calibration goes on
FAR_DEG = 35.0  # (j) a baseline further from the camera than this is cut to it
AWAY_DEG = {"left": 20.0, "right": 20.0, "up": 20.0, "down": 30.0}  # (j) a keyboard lies 20 to 25 degrees down
BACK_SHARE = 0.6  # (j) of the above: from there on somebody looks back
DRIFT_DEG_PER_MIN = 1.0  # (j)
DRIFT_MAX_DEG = 10.0  # (j)
NEAR_SHARE = 0.5  # (j) of AWAY_DEG: only such looks move the baseline
OPEN_EYES = 0.3  # (j) below it the eyes' direction means nothing
ASIDE_DEG = 20.0  # (j) eyes of a head turned further are seen from the side, and measured badly: the head alone counts
EYES_MAX_DEG = 30.0  # (j) eyes turn no further without the head; what the model tells beyond it is an error
MAX_LOOKS = 512

Angles = tuple[float, float]  # yaw to the candidate's left, pitch upwards, degrees


@dataclass(slots=True)
class Baseline:
    """Where this person looks when they look at the screen."""

    first: Angles | None = None
    now: Angles | None = None
    _looks: deque[Angles] = field(default_factory=lambda: deque(maxlen=MAX_LOOKS))
    _looked_us: int = 0
    _last_us: int | None = None

    def see(self, angles: Angles, at_us: int) -> None:
        step_us = 0 if self._last_us is None else at_us - self._last_us
        self._last_us = at_us
        if step_us > LOOKED_US:
            return
        if self.now is None or self.first is None:
            self._calibrate(angles, step_us)
        else:
            self.now = self._drifted(self.now, self.first, angles, step_us)

    def pause(self) -> None:
        self._last_us = None

    def _calibrate(self, angles: Angles, step_us: int) -> None:
        self._looks.append(angles)
        self._looked_us += step_us
        if self._looked_us < CALIBRATION_US:
            return
        middle = _middle(self._looks)
        near = sum(max(abs(yaw - middle[0]), abs(pitch - middle[1])) <= STEADY_DEG for yaw, pitch in self._looks)
        if near >= STEADY_SHARE * len(self._looks) or self._looked_us >= CALIBRATION_MAX_US:
            self.first = self.now = (_cut(middle[0], 0.0, FAR_DEG), _cut(middle[1], 0.0, FAR_DEG))
            self._looks.clear()

    @staticmethod
    def _drifted(now: Angles, first: Angles, angles: Angles, step_us: int) -> Angles:
        off = direction(angles[0] - now[0], angles[1] - now[1], NEAR_SHARE)
        if off:
            return now
        step = DRIFT_DEG_PER_MIN * step_us / 60_000_000
        yaw, pitch = (
            _cut(_cut(angle, at, step), begun, DRIFT_MAX_DEG)
            for angle, at, begun in zip(angles, now, first, strict=True)
        )
        return yaw, pitch


class GazeRules:
    def __init__(self) -> None:
        self._baseline = Baseline()
        self._away = {name: Lasting(EPISODE_US) for name in AWAY_DEG}
        self._episodes: dict[str, deque[int]] = {name: deque(maxlen=EPISODES) for name in AWAY_DEG}  # their beginnings
        self._pose: HeadPose | None = None  # waits for the eyes of the same picture
        self.judges: dict[type, Callable[[Any], list[Finding]]] = {HeadPose: self._see_head, EyesSeen: self._see_eyes}

    def forget(self) -> None:
        """What is counted; not how this person sits."""
        self._pose = None
        self._baseline.pause()
        for lapse in self._away.values():
            lapse.forget()

    def _see_head(self, seen: HeadPose) -> list[Finding]:
        before, self._pose = self._pose, seen
        return self._look((before.yaw_deg, before.pitch_deg), before.at_us) if before is not None else []

    def _see_eyes(self, seen: EyesSeen) -> list[Finding]:
        pose = self._pose
        if pose is None or pose.at_us != seen.at_us:
            return []
        self._pose = None
        if seen.open_share < OPEN_EYES or abs(pose.yaw_deg) > ASIDE_DEG:
            return self._look((pose.yaw_deg, pose.pitch_deg), pose.at_us)
        yaw, pitch = (_cut(angle, 0.0, EYES_MAX_DEG) for angle in (seen.yaw_deg, seen.pitch_deg))
        return self._look((pose.yaw_deg + yaw, pose.pitch_deg + pitch), pose.at_us)

    def _look(self, angles: Angles, at_us: int) -> list[Finding]:
        self._baseline.see(angles, at_us)
        middle = self._baseline.now
        if middle is None:
            return []
        off = angles[0] - middle[0], angles[1] - middle[1]
        away, nearly = direction(*off), direction(*off, BACK_SHARE)
        found = []
        for name, lapse in self._away.items():
            since_us = lapse.see(True if name == away else None if name == nearly else False, at_us)
            if since_us is not None:
                found += self._count(name, since_us, at_us, middle)
        return found

    def _count(self, name: str, since_us: int, at_us: int, middle: Angles) -> list[Finding]:
        begun = self._episodes[name]
        begun.append(since_us)
        if len(begun) < EPISODES or at_us - begun[0] > PATTERN_US:
            return []
        from_us = begun[0]
        begun.clear()  # a second flag takes as many again
        reason = (
            f"Looked {_WORDS[name]} {EPISODES} times within {PATTERN_US // 60_000_000} min, "
            f"for {whole_s(EPISODE_US)} s or longer each time."
        )
        numbers = (
            ("episodes", EPISODES),
            ("baseline_yaw_deg", round(middle[0], 1)),
            ("baseline_pitch_deg", round(middle[1], 1)),
        )
        return [Finding("GAZE_AWAY_PATTERN", reason, from_us, at_us, subject=name, numbers=numbers)]


_WORDS = {"left": "to their left", "right": "to their right", "up": "up", "down": "down"}


def direction(yaw_deg: float, pitch_deg: float, share: float = 1.0) -> str:
    """Where somebody looks who turns so far from the baseline: one word of AWAY_DEG, or "" for the screen."""
    across, along = ("left" if yaw_deg > 0 else "right"), ("up" if pitch_deg > 0 else "down")
    turns = {across: abs(yaw_deg) / AWAY_DEG[across], along: abs(pitch_deg) / AWAY_DEG[along]}
    name = max(turns, key=turns.__getitem__)
    return name if turns[name] > share else ""


def _middle(looks: deque[Angles]) -> Angles:
    return median(yaw for yaw, _ in looks), median(pitch for _, pitch in looks)


def _cut(value: float, middle: float, reach: float) -> float:
    """The value, at most `reach` from the middle."""
    return min(max(value, middle - reach), middle + reach)
