"""Tables of what was seen and what is flagged, with time as a value."""

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from candidate_agent.monitor.observations import (
    AudioRouteSeen,
    ClipboardSeen,
    ClocksSeen,
    CombinationSeen,
    CoverageSeen,
    CoverSeen,
    DebuggerSeen,
    DeviceSeen,
    DisplaysSeen,
    EventsLost,
    FrontSeen,
    FrontTaken,
    HiddenWindowSeen,
    KeysSeen,
    MachineSeen,
    Observation,
    OurWindowSeen,
    PreloadsSeen,
    ProgramSeen,
    RemoteSeen,
)
from candidate_agent.monitor.rules import Rules
from candidate_agent.platforms.ports import Display, Window
from exam_protocol.catalogue import FLAGS
from exam_protocol.records import FlagEntry

FIRST = Display("HDMI-1", 0, 0, 1920, 1080, primary=True)
SECOND = Display("DP-1", 1920, 0, 1920, 1080, primary=False)
MIRROR = Display("DP-1", 0, 0, 1920, 1080, primary=False, mirrors="HDMI-1")
PANNED = replace(FIRST, width=3840, pans=True)
OURS = Window(1, 1, 0, 0, 1920, 1080, fullscreen=True)
WIDE = replace(OURS, width=3840)

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


