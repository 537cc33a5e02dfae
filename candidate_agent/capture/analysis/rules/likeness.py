"""Rules about another face or another voice than at the start: weak, and off unless the policy names them and the
candidate said yes. Pure; asked by `findings`, which makes them only then.

What is compared is a likeness; who somebody is, is not known here. Each flag says how well it works: the figures are
those of `make accuracy`, which says when they are out of date.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from candidate_agent.base.findings import Finding, since
from candidate_agent.capture.analysis.observations import FaceLikeness, VoiceLikeness
from candidate_agent.capture.analysis.rules.spans import whole_s

HITS, HITS_WITHIN_US = 3, 60_000_000
FACE_LIKE, VOICE_LIKE = 0.4, 0.68  # (j) less is unlike


@dataclass(frozen=True, slots=True)
class Trials:
    """What was measured: `found` of `changes`, and `wrong` of the sittings of one person, `unchanged`."""

    found: int
    changes: int
    wrong: int
    unchanged: int

    def words(self, what: str) -> str:
        return f"{self.found} of {self.changes} {what} found, wrong in {self.wrong} of {self.unchanged} sittings of one"


FACE_TRIALS, VOICE_TRIALS = Trials(228, 238, 0, 65), Trials(25, 30, 1, 8)


@dataclass(slots=True)
class _Unlike:
    """Times at which something was unlike the start; told once, and again only after a minute without one."""

    limit: float
    hits: deque[tuple[int, int, float]] = field(default_factory=lambda: deque(maxlen=64))
    told: bool = False

    def see(self, likeness: float, from_us: int, to_us: int) -> tuple[int, float] | None:
        """Since when, and how like at best, where it has just become enough."""
        while self.hits and to_us - self.hits[0][0] > HITS_WITHIN_US:
            self.hits.popleft()
        self.told = self.told and bool(self.hits)
        if likeness >= self.limit:
            return None
        self.hits.append((from_us, to_us, likeness))
        if self.told or len(self.hits) < HITS:
            return None
        self.told = True
        return self.hits[0][0], max(hit[2] for hit in self.hits)

    def forget(self) -> None:
        self.hits.clear()
        self.told = False


class LikenessRules:
    def __init__(self, codes: frozenset[str]) -> None:
        self._face, self._voice = _Unlike(FACE_LIKE), _Unlike(VOICE_LIKE)
        judges: dict[str, tuple[type, Callable[[Any], list[Finding]]]] = {
            "FACE_CHANGED": (FaceLikeness, self._see_face), "VOICE_SECOND": (VoiceLikeness, self._hear_voice),
        }  # fmt: skip
        self.judges = dict(judge for code, judge in judges.items() if code in codes)

    def forget(self) -> None:
        self._face.forget()
        self._voice.forget()

    def _see_face(self, seen: FaceLikeness) -> list[Finding]:
        found = self._face.see(seen.likeness, seen.at_us, seen.at_us)
        if found is None:
            return []
        since_us, best = found
        reason = (
            f"The face was unlike the one at the start in {HITS} looks within {_span_s(since_us, seen.at_us)} s "
            f"(likeness at most {best:.2f}; from {FACE_LIKE:g} on it counts as alike). "
            f"How well this works in trials: {FACE_TRIALS.words('other faces')} person."
        )
        return [since("FACE_CHANGED", reason, since_us, seen.at_us, looks=HITS, likeness=round(best, 2))]

    def _hear_voice(self, heard: VoiceLikeness) -> list[Finding]:
        found = self._voice.see(heard.likeness, heard.from_us, heard.to_us)
        if found is None:
            return []
        since_us, best = found
        reason = (
            f"Speech was unlike the first voice of the exam in {HITS} stretches within {_span_s(since_us, heard.to_us)}"
            f" s (likeness at most {best:.2f}; from {VOICE_LIKE:g} on it counts as alike). "
            f"How well this works in trials: {VOICE_TRIALS.words('other voices')} voice."
        )
        return [since("VOICE_SECOND", reason, since_us, heard.to_us, stretches=HITS, likeness=round(best, 2))]


def _span_s(from_us: int, to_us: int) -> int:
    return max(1, whole_s(to_us - from_us))
