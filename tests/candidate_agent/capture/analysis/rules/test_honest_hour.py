"""A composed honest hour raises little, and what is planted in it is found; `compose` says what it is made of."""

import random
from collections import Counter
from dataclasses import replace

import pytest

from candidate_agent.capture.analysis.observations import Observation
from candidate_agent.capture.analysis.rules.findings import Findings
from exam_protocol.records import FlagEntry
from tests.candidate_agent.capture.analysis.rules.compose import BREAK, BUSY, HOUR_S, Happening, honest, observed
from tests.candidate_agent.capture.analysis.rules.looks import us

SEEDS = (7, 8, 9)
PLANTED = (
    ("away", 22, "FACE_ABSENT"), ("away", 45, "SEAT_LEFT"), ("two", 9, "FACE_MULTIPLE"), ("hand", 16, "FACE_COVERED"),
    ("phone", 8, "PHONE_VISIBLE"), ("book", 8, "BOOK_VISIBLE"), ("covered", 9, "CAMERA_COVERED"),
    ("frozen", 15, "CAMERA_FROZEN"), ("dark", 20, "CAMERA_DARK"), ("talks", 14, "VOICE_NEAR"),
    ("vacuum", 45, "NOISE_HIGH"),
)  # fmt: skip
SPACED_S = 95


def replayed(script: list[tuple[float, Observation]]) -> list[FlagEntry]:
    """With a tick each second, as in the agent, and the break."""
    flags: list[FlagEntry] = []
    findings, ticked, resting = Findings(), 0, False
    for second, observation in script:
        while ticked < second:
            flags += findings.tick(us(ticked))
            ticked += 1
        if (BREAK[0] <= second < BREAK[1]) != resting:
            resting = not resting
            (findings.rest if resting else findings.resume)(us(second))
        flags += findings.take(observation, us(second))
    return [*flags, *findings.end()]


def planted(chance: random.Random) -> list[tuple[Happening, str]]:
    """One after the other with room between, in a random order, never in the break nor where looks are rare."""
    begins = [begin for begin in range(70, HOUR_S - SPACED_S, SPACED_S) if _free(begin)]
    order = [*PLANTED, *PLANTED]
    chance.shuffle(order)
    return [
        (Happening(begin, begin + length, what), code)
        for begin, (what, length, code) in zip(begins, order, strict=False)
    ]


def _free(begin: float) -> bool:
    return all(begin + SPACED_S < from_ or begin > to for from_, to in (BREAK, BUSY, (1490.0, 1530.0)))


@pytest.mark.parametrize("seed", SEEDS)
def test_an_honest_hour_raises_at_most_two_medium_flags_and_few_low_ones(seed: int) -> None:
    flags = replayed(observed(honest(seed), seed))
    medium = [f"{flag.code}: {flag.reason}" for flag in flags if flag.severity in ("medium", "high")]
    assert len(medium) <= 2, medium
    low = Counter(flag.code for flag in flags if flag.severity == "low")
    assert low.total() <= 4, low


@pytest.mark.parametrize("seed", SEEDS)
def test_of_what_is_planted_in_the_hour_at_least_four_fifths_are_found(seed: int) -> None:
    events = planted(random.Random(seed))
    flags = replayed(observed([*honest(seed), *(event for event, _ in events)], seed))
    missed = [
        (event, code)
        for event, code in events
        if not any(
            flag.code == code and flag.from_us <= us(event.end) and flag.to_us >= us(event.begin) for flag in flags
        )
    ]
    assert len(events) >= 20
    assert len(missed) <= 0.2 * len(events), missed


@pytest.mark.parametrize("way", ["left", "right", "up", "down"])
def test_who_looks_away_again_and_again_in_one_direction_is_found(way: str) -> None:
    again = [Happening(begin, begin + 6, way) for begin in range(100, 340, 40)]
    flags = replayed(observed([*honest(), *again], end=400))
    assert [flag.code for flag in flags if flag.code == "GAZE_AWAY_PATTERN"]


def test_the_memory_of_the_rules_does_not_grow_with_the_hours() -> None:
    findings, sizes = Findings(), []
    script = observed(honest(), end=1400)
    for turn in range(3):
        for second, observation in script:
            findings.take(_later(observation, turn * 1400), us(second + turn * 1400))
        sizes.append(_size(findings))
    assert sizes[2] <= sizes[0] + 60  # some looks more or less wait in windows


def _later(observation: Observation, by: float) -> Observation:
    times = [name for name in ("at_us", "from_us", "to_us") if hasattr(observation, name)]
    return replace(observation, **{name: getattr(observation, name) + us(by) for name in times})


def _size(thing: object, seen: set[int] | None = None) -> int:
    """Parts that can be reached."""
    seen = seen if seen is not None else set()
    if id(thing) in seen or callable(thing) or isinstance(thing, int | float | str | type(None)):
        return 0
    seen.add(id(thing))
    if isinstance(thing, dict):
        inner: list[object] = [*thing.keys(), *thing.values()]
    elif isinstance(thing, list | tuple | set) or type(thing).__name__ == "deque":
        inner = list(thing)  # type: ignore[call-overload]
    else:
        inner = [
            getattr(thing, name, None) for name in (*getattr(thing, "__dict__", ()), *getattr(thing, "__slots__", ()))
        ]
    return 1 + len(inner) + sum(_size(part, seen) for part in inner)