def keys_at(*seconds: float, pressed: int = 8, injected: int = 4) -> Script:
    return [(second, KeysSeen(pressed, injected, 1000)) for second in seconds]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        # displays
        ([(0, DisplaysSeen((FIRST,)))], []),
        ([(0, DisplaysSeen((FIRST,))), (1, DisplaysSeen((FIRST, SECOND)))], ["DISPLAY_ADDED"]),
        ([(0, DisplaysSeen((FIRST, SECOND)))], ["DISPLAY_ADDED"]),
        ([(0, DisplaysSeen((FIRST,))), (1, DisplaysSeen((FIRST, MIRROR)))], ["DISPLAY_MIRRORED"]),
        ([(0, DisplaysSeen((FIRST, SECOND))), (1, DisplaysSeen((FIRST,)))], ["DISPLAY_ADDED"]),
        # the front
        ([(0, FrontSeen(False)), (1.9, None)], []),
        ([(0, FrontSeen(False)), (1.9, FrontSeen(True)), (5, None)], []),
        ([(0, FrontSeen(False)), (2, None), (3, None)], ["FOCUS_LOST"]),
        ([(0, FrontSeen(False)), (2.5, FrontSeen(True))], ["FOCUS_LOST"]),
        # our place
        ([(0, OurWindowSeen(OURS)), (5, None)], []),
        ([(0, OurWindowSeen(None)), (0.9, OurWindowSeen(OURS)), (2, None)], []),
        ([(0, OurWindowSeen(None)), (1, None), (2, OurWindowSeen(None)), (4, None)], ["FULLSCREEN_LEFT"]),
        ([(0, OurWindowSeen(replace(OURS, fullscreen=False))), (1, None)], ["FULLSCREEN_LEFT"]),
        ([(0, DisplaysSeen((FIRST,))), (0, OurWindowSeen(replace(OURS, width=1900))), (1, None)], ["FULLSCREEN_LEFT"]),
        ([(0, DisplaysSeen((FIRST,))), (0, OurWindowSeen(replace(OURS, x=5))), (1, None)], ["FULLSCREEN_LEFT"]),
        ([(0, DisplaysSeen((SECOND,))), (0, OurWindowSeen(replace(OURS, x=1920))), (1, None)], []),
        ([(0, OurWindowSeen(OURS)), (1, DisplaysSeen((replace(FIRST, width=2560),))), (3, None)], ["FULLSCREEN_LEFT"]),
        ([(0, OurWindowSeen(WIDE)), (1, DisplaysSeen((replace(PANNED, pans=False),))), (3, None)], []),
        ([(0, OurWindowSeen(WIDE)), (1, DisplaysSeen((PANNED,))), (1.9, DisplaysSeen((FIRST,))), (3, None)], []),
        ([(0, OurWindowSeen(WIDE)), (1, DisplaysSeen((PANNED,))), (2, None)], ["FULLSCREEN_LEFT"]),
        # over the exam
        ([(0, CoverSeen(0.02))], []),
        ([(0, CoverSeen(0.021))], ["OVERLAY_TOPMOST"]),
        ([(0, CoverSeen(0.05)), (0, CoverageSeen(0.05)), (9, CoverageSeen(0.05))], ["OVERLAY_TOPMOST"]),
        ([(0, CoverSeen(0.05)), (9, CoverageSeen(0.0)), (20, None)], ["OVERLAY_TOPMOST"]),
        ([(0, CoverageSeen(0.05)), (10, None), (30, CoverageSeen(0.05))], ["OVERLAY_TOPMOST"] * 2),
        ([(0, CoverSeen(0.01)), (0.9, CoverageSeen(0.01))], []),
        ([(0, CoverSeen(0.01)), (1, CoverageSeen(0.01)), (9, CoverageSeen(0.01))], ["OVERLAY_TOPMOST"]),
        ([(0, CoverSeen(0.01)), (0.5, CoverageSeen(0)), (2, CoverageSeen(0.01)), (2.5, CoverageSeen(0.01))], []),
        ([(0, CoverSeen(0.01)), (5, None)], []),
        ([(0, CoverSeen(0.003)), (0, CoverageSeen(0.003)), (60, CoverageSeen(0.003))], []),
        ([(0, CoverSeen(0.01)), (0, CoverSeen(0.011)), (0.1, CoverageSeen(0.021))], ["OVERLAY_TOPMOST"]),
        ([(0, HiddenWindowSeen(7)), (100, HiddenWindowSeen(7))], ["WINDOW_HIDDEN_FROM_CAPTURE"]),
        # keys and clipboard
        ([(0, CombinationSeen("Alt+Tab"))], ["SHORTCUT_BLOCKED"]),
        ([(0, CombinationSeen("Alt+Print"))], ["PRINT_SCREEN"]),
        ([(0, CombinationSeen("Cmd+Shift+4"))], ["PRINT_SCREEN"]),
        ([(0, CombinationSeen("Ctrl+3"))], ["SHORTCUT_BLOCKED"]),
        ([(0, ClipboardSeen("PRIMARY"))], ["CLIPBOARD_USED"]),
        (keys_at(0, 1, 2, 3, 4, injected=0), []),
        (keys_at(0, 1, 2, 3, 4), []),
        (keys_at(0, 6), []),
        (keys_at(0, 6, 11), ["INPUT_INJECTED"]),
        (keys_at(0, 12, 24), ["INPUT_INJECTED"]),
        (keys_at(0, 12, 26), []),
        ([(0, KeysSeen(49, 0, 1000))], []),
        ([(0, KeysSeen(50, 0, 1000))], ["INPUT_BURST"]),
        ([(0, KeysSeen(20, 0, 200))], []),
        ([(0, KeysSeen(90, 0, 2000))], []),
        # programs, and who looks in
        ([(0, ProgramSeen("remote_control", "AnyDesk"))], ["REMOTE_CONTROL"]),
        ([(0, ProgramSeen("program_not_allowed", "games"))], ["PROGRAM_NOT_ALLOWED"]),
        ([(0, ProgramSeen("not_in_the_catalogue", "x"))], []),
        ([(0, RemoteSeen(()))], []),
        ([(0, RemoteSeen(("xrdp",))), (2, RemoteSeen(("xrdp",)))], ["REMOTE_CONTROL"]),
        ([(0, RemoteSeen(("xrdp",))), (2, RemoteSeen(("xrdp", "x11vnc watches")))], ["REMOTE_CONTROL"] * 2),
        ([(0, DebuggerSeen("")), (2, DebuggerSeen("traced")), (4, DebuggerSeen("traced"))], ["DEBUGGER_PRESENT"]),
        ([(0, PreloadsSeen(()))], []),
        ([(0, PreloadsSeen(("LD_PRELOAD",)))], ["CLIENT_TAMPERED"]),
        ([(0, MachineSeen(("hypervisor bit",)))], []),
        ([(0, MachineSeen(("hypervisor bit", "firmware: QEMU")))], ["VM_SUSPECT"]),
        # devices
        ([(0, DeviceSeen("storage"))], ["USB_ADDED"]),
        ([(0, DeviceSeen("keyboard"))], ["KEYBOARD_ADDED"]),
        ([(0, DeviceSeen("pointer")), (1, DeviceSeen("audio")), (2, DeviceSeen("other"))], []),
        ([(0, AudioRouteSeen())], ["AUDIO_ROUTE_CHANGED"]),
        # clocks
        ([(0, ClocksSeen(0, 0)), (1, ClocksSeen(5_900, 0))], []),
        ([(0, ClocksSeen(0, 0)), (1, ClocksSeen(6_100, 0))], ["CLOCK_JUMP"]),
        ([(0, ClocksSeen(60_000, 0)), (1, ClocksSeen(10_000, 0))], ["CLOCK_JUMP"]),
        ([(0, ClocksSeen(0, 0)), (1, ClocksSeen(61_000, us(60)))], ["SUSPENDED"]),
        ([(0, ClocksSeen(0, 0)), (5, ClocksSeen(5_000, 0))], []),
        ([(0, ClocksSeen(0, 0)), (20, ClocksSeen(20_000, 0))], ["AGENT_STOPPED"]),
        ([(0, EventsLost(4))], ["RECORD_FAILED"]),
    ],
)
def test_what_is_seen_and_what_is_flagged(script: Script, expected: list[str]) -> None:
    assert codes(play(script)) == expected


