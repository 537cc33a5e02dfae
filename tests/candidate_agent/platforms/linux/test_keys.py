"""Combinations are told right under lock modifiers and a second layout, with whether a program sent them; presses are
counted and never kept; asking whether the keyboard is held moves nothing."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from Xlib import X
from Xlib import display as xdisplay
from Xlib.ext import xinput

from candidate_agent.platforms.linux.key_sources import KeySources
from candidate_agent.platforms.linux.key_table import KeyTable
from candidate_agent.platforms.linux.keys import X11Keys
from candidate_agent.platforms.ports import CombinationPressed, KeyEvent, KeysCounted
from tests.candidate_agent.platforms.collected import Collected
from tests.rig.xserver import XServer, wait_for

BY_DEVICE = """
import ctypes, sys
x, xi, xtst = (ctypes.CDLL(name) for name in ("libX11.so.6", "libXi.so.6", "libXtst.so.6"))
x.XOpenDisplay.restype = xi.XOpenDevice.restype = ctypes.c_void_p
display = ctypes.c_void_p(x.XOpenDisplay(None))
device = ctypes.c_void_p(xi.XOpenDevice(display, int(sys.argv[1])))
for key in map(int, sys.argv[2:]):
    for down in (1, 0):
        xtst.XTestFakeDeviceKeyEvent(display, device, key, down, None, 0, 0)
x.XSync(display, 0)
"""


@contextmanager
def watched(server: XServer) -> Iterator[Collected[KeyEvent]]:
    seen = Collected[KeyEvent]()
    close = X11Keys(server.display).watch(seen)
    try:
        yield seen
    finally:
        close()


def told(seen: Collected[KeyEvent], name: str) -> CombinationPressed:
    found = seen.wait(lambda event: isinstance(event, CombinationPressed) and event.name == name)
    assert isinstance(found, CombinationPressed)
    return found


@pytest.mark.real
@pytest.mark.parametrize("lock", ["Num_Lock", "Caps_Lock", "Scroll_Lock"])
def test_a_lock_hides_nothing(server: XServer, lock: str) -> None:
    with watched(server) as seen:
        server.run("xdotool", "key", lock)
        server.run("xdotool", "key", "alt+Tab", "ctrl+c")
        server.run("xdotool", "key", lock)
        told(seen, "Alt+Tab"), told(seen, "Ctrl+C")


@pytest.mark.real
def test_a_second_layout_hides_nothing_and_altgr_is_typing(server: XServer) -> None:
    server.run("setxkbmap", "-layout", "ru,de")
    with watched(server) as seen:
        server.run("xdotool", "keydown", "Control_L", "key", "54", "keyup", "Control_L")  # the key of C
        told(seen, "Ctrl+C")
        server.run("xdotool", "keydown", "ISO_Level3_Shift", "key", "24", "keyup", "ISO_Level3_Shift")
        server.run("setxkbmap", "-layout", "us")
        server.run("xdotool", "key", "super+e")
        told(seen, "Super+E")
    assert not any(isinstance(event, CombinationPressed) and "Q" in event.name for event in seen.events)


@pytest.mark.real
def test_what_a_program_sends_is_told_apart_from_what_a_keyboard_sends(virtual: XServer) -> None:
    devices = virtual.run("xinput", "list").splitlines()
    keyboard = next(line for line in devices if "Xvfb keyboard" in line).split("id=")[1].split()[0]
    with watched(virtual) as seen:
        virtual.run("xdotool", "key", "Print", "a", "b")
        assert told(seen, "Print").injected
        counted = seen.wait(lambda event: isinstance(event, KeysCounted))
        assert isinstance(counted, KeysCounted)
        assert (counted.pressed, counted.injected) == (3, 3)
        assert 900 <= counted.over_ms <= 5000
        seen.events.clear()
        virtual.run(sys.executable, "-c", BY_DEVICE, keyboard, "107", "38")  # Print and A
        assert not told(seen, "Print").injected
        assert seen.wait(lambda event: isinstance(event, KeysCounted) and (event.pressed, event.injected) == (2, 0))


@pytest.fixture
def virtual() -> Iterator[XServer]:
    with XServer(window_manager="") as running:
        yield running


@pytest.mark.real
def test_asking_whether_the_keyboard_is_held_moves_no_focus_and_loses_no_key(virtual: XServer) -> None:
    port = X11Keys(virtual.display)
    connection = xdisplay.Display(virtual.display)
    mask = X.FocusChangeMask | X.KeyPressMask
    window = connection.screen().root.create_window(0, 0, 50, 50, 0, X.CopyFromParent, event_mask=mask)
    window.map()
    connection.sync()
    window.set_input_focus(X.RevertToParent, X.CurrentTime)
    connection.sync()
    drained(connection)
    typed = subprocess.Popen(["xdotool", "type", "--delay", "2", "x" * 100], env=virtual.environment())
    asked = 0
    while typed.poll() is None:
        assert not port.held()
        asked += 1
    assert asked > 20
    connection.sync()
    kinds = [event.type for event in drained(connection)]
    assert kinds.count(X.KeyPress) == 100
    assert X.FocusOut not in kinds and X.FocusIn not in kinds
    assert window.grab_keyboard(False, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime) == X.GrabSuccess
    assert port.held()
    connection.close()
    wait_for(lambda: not port.held(), "a free keyboard")


@pytest.fixture
def other(virtual: XServer) -> Iterator[Any]:
    """Another program's connection."""
    connection = xdisplay.Display(virtual.display)
    yield connection
    connection.close()


@pytest.mark.real
def test_a_second_keyboard_and_pointer_of_the_server_are_held_until_the_watch_ends(
    virtual: XServer, other: Any
) -> None:
    """Also where another program has them at the moment when they come: the question below does just that."""
    connection = other
    connection.xinput_query_version()

    def free(device: int) -> bool:
        root = connection.screen().root
        status = root.xinput_grab_device(device, X.CurrentTime, X.GrabModeAsync, X.GrabModeAsync, False, 0).status
        connection.xinput_ungrab_device(device, X.CurrentTime)
        connection.sync()
        return bool(status == X.GrabSuccess)

    with watched(virtual):
        virtual.run("xinput", "create-master", "second")
        devices = connection.xinput_query_device(xinput.AllMasterDevices).devices
        second = [device.deviceid for device in devices if device.name.startswith("second")]
        assert len(second) == 2
        for device in second:
            wait_for(lambda device=device: not free(device), "a second device that is held")  # type: ignore[misc]
        first = [device.deviceid for device in devices if device.name.startswith("Virtual core")]
        assert all(free(device) for device in first)
    for device in second:
        wait_for(lambda device=device: free(device), "a second device that is free")  # type: ignore[misc]


def drained(connection: Any) -> list[Any]:
    return [connection.next_event() for _ in range(connection.pending_events())]


def test_a_repeating_key_is_told_and_one_of_a_program_is_known_in_either_order() -> None:
    seen = Collected[KeyEvent]()
    sources = KeySources(seen, KeyTable())
    sources._tells_sources = True
    sources._count(5, True)
    sources.pressed("Print", 5)
    sources.pressed("Menu", 7)
    sources._count(7, False)
    assert seen.events == [CombinationPressed("Print", True), CombinationPressed("Menu", False)]
    sources.pressed("Print", 9)
    wait_for(lambda: bool(sources.rest(None)) and len(seen.events) > 2, "the repetition")
    assert seen.events[2] == CombinationPressed("Print", False)
