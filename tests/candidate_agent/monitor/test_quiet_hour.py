"""An hour in which nothing happens raises nothing above low.

Two traces are played again, on a clock that is moved by hand, through what the monitor does with each event.
`traces/composed.jsonl` is composed by hand (`compose` says what is in it). `traces/recorded.jsonl` was recorded on a
real X server with a window manager by `record`, for some minutes, while a robot typed and moved the pointer; it is
played several times to make an hour. Neither is an hour of a candidate at a desk: that is still to be measured.
"""

from collections import Counter
from typing import Any

import pytest

from candidate_agent.base.clock import ManualClock
from candidate_agent.monitor.observations import ClocksSeen
from candidate_agent.monitor.programs import ProgramList
from candidate_agent.monitor.rules import Rules
from candidate_agent.monitor.sightings import Sightings
from candidate_agent.platforms.ports import CombinationPressed, KeysCounted, WindowOverOurs
from exam_protocol.records import FlagEntry
from tests.candidate_agent.monitor.compose import VOLUME, composed
from tests.candidate_agent.monitor.trace import OUR_ID, OUR_PID, ClockStepped, StackLooked, looped, read

TICK_US = 250_000
HOUR_MS = 3_600_000


def replayed(events: list[tuple[int, Any]], rules: Rules | None = None) -> list[FlagEntry]:
    """Flags of a whole trace, with a tick every quarter of a second and a look at the clocks every second."""
    clock, rules = ManualClock(), rules or Rules()
    sightings = Sightings(ProgramList(), OUR_PID)
    flags: list[FlagEntry] = []
    stepped_ms = 0
    for at_ms, event in events:
        while clock.monotonic_us() + TICK_US <= at_ms * 1000:
            clock.advance(TICK_US / 1e6)
            now_us = clock.monotonic_us()
            if now_us % 1_000_000 == 0:
                flags += rules.judge(ClocksSeen(clock.wall_ms() + stepped_ms, 0), now_us)
            flags += rules.tick(now_us)
        if isinstance(event, ClockStepped):
            stepped_ms += event.by_ms
            continue
        seen = sightings.of_stack(event.windows, OUR_ID) if isinstance(event, StackLooked) else sightings.of(event)
        for one in seen:
            flags += rules.judge(one, max(at_ms * 1000, clock.monotonic_us()))
    return [*flags, *rules.end()]


def above_low(flags: list[FlagEntry]) -> list[str]:
    return [f"{flag.code}: {flag.reason}" for flag in flags if flag.severity in ("medium", "high")]


@pytest.fixture(scope="module", params=["composed.jsonl", "recorded.jsonl"])
def hour(request: pytest.FixtureRequest) -> list[tuple[int, Any]]:
    events = read(request.param)
    return looped(events, max(1, -(-HOUR_MS // events[-1][0])))


def test_a_quiet_hour_raises_nothing_above_low(hour: list[tuple[int, Any]]) -> None:
    assert hour[-1][0] >= 0.98 * HOUR_MS
    assert above_low(replayed(hour)) == []


def test_the_low_ones_of_the_composed_hour_are_few_and_each_has_its_cause() -> None:
    counts = Counter(flag.code for flag in replayed(read("composed.jsonl")))
    assert counts == {"SHORTCUT_BLOCKED": 2, "OVERLAY_TOPMOST": 3, "OTHER_BROWSER": 1}


def test_the_composed_trace_is_what_its_composer_writes() -> None:
    assert read("composed.jsonl") == composed()


@pytest.mark.parametrize(
    ("added", "code"),
    [
        ([(second * 1000, KeysCounted(8, 8, 1000)) for second in range(1000, 1020)], "INPUT_INJECTED"),
        ([(1_000_000, CombinationPressed("Print"))], "PRINT_SCREEN"),
        ([(1_000_000, WindowOverOurs(VOLUME, 0.5))], "OVERLAY_TOPMOST"),
        ([(1_000_000, ClockStepped(60_000))], "CLOCK_JUMP"),
    ],
)
def test_the_same_hour_with_something_in_it_does_raise(added: list[tuple[int, Any]], code: str) -> None:
    events = sorted([*read("composed.jsonl"), *added], key=lambda entry: entry[0])
    assert [line.split(":")[0] for line in above_low(replayed(events))] == [code]