def test_more_displays_are_fine_where_the_policy_allows_them() -> None:
    assert play([(0, DisplaysSeen((FIRST, SECOND)))], Rules(max_displays=2)) == []


def test_the_third_loss_of_the_front_weighs_more_and_says_how_often_it_was_taken_back() -> None:
    script: Script = []
    for begin in (0, 100, 200):
        script += [(begin, FrontSeen(False)), (begin + 1, FrontTaken()), (begin + 2, FrontTaken())]
        script += [(begin + 3, FrontSeen(True))]
    flags = play(script)
    assert [flag.severity for flag in flags] == ["low", "low", "medium"]
    assert (flags[0].from_us, flags[0].to_us) == (us(0), us(3))
    assert flags[0].numbers == {"losses": 1, "seconds": 3.0, "taken_back": 2}


def test_a_small_window_over_the_exam_weighs_less_until_it_stays() -> None:
    flags = play([(0, CoverSeen(0.05)), (0, CoverageSeen(0.05)), (10, None)])
    assert [(flag.severity, flag.reason) for flag in flags] == [
        ("low", "A window lay over the exam."),
        ("medium", "A window lay over the exam for 10.0 s or longer."),
    ]


def test_what_small_windows_cover_together_is_added_up_and_told_once_until_they_are_gone() -> None:
    notes: Script = [(0, CoverageSeen(0.06)), (1, CoverageSeen(0.06))]
    flags = play([*notes, (2, CoverageSeen(0.0)), (70, CoverageSeen(0.01)), (71, CoverageSeen(0.01))])
    assert [(flag.severity, flag.reason, flag.numbers["percent"]) for flag in flags] == [
        ("low", "Small windows lay over the exam.", 6),
        ("low", "A small window stayed over the exam.", 1),
    ]


def test_a_large_window_does_not_wait_behind_a_small_one() -> None:
    flags = play([(0, CoverSeen(0.05)), (1, CoverSeen(0.9))])
    assert [(flag.severity, flag.numbers["percent"]) for flag in flags] == [("low", 5), ("medium", 90)]


def test_a_fold_weighs_as_much_as_its_heaviest() -> None:
    script: Script = []
    for begin in (0, 5, 10):
        script += [(begin, FrontSeen(False)), (begin + 3, FrontSeen(True))]
    assert [flag.severity for flag in play([*script, (70, None)])] == ["low", "medium"]


def test_a_combination_that_a_program_sent_says_so() -> None:
    (flag,) = play([(0, CombinationSeen("Super", injected=True))])
    assert flag.reason == "Super was sent by a program."


def test_injected_keys_are_told_in_numbers_and_not_again_for_the_same_keys() -> None:
    flags = play(keys_at(0, 6, 11, 12, 13))
    assert [(flag.code, flag.numbers) for flag in flags] == [("INPUT_INJECTED", {"keys": 12, "windows": 3})]
    assert codes(play([*keys_at(*range(0, 60)), (71, None)])) == ["INPUT_INJECTED"] * 2


