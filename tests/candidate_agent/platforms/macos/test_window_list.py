"""What the window server tells becomes our windows, without a title, and changes become events."""

import inspect
from typing import Any

import pytest

from candidate_agent.platforms.macos import window_list, windows
from candidate_agent.platforms.macos.window_list import Sight, changes, visible
from candidate_agent.platforms.ports import (
    ActiveWindowChanged,
    OurWindowChanged,
    Window,
    WindowOpened,
    WindowOverOurs,
)

OURS, OTHER, OWN_PID = 11, 22, 100
SCREEN = (0, 0, 1440, 900)
DOCK = "/System/Library/CoreServices/Dock.app/Contents/MacOS/Dock"


def entry(number: int, pid: int, box: tuple[int, int, int, int] = SCREEN, **more: Any) -> dict[str, Any]:
    x, y, width, height = box
    return {
        "kCGWindowNumber": number, "kCGWindowOwnerPID": pid, "kCGWindowLayer": 0, "kCGWindowAlpha": 1.0,
        "kCGWindowBounds": {"X": x, "Y": y, "Width": width, "Height": height}, "kCGWindowSharingState": 1,
        "kCGWindowOwnerName": "Notes", "kCGWindowName": "Answers to question 3",
    } | more  # fmt: skip


def test_windows_come_lowest_first_with_place_program_and_state() -> None:
    told = [entry(2, 7, (10, 20, 300, 200), kCGWindowLayer=3, kCGWindowSharingState=0), entry(1, 7)]
    low, high = visible(told, [SCREEN], lambda pid: "").windows
    assert (low.id, low.fullscreen, low.above, low.capturable) == (1, True, False, True)
    assert (high.id, high.x, high.y, high.width, high.height) == (2, 10, 20, 300, 200)
    assert (high.fullscreen, high.above, high.capturable, high.program) == (False, True, False, "notes")


def test_no_title_is_kept_nor_asked_for() -> None:
    (window,) = visible([entry(1, 7)], [SCREEN], lambda pid: "").windows
    assert "Answers" not in repr(window)
    assert "kCGWindowName" not in inspect.getsource(windows)
    assert 'kCGWindowName"' not in inspect.getsource(window_list)


def test_what_cannot_be_seen_is_left_out() -> None:
    told = [entry(1, 7, kCGWindowAlpha=0.0), entry(2, 7, (0, 0, 0, 0)), entry(3, 7)]
    assert [window.id for window in visible(told, [SCREEN], lambda pid: "").windows] == [3]


@pytest.mark.parametrize(
    ("path", "layer", "left_out"),
    [
        (DOCK, 20, True),
        ("/Users/me/Dock.app/Contents/MacOS/Dock", 20, False),  # a name alone is not believed
        (DOCK, 0, False),
        ("/System/Library/CoreServices/Spotlight.app/Contents/MacOS/Spotlight", 23, False),
        ("", 20, False),
    ],
)
def test_only_the_desktop_s_own_parts_are_passed_over(path: str, layer: int, left_out: bool) -> None:
    sight = visible([entry(1, 7, kCGWindowLayer=layer)], [SCREEN], lambda pid: path)
    assert (sight.windows == ()) == left_out


def test_our_window_is_found_by_number_and_else_as_the_largest_of_our_process() -> None:
    small, large = Window(1, OWN_PID, 0, 0, 10, 10), Window(2, OWN_PID, 0, 0, 900, 900)
    others = (Window(3, 5, 0, 0, 2000, 2000), small, large)
    assert window_list.ours_of(others, 1, OWN_PID) == small
    assert window_list.ours_of(others, 105553142, OWN_PID) == large  # a toolkit's own number
    assert window_list.ours_of(others[:1], 1, OWN_PID) is None


def test_the_active_window_is_the_front_one_of_the_program_with_the_keyboard() -> None:
    back, front, floating = (Window(n, 5, 0, 0, 9, 9, above=n == 3) for n in (1, 2, 3))
    assert window_list.active_of((back, front, floating), 5) == front
    assert window_list.active_of((floating,), 5) == floating
    assert window_list.active_of((back,), 6) is None


def sight(*found: Window, active: Window | None = None) -> Sight:
    return Sight(found, active)


ours = Window(OURS, OWN_PID, 0, 0, 1000, 1000, fullscreen=True)
other = Window(OTHER, 5, 500, 0, 1000, 1000)


def told(before: Sight, now: Sight, *, first: bool = False) -> tuple[object, ...]:
    return changes(before, now, OURS, OWN_PID, first=first)


def test_a_window_that_comes_over_ours_is_opened_active_and_over() -> None:
    events = told(sight(ours, active=ours), sight(ours, other, active=other))
    assert events == (ActiveWindowChanged(other, ours=False), WindowOpened(other), WindowOverOurs(other, 0.5))


def test_a_window_below_ours_is_opened_only() -> None:
    assert told(sight(ours), sight(other, ours)) == (WindowOpened(other),)


def test_raising_is_told_and_staying_is_not() -> None:
    assert told(sight(other, ours), sight(ours, other)) == (WindowOverOurs(other, 0.5),)
    assert told(sight(ours, other), sight(ours, other)) == ()


def test_what_lay_over_ours_at_the_start_is_told_once() -> None:
    assert told(sight(ours, other), sight(ours, other), first=True) == (WindowOverOurs(other, 0.5),)


def test_ours_moved_shrunk_and_vanished() -> None:
    moved = Window(OURS, OWN_PID, 0, 100, 800, 600)
    assert told(sight(ours), sight(moved)) == (OurWindowChanged(moved),)
    assert told(sight(ours), sight()) == (OurWindowChanged(None),)
    assert told(sight(), sight(ours)) == ()


def test_coming_back_to_ours_is_told_as_ours() -> None:
    assert told(sight(ours, active=other), sight(ours, active=ours)) == (ActiveWindowChanged(ours, ours=True),)


def test_our_own_further_windows_are_nobody_else_s() -> None:
    menu = Window(12, OWN_PID, 0, 0, 100, 100, above=True)
    assert told(sight(ours), sight(ours, menu)) == ()
