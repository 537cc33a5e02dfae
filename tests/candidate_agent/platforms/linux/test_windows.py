"""Windows of others over ours are told with the share they cover, whatever they are made of, and the front comes back
under openbox and xfwm4, also from those that fight for it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from candidate_agent.platforms.linux.stack import overlap
from candidate_agent.platforms.linux.windows import X11Windows
from candidate_agent.platforms.ports import OurWindowChanged, WindowEvent, WindowOpened, WindowOverOurs
from tests.candidate_agent.platforms.collected import Collected
from tests.rig.foreign_window import foreign_window
from tests.rig.xserver import XServer, wait_for, window

pytestmark = pytest.mark.real


@contextmanager
def watched(server: XServer) -> Iterator[tuple[X11Windows, int, Collected[WindowEvent]]]:
    """Our window, fullscreen and in front, and what is told of it."""
    port, seen = X11Windows(server.display), Collected[WindowEvent]()
    with window(server, title="ours") as ours:
        port.bring_to_front(ours)
        wait_for(lambda: in_front(port, ours), "our window", 5.0)
        close = port.watch(ours, seen)
        try:
            yield port, ours, seen
        finally:
            close()


def in_front(port: X11Windows, ours: int) -> bool:
    """Active, and nothing lies over it. (xfwm4 shows no "above" of a fullscreen window.)"""
    active = port.active()
    if active is None or active.id != ours or not active.fullscreen:
        return False
    boxes = [(each.id, (each.x, each.y, each.width, each.height)) for each in port.windows()]
    lying = [number for number, box in boxes if overlap(box, (0, 0, 1280, 800))]
    return bool(lying) and lying[-1] == ours


def over(seen: Collected[WindowEvent], number: int) -> WindowOverOurs:
    found = seen.wait(lambda event: isinstance(event, WindowOverOurs) and event.window.id == number)
    assert isinstance(found, WindowOverOurs)
    return found


def test_a_window_that_bypasses_the_window_manager_is_told_and_goes_below_ours(managed: XServer) -> None:
    with watched(managed) as (port, ours, seen), foreign_window(managed, "--unmanaged", "--class", "Overlay") as other:
        told = over(seen, other)
        assert told.share == pytest.approx(300 * 200 / (1280 * 800), rel=0.01)
        assert (told.window.program, told.window.pid > 0) == ("overlay", True)
        port.bring_to_front(ours)
        assert in_front(port, ours)


def test_what_is_cut_away_of_a_window_covers_nothing(managed: XServer) -> None:
    with watched(managed) as (_, _, seen), foreign_window(managed, "--unmanaged", "--left-half") as other:
        assert over(seen, other).share == pytest.approx(150 * 200 / (1280 * 800), rel=0.01)


def test_a_window_that_is_not_seen_but_takes_the_clicks_is_told_and_goes_below_ours(managed: XServer) -> None:
    with watched(managed) as (port, ours, seen), foreign_window(managed, "--input-only") as other:
        assert over(seen, other).share > 0.03
        assert not any(isinstance(event, WindowOpened) for event in seen.events)
        port.bring_to_front(ours)
        managed.run("xdotool", "mousemove", "200", "200")
        assert str(ours) in managed.run("xdotool", "getmouselocation", "--shell") or in_front(port, ours)


def test_a_window_put_into_ours_is_told_and_hidden(managed: XServer) -> None:
    with watched(managed) as (port, ours, seen), foreign_window(managed, "--into", str(ours)) as other:
        assert over(seen, other).share > 0.03
        port.bring_to_front(ours)
        wait_for(lambda: "IsUnMapped" in managed.run("xwininfo", "-id", str(other)), "hidden")


def test_the_compositors_sheet_is_told_where_no_compositor_uses_it(managed: XServer) -> None:
    """It lies above every window, whatever is raised, and stands in no list of windows."""
    with watched(managed) as (_, _, seen), foreign_window(managed, "--on-the-sheet"):
        seen.wait(lambda event: isinstance(event, WindowOverOurs) and event.share == 1.0)


def test_a_window_is_told_when_it_opens_with_the_program_it_names_and_the_process_it_has(managed: XServer) -> None:
    with watched(managed) as (_, _, seen), foreign_window(managed, "--class", "AnyDesk", "--with-pid", "1") as other:
        told = seen.wait(lambda event: isinstance(event, WindowOpened) and event.window.id == other)
        assert isinstance(told, WindowOpened)
        assert told.window.program == "anydesk"
        assert told.window.pid > 1


@pytest.mark.parametrize("kind", [("--full",), (), ("--unmanaged", "--fight")])
def test_the_front_comes_back_within_a_second(managed: XServer, kind: tuple[str, ...]) -> None:
    """The last one raises itself fifty times a second: it is met again and again."""
    with watched(managed) as (port, ours, seen), foreign_window(managed, "--at", "0,0,1280,800", *kind) as other:
        seen.wait(lambda event: isinstance(event, WindowOpened) and event.window.id == other)

        def back() -> bool:
            port.bring_to_front(ours)
            return in_front(port, ours)

        wait_for(back, "the front", 5.0)


LEAVING = {
    "minimized": lambda server, ours: server.run("xdotool", "windowminimize", str(ours)),
    "put on another desktop": lambda server, ours: server.run("wmctrl", "-i", "-r", str(ours), "-t", "1"),
    "away from its desktop": lambda server, ours: server.run("wmctrl", "-s", "1"),
    "behind the bare desktop": lambda server, ours: server.run("wmctrl", "-k", "on"),
    "not shown": lambda server, ours: server.run("xdotool", "windowunmap", str(ours)),
    "see-through": lambda server, ours: server.run(
        "xprop", "-id", str(ours), "-f", "_NET_WM_WINDOW_OPACITY", "32c", "-set", "_NET_WM_WINDOW_OPACITY", "1"
    ),
}


@pytest.mark.parametrize("how", LEAVING)
def test_our_window_that_cannot_be_seen_any_more_is_told_and_comes_back(managed: XServer, how: str) -> None:
    with watched(managed) as (port, ours, seen):
        one_desktop_only(managed, ours)
        LEAVING[how](managed, ours)
        seen.wait(lambda event: isinstance(event, OurWindowChanged) and event.window is None)
        port.bring_to_front(ours)
        wait_for(lambda: in_front(port, ours), "the front", 5.0)
        seen.events.clear()
        port.bring_to_front(ours)
        managed.run("wmctrl", "-s", "0")


def one_desktop_only(server: XServer, ours: int) -> None:
    """Bringing to the front puts a window on all desktops; here it is to be lost by a change of desktop."""
    server.run("wmctrl", "-i", "-r", str(ours), "-t", "0")
    wait_for(lambda: "= 0" in server.run("xprop", "-id", str(ours), "_NET_WM_DESKTOP"), "one desktop")


def test_our_window_that_is_no_longer_fullscreen_is_told(managed: XServer) -> None:
    with watched(managed) as (_, ours, seen):
        managed.run("wmctrl", "-i", "-r", str(ours), "-b", "remove,fullscreen")
        seen.wait(
            lambda event: (
                isinstance(event, OurWindowChanged) and event.window is not None and not event.window.fullscreen
            )
        )


def test_our_window_is_seen_on_every_desktop(managed: XServer) -> None:
    with watched(managed) as (port, ours, _):
        wait_for(lambda: "4294967295" in managed.run("xprop", "-id", str(ours), "_NET_WM_DESKTOP"), "all desktops")
        managed.run("wmctrl", "-s", "1")
        wait_for(lambda: "*" in managed.run("wmctrl", "-d").splitlines()[1], "another desktop")
        assert ours in {each.id for each in port.windows()}
        managed.run("wmctrl", "-s", "0")
