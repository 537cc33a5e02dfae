"""Turns what the models saw and heard over time into flags. Pure: time comes in as a value, nothing is ordered.

Driven by the analyst on its thread. A flag is a moment for a person to look at, never a verdict; the single rules stand
beside this file, repeats are folded, and what an accommodation mutes is left out. Time that nobody looked at counts for
nothing: a lost camera, a resting analyst and a break break off what was being counted.
"""

from collections.abc import Callable
from typing import Any

from candidate_agent.base.findings import Finding, Folding
from candidate_agent.capture.analysis.observations import Observation, SpeechSpan, VoiceLikeness
from candidate_agent.capture.analysis.rules.audio import AudioRules
from candidate_agent.capture.analysis.rules.camera import CameraRules
from candidate_agent.capture.analysis.rules.cover import CoverRules
from candidate_agent.capture.analysis.rules.gaze import GazeRules
from candidate_agent.capture.analysis.rules.light import Light
from candidate_agent.capture.analysis.rules.likeness import LikenessRules
from candidate_agent.capture.analysis.rules.objects import ObjectRules
from candidate_agent.capture.analysis.rules.presence import PresenceRules
from exam_protocol.records import FlagEntry


class Findings:
    """One exam's memory of what was observed. Times are session microseconds; `now_us` never goes back.

    `opt_in`: codes of weak findings that the policy names and the candidate said yes to; no rule makes another.
    """

    def __init__(self, muted: frozenset[str] = frozenset(), opt_in: frozenset[str] = frozenset()) -> None:
        self._muted = muted
        self._folding = Folding()
        self._now_us = 0
        self._since_us = 0
        self._rests = False
        light = Light()
        self._camera, self._audio = CameraRules(light), AudioRules()
        seeing = (self._camera, PresenceRules(light), CoverRules(), GazeRules(), ObjectRules())
        self._rules = (*seeing, self._audio, LikenessRules(opt_in))
        self._judges: dict[type, list[Callable[[Any], list[Finding]]]] = {}
        self._last_us: dict[type, int] = {}
        for rules in self._rules:
            for kind, judge in rules.judges.items():
                self._judges.setdefault(kind, []).append(judge)

    def take(self, observation: Observation, now_us: int) -> tuple[FlagEntry, ...]:
        """Flags that the observation calls for, now. One from a break, from the future or older than the last of its
        kind is left out."""
        told = self.tick(now_us)
        if self._rests or not self._in_order(observation):
            return told
        for judge in self._judges.get(type(observation), ()):
            for finding in judge(observation):
                told += self._unmuted(self._folding.add(finding))
        return told

    def tick(self, now_us: int) -> tuple[FlagEntry, ...]:
        """About once a second: a minute that ends tells what it counted. No rule counts by it."""
        self._now_us = max(self._now_us, now_us)
        return self._unmuted(self._folding.close_until(self._now_us))

    def standing(self, now_us: int) -> frozenset[str]:
        """Codes of what was told, goes on, and can be mended by the candidate, who gets a hint."""
        return (self._camera.standing(now_us) | self._audio.standing(now_us)) - self._muted

    def rest(self, now_us: int) -> None:
        """A break: nothing is looked at, and nothing of before counts after it."""
        self._now_us = max(self._now_us, now_us)
        self._rests = True
        for rules in self._rules:
            rules.forget()

    def resume(self, now_us: int) -> None:
        self._now_us = max(self._now_us, now_us)
        self._rests = False
        self._since_us = self._now_us  # what is still under way from before counts for nothing

    def end(self) -> tuple[FlagEntry, ...]:
        return self._unmuted(self._folding.close_all())

    def _in_order(self, observation: Observation) -> bool:
        kind = type(observation)
        if isinstance(observation, SpeechSpan | VoiceLikeness):
            from_us, to_us = observation.from_us, observation.to_us
        else:
            from_us = to_us = observation.at_us
        if not self._since_us <= from_us <= to_us <= self._now_us or to_us < self._last_us.get(kind, 0):
            return False
        self._last_us[kind] = to_us
        return True

    def _unmuted(self, flags: tuple[FlagEntry, ...]) -> tuple[FlagEntry, ...]:
        return tuple(flag for flag in flags if flag.code not in self._muted)
