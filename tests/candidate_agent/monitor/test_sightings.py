"""From a port's event to what was seen: programs behind windows, what lies over the exam, what is nobody's business."""

from dataclasses import replace

import pytest

from candidate_agent.monitor.observations import (
    AudioRouteSeen,
    CombinationSeen,
    CoverageSeen,
    CoverSeen,
    DeviceSeen,
    FrontSeen,
    HiddenWindowSeen,
    KeysSeen,
    Observation,
    OurWindowSeen,
    ProgramSeen,
)
from candidate_agent.monitor.programs import ProgramList, Terms
from candidate_agent.monitor.sightings import MAX_KNOWN, Sightings
from candidate_agent.platforms.ports import (
    ActiveWindowChanged,
    AudioRouteChanged,
    CombinationPressed,
    DeviceAdded,
    Fingerprint,
    KeysCounted,
    OurWindowChanged,
    Process,
    Window,
    WindowOpened,
    WindowOverOurs,
)

OWN_PID = 100
OURS = Window(1, OWN_PID, 0, 0, 1000, 1000, fullscreen=True)
OTHER = Window(2, 200, 0, 0, 500, 500, program="xterm")
REMOTE = ProgramSeen("remote_control", "AnyDesk", "window")


def sightings(**said: object) -> Sightings:
    terms = Terms(**{name: frozenset(value) for name, value in said.items()})  # type: ignore[call-overload]
    return Sightings(ProgramList(terms), OWN_PID)


@pytest.mark.parametrize(
    ("event", "seen"),
    [
        (KeysCounted(9, 2, 1000), (KeysSeen(9, 2, 1000),)),
        (CombinationPressed("Super", True), (CombinationSeen("Super", True),)),
        (DeviceAdded("storage"), (DeviceSeen("storage"),)),
        (AudioRouteChanged(), (AudioRouteSeen(),)),
        (OurWindowChanged(None), (OurWindowSeen(None),)),
        (ActiveWindowChanged(None, False), (FrontSeen(False),)),
        (WindowOpened(OTHER), ()),
        (WindowOpened(replace(OTHER, program="anydesk")), (REMOTE,)),
        (WindowOpened(replace(OTHER, capturable=False)), (HiddenWindowSeen(2),)),
        (WindowOpened(replace(OURS, id=9, capturable=False)), ()),
        (WindowOverOurs(OTHER, 0.25), (CoverSeen(0.25),)),
        (WindowOverOurs(replace(OTHER, program="anydesk"), 0.25), (REMOTE, CoverSeen(0.25, "AnyDesk"))),
        (WindowOverOurs(replace(OTHER, pid=OWN_PID), 0.25), ()),
        (Process(7, ("bash",), 0.0), ()),
        (None, ()),
    ],
)
def test_what_a_port_tells_and_what_is_seen(event: object, seen: tuple[Observation, ...]) -> None:
    assert sightings().of(event) == seen


def test_a_window_is_known_by_the_process_behind_it() -> None:
    looking = sightings()
    looking.remember(Process(200, ("anydesk",), 0.0))
    assert looking.of(WindowOpened(OTHER)) == (ProgramSeen("remote_control", "AnyDesk"),)


def test_an_allowed_program_may_lie_over_the_exam_be_in_front_and_hide_itself() -> None:
    looking = sightings(allowed=["zoomtext"])
    magnifier = replace(OTHER, program="zoomtext", capturable=False)
    assert looking.of(WindowOverOurs(magnifier, 0.9)) == ()
    assert looking.of(ActiveWindowChanged(magnifier, False)) == (FrontSeen(True),)
    looking.remember(Process(200, ("zoomtext",), 0.0))
    assert looking.of(WindowOverOurs(replace(OTHER, capturable=False), 0.9)) == ()


def test_the_list_of_an_input_method_is_part_of_typing_but_a_large_window_of_its_name_is_not() -> None:
    panel = replace(OTHER, program="fcitx5")
    assert sightings().of(WindowOverOurs(panel, 0.06)) == ()
    assert sightings().of(WindowOverOurs(panel, 0.5)) == (CoverSeen(0.5),)


def test_a_file_is_asked_for_only_where_it_can_excuse_what_a_name_found() -> None:
    asked: list[int] = []

    def file_of(pid: int) -> Fingerprint:
        asked.append(pid)
        return Fingerprint("ab" * 32)

    process = Process(7, ("anydesk",), 0.0)
    assert Sightings(ProgramList(), OWN_PID, file_of).of(process) and asked == []
    excusing = Sightings(ProgramList(Terms(allowed_hashes=frozenset(["ab" * 32]))), OWN_PID, file_of)
    assert excusing.of(Process(8, ("bash",), 0.0)) == () and asked == []
    assert excusing.of(process) == () and asked == [7]


def test_a_look_at_all_windows_tells_what_lies_over_ours_at_this_moment() -> None:
    above, below = replace(OTHER, id=3), replace(OTHER, id=4)
    looking = sightings()
    assert looking.of_stack((below, OURS, above), 1) == (CoverSeen(0.25), OurWindowSeen(OURS), CoverageSeen(0.25))
    assert looking.of_stack((below, OURS, above), 1) == (OurWindowSeen(OURS), CoverageSeen(0.25))
    assert sightings().of_stack((OURS, above, below), 1)[-1] == CoverageSeen(0.5), "added up"
    assert sightings().of_stack((above, below, OURS), 1) == (OurWindowSeen(OURS), CoverageSeen(0.0))
    assert sightings().of_stack((OURS, replace(OURS, id=9)), 1) == (OurWindowSeen(OURS), CoverageSeen(0.0))
    assert sightings().of_stack((above,), 1) == (OurWindowSeen(None),)


def test_names_of_processes_do_not_pile_up() -> None:
    looking = sightings()
    for pid in range(MAX_KNOWN + 10):
        looking.remember(Process(pid, ("bash",), 0.0))
    assert len(looking._names) <= MAX_KNOWN
