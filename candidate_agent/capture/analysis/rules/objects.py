"""Rules about things in the picture: a phone, a book. Pure; asked by `findings`.

A detector of small things errs now and then, so one picture says nothing: 3 of 5 do. Headphones are in the catalogue of
the project and are not looked for: no model here knows them.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from candidate_agent.base.findings import Finding, since
from candidate_agent.capture.analysis.observations import ObjectsSeen
from candidate_agent.capture.analysis.rules.spans import LOOKED_US

PICTURES, NEEDED = 5, 3
PHONE_SCORE, BOOK_SCORE = 0.45, 0.5  # (j)
OFF_BELOW = 0.1  # (j) a thing that is told is gone once all pictures score it lower by this


@dataclass(slots=True)
class _Thing:
    code: str
    label: str
    score: float
    what: str
    looks: deque[tuple[int, float]] = field(default_factory=lambda: deque(maxlen=PICTURES))
    told: bool = False

    def forget(self) -> None:
        self.looks.clear()
        self.told = False


class ObjectRules:
    def __init__(self) -> None:
        self._things = (
            _Thing("PHONE_VISIBLE", "phone", PHONE_SCORE, "a phone"),
            _Thing("BOOK_VISIBLE", "book", BOOK_SCORE, "a book"),
        )
        self.judges: dict[type, Callable[[Any], list[Finding]]] = {ObjectsSeen: self._see}

    def forget(self) -> None:
        for thing in self._things:
            thing.forget()

    def _see(self, seen: ObjectsSeen) -> list[Finding]:
        return [finding for thing in self._things for finding in _look(thing, seen)]


def _look(thing: _Thing, seen: ObjectsSeen) -> list[Finding]:
    if thing.looks and seen.at_us - thing.looks[-1][0] > LOOKED_US:
        thing.forget()
    best = max((one.score for one in seen.objects if one.label == thing.label), default=0.0)
    thing.looks.append((seen.at_us, best))
    if thing.told:
        thing.told = any(score >= thing.score - OFF_BELOW for _, score in thing.looks)
        return []
    hits = [at_us for at_us, score in thing.looks if score >= thing.score]
    if len(hits) < NEEDED:
        return []
    thing.told = True
    reason = f"What may be {thing.what} was in {len(hits)} of {len(thing.looks)} pictures."
    numbers = {"pictures": len(hits), "score": round(best, 2)}
    return [since(thing.code, reason, hits[0], seen.at_us, **numbers)]