def test_a_program_that_types_for_a_candidate_is_no_news() -> None:
    assert play(keys_at(*range(0, 60), pressed=100, injected=100), Rules(typed_for=True)) == []


def test_a_variable_that_honest_programs_set_too_weighs_less() -> None:
    paths, loads = PreloadsSeen(("LD_LIBRARY_PATH",)), PreloadsSeen(("LD_LIBRARY_PATH", "LD_PRELOAD"))
    assert [flag.severity for seen in (paths, loads) for flag in play([(0, seen)])] == ["low", "high"]


def test_a_virtual_machine_is_named_by_its_signs_and_no_news_where_it_is_allowed() -> None:
    seen = MachineSeen(("hypervisor bit", "firmware: QEMU"))
    (flag,) = play([(0, seen)])
    assert flag.reason == "Signs of a virtual machine: hypervisor bit; firmware: QEMU." and flag.severity == "medium"
    assert play([(0, seen)], Rules(virtual_allowed=True)) == []


def test_a_renamed_program_is_called_by_its_name_on_the_list_and_how_it_was_found() -> None:
    (flag,) = play([(0, ProgramSeen("remote_control", "AnyDesk", "window"))])
    assert flag.reason == "A remote-control program runs: AnyDesk (by its window)."


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
    seen = ProgramSeen("other_browser", "Chromium")
    flags = play([(0, seen), (1, seen), (50, seen), (105, seen), (170, seen), (240, None)])
    assert [(flag.from_us, flag.count) for flag in flags] == [(0, 1), (us(170), 1)]


def test_another_program_is_not_folded_into_the_first() -> None:
    script: Script = [
        (0, ProgramSeen("remote_control", "AnyDesk")),
        (1, ProgramSeen("remote_control", "RustDesk")),
        (2, ProgramSeen("remote_control", "AnyDesk")),
    ]
    assert [flag.reason.split(": ")[1] for flag in play(script)] == ["AnyDesk.", "RustDesk."]


def test_what_is_still_folded_is_told_at_the_end() -> None:
    rules = Rules()
    play([(0, CombinationSeen("Super")), (5, CombinationSeen("Super"))], rules)
    assert [flag.count for flag in rules.end()] == [1]
    assert rules.end() == ()


# --- whatever is seen -------------------------------------------------------------------------------------------------

WINDOWS = st.builds(
    Window, st.integers(0, 9), st.integers(0, 9), st.integers(-99, 4000), st.integers(-99, 4000), st.integers(0, 4000),
    st.integers(0, 4000), st.booleans(), st.booleans(), st.sampled_from(["", "anydesk", "xterm"]), st.booleans(),
)  # fmt: skip
st.register_type_strategy(Window, WINDOWS)
OBSERVATIONS = st.one_of([st.from_type(kind) for kind in get_args(Observation)])
SEQUENCES = st.lists(st.tuples(st.integers(0, 30_000_000), st.none() | OBSERVATIONS), max_size=40)
MUTABLE = st.frozensets(st.sampled_from(sorted(FLAGS)), max_size=len(FLAGS))


def judged(sequence: list[tuple[int, Observation | None]], rules: Rules) -> list[FlagEntry]:
    flags: list[FlagEntry] = []
    now_us = 0
    for step_us, seen in sequence:
        now_us += step_us
        flags += rules.tick(now_us) if seen is None else rules.judge(seen, now_us)
    return [*flags, *rules.end()]


@settings(max_examples=150, deadline=None)
@given(SEQUENCES, MUTABLE)
def test_nothing_that_is_seen_raises_and_what_is_muted_is_never_told(
    sequence: list[tuple[int, Observation | None]], muted: frozenset[str]
) -> None:
    told = judged(sequence, Rules())
    assert all(flag.from_us <= flag.to_us and flag.count > 0 and flag.reason for flag in told)
    assert {flag.code for flag in told} <= FLAGS.keys()
    assert {flag.code for flag in judged(sequence, Rules(muted=muted))} == {flag.code for flag in told} - muted


def test_the_monitor_gives_no_order_to_the_session() -> None:
    """Flags are all that comes out of rules: no module of the monitor knows the session's events."""
    from importlib import resources

    sources = [entry.read_text() for entry in resources.files("candidate_agent.monitor").iterdir() if entry.is_file()]
    assert not any("candidate_agent.session" in source for source in sources)
