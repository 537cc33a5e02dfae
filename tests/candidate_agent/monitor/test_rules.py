"""Tables of what was seen and what is flagged, with time as a value."""

import pytest

from candidate_agent.monitor.observations import (
    ClipboardSeen,
    ClocksSeen,
    CombinationSeen,
    CoverSeen,
    DisplaysSeen,
    FrontSeen,
    FullscreenSeen,
    Observation,
    ProgramSeen,
)
from candidate_agent.monitor.rules import Rules
from candidate_agent.platforms.ports import Display
from exam_protocol.records import FlagEntry

FIRST = Display("HDMI-1", 0, 0, 1920, 1080, primary=True)
SECOND = Display("DP-1", 1920, 0, 1920, 1080, primary=False)
MIRROR = Display("DP-1", 0, 0, 1920, 1080, primary=False, mirrors="HDMI-1")

Script = list[tuple[float, Observation | None]]


def us(seconds: float) -> int:
    return round(seconds * 1e6)


def play(script: Script, rules: Rules | None = None) -> list[FlagEntry]:
    """Judges each observation at its second; None is a tick."""
    rules = rules or Rules()
    flags: list[FlagEntry] = []
    for second, seen in script:
        flags += rules.tick(us(second)) if seen is None else rules.judge(seen, us(second))
    return flags


def codes(flags: list[FlagEntry]) -> list[str]:
    return [flag.code for flag in flags]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ([(0, DisplaysSeen((FIRST,)))], []),
        ([(0, DisplaysSeen((FIRST,))), (1, DisplaysSeen((FIRST, SECOND)))], ["DISPLAY_ADDED"]),
        ([(0, DisplaysSeen((FIRST, SECOND)))], ["DISPLAY_ADDED"]),
        ([(0, DisplaysSeen((FIRST,))), (1, DisplaysSeen((FIRST, MIRROR)))], ["DISPLAY_MIRRORED"]),
        ([(0, DisplaysSeen((FIRST, SECOND))), (1, DisplaysSeen((FIRST,)))], ["DISPLAY_ADDED"]),
        ([(0, FrontSeen(False)), (1.9, None)], []),
        ([(0, FrontSeen(False)), (1.9, FrontSeen(True)), (5, None)], []),
        ([(0, FrontSeen(False)), (2, None), (3, None)], ["FOCUS_LOST"]),
        ([(0, FrontSeen(False)), (2.5, FrontSeen(True))], ["FOCUS_LOST"]),
        ([(0, FullscreenSeen(False)), (0.9, FullscreenSeen(True)), (2, None)], []),
        ([(0, FullscreenSeen(False)), (1, FullscreenSeen(False)), (2, FullscreenSeen(False))], ["FULLSCREEN_LEFT"]),
        ([(0, CoverSeen(0.02))], []),
        ([(0, CoverSeen(0.021))], ["OVERLAY_TOPMOST"]),
        ([(0, CombinationSeen("Alt+Tab"))], ["SHORTCUT_BLOCKED"]),
        ([(0, CombinationSeen("Alt+Print"))], ["PRINT_SCREEN"]),
        ([(0, CombinationSeen("Cmd+Shift+4"))], ["PRINT_SCREEN"]),
        ([(0, CombinationSeen("Ctrl+3"))], ["SHORTCUT_BLOCKED"]),
        ([(0, ClipboardSeen("PRIMARY"))], ["CLIPBOARD_USED"]),
        ([(0, ProgramSeen("remote_control", "anydesk"))], ["REMOTE_CONTROL"]),
        ([(0, ProgramSeen("not_in_the_catalogue", "x"))], []),
        ([(0, ClocksSeen(0, 0)), (10, ClocksSeen(14_000, 0))], []),
        ([(0, ClocksSeen(0, 0)), (10, ClocksSeen(16_000, 0))], ["CLOCK_JUMP"]),
        ([(0, ClocksSeen(60_000, 0)), (10, ClocksSeen(10_000, 0))], ["CLOCK_JUMP"]),
        ([(0, ClocksSeen(0, 0)), (1, ClocksSeen(61_000, us(60)))], ["SUSPENDED"]),
    ],
)
def test_what_is_seen_and_what_is_flagged(script: Script, expected: list[str]) -> None:
    assert codes(play(script)) == expected


def test_more_displays_are_fine_where_the_policy_allows_them() -> None:
    assert play([(0, DisplaysSeen((FIRST, SECOND)))], Rules(max_displays=2)) == []


def test_the_third_loss_of_the_front_weighs_more() -> None:
    script: Script = []
    for begin in (0, 100, 200):
        script += [(begin, FrontSeen(False)), (begin + 3, FrontSeen(True))]
    flags = play(script)
    assert [flag.severity for flag in flags] == ["low", "low", "medium"]
    assert (flags[0].from_us, flags[0].to_us) == (us(0), us(3))
    assert flags[0].numbers["seconds"] == 3.0


def test_repeats_within_a_minute_come_as_one_flag_at_its_end() -> None:
    script: Script = [(second, CombinationSeen("Alt+Tab")) for second in (0, 10, 20)]
    script += [(30, CombinationSeen("Super")), (59, None), (60, None), (61, None)]
    first, rest = play(script)
    assert (first.count, first.reason, first.from_us) == (1, "Alt+Tab was pressed.", 0)
    assert (rest.count, rest.from_us, rest.to_us) == (3, us(10), us(30))
    assert rest.reason == "Alt+Tab was pressed. (2 times) Super was pressed."


def test_after_the_minute_the_next_one_is_told_at_once_again() -> None:
    flags = play([(0, ClipboardSeen("PRIMARY")), (61, ClipboardSeen("PRIMARY"))])
    assert [(flag.from_us, flag.count) for flag in flags] == [(0, 1), (us(61), 1)]


def test_the_many_processes_of_one_program_are_one_sighting() -> None:
    seen = ProgramSeen("other_browser", "chromium")
    flags = play([(0, seen), (1, seen), (50, seen), (105, seen), (170, seen), (240, None)])
    assert [(flag.from_us, flag.count) for flag in flags] == [(0, 1), (us(170), 1)]


def test_another_program_is_not_folded_into_the_first() -> None:
    script: Script = [
        (0, ProgramSeen("remote_control", "anydesk")),
        (1, ProgramSeen("remote_control", "rustdesk")),
        (2, ProgramSeen("remote_control", "anydesk")),
    ]
    assert [flag.reason.split(": ")[1] for flag in play(script)] == ["anydesk.", "rustdesk."]


def test_what_is_still_folded_is_told_at_the_end() -> None:
    rules = Rules()
    play([(0, CombinationSeen("Super")), (5, CombinationSeen("Super"))], rules)
    assert [flag.count for flag in rules.end()] == [1]
    assert rules.end() == ()


def test_what_an_accommodation_mutes_is_not_flagged() -> None:
    rules = Rules(muted=frozenset({"FOCUS_LOST"}))
    script: Script = [(0, FrontSeen(False)), (3, None), (4, CombinationSeen("Super"))]
    assert codes(play(script, rules)) == ["SHORTCUT_BLOCKED"]
