"""From a port's event to a flag, on the simulated machine and on a real desktop; the front is taken back."""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from candidate_agent.base.clock import ManualClock, SystemClock
from candidate_agent.monitor.rules import Rules
from candidate_agent.monitor.watchers import QUEUE_EVENTS, Monitor
from candidate_agent.platforms.linux import backend
from candidate_agent.platforms.ports import (
    ClipboardTaken,
    CombinationPressed,
    Devices,
    Platform,
    Unsupported,
    Window,
)
from candidate_agent.platforms.simulated.machine import Machine
from exam_protocol.records import FlagEntry
from tests.candidate_agent.platforms.collected import Collected
from tests.rig.xserver import XServer, wait_for, window

OURS = Window(1, os.getpid(), 0, 0, 1920, 1080, fullscreen=True)
OTHER = Window(2, 4242, 0, 0, 1920, 1080)
NO = Unsupported("not under test")


class Watched:
    def __init__(self) -> None:
        self.machine = Machine(development=True)
        self.machine.our_window_id = OURS.id
        self.machine.open_window(OURS)
        self.flags: Collected[FlagEntry] = Collected()
        self.clock = ManualClock()
        self.platform = self.machine.platform()

    @contextmanager
    def monitor(self, front: Callable[[], None] | None = None, **choices: Any) -> Iterator[Monitor]:
        windows = self.platform.windows
        assert not isinstance(windows, Unsupported)
        monitor = Monitor(
            self.platform, self.clock, Rules(), self.flags, lambda: OURS.id,
            front or (lambda: windows.bring_to_front(OURS.id)), **choices,
        )  # fmt: skip
        monitor.start()
        try:
            yield monitor
        finally:
            monitor.stop()

    def flagged(self, code: str) -> FlagEntry:
        return self.flags.wait(lambda flag: flag.code == code)


def test_each_kind_of_event_becomes_its_flag() -> None:
    watched = Watched()
    watched.machine.start_process("anydesk")
    with watched.monitor() as monitor:
        assert watched.flagged("REMOTE_CONTROL").severity == "high"
        watched.machine.plug_display()
        assert watched.flagged("DISPLAY_ADDED").numbers == {"displays": 2}
        watched.machine.press("Alt+Tab")
        watched.flagged("SHORTCUT_BLOCKED")
        watched.machine.press("Print")
        watched.flagged("PRINT_SCREEN")
        watched.machine.start_process("OBS")
        assert "obs" in watched.flagged("CAPTURE_TOOL").reason
        watched.machine.open_window(OTHER)
        assert watched.flagged("OVERLAY_TOPMOST").numbers == {"percent": 100}
        monitor.note(ClipboardTaken("CLIPBOARD"))
        watched.flagged("CLIPBOARD_USED")


def test_the_front_is_taken_back_and_a_short_loss_is_not_flagged() -> None:
    watched = Watched()
    with watched.monitor():
        watched.machine.open_window(OTHER)
        wait_for(lambda: watched.machine.active_id == OURS.id, "the front", 1.0)
        watched.clock.advance(10)
        watched.machine.press("Super")
        watched.flagged("SHORTCUT_BLOCKED")
    assert "FOCUS_LOST" not in {flag.code for flag in watched.flags.events}


def test_an_exam_that_begins_behind_another_window_comes_to_the_front() -> None:
    watched = Watched()
    watched.machine.open_window(OTHER)
    with watched.monitor():
        wait_for(lambda: watched.machine.active_id == OURS.id, "the front", 1.0)


def test_a_loss_that_lasts_is_flagged_with_its_time() -> None:
    watched = Watched()
    with watched.monitor(front=lambda: None):
        watched.machine.open_window(OTHER)
        watched.flagged("OVERLAY_TOPMOST")
        watched.clock.advance(3)
        flag = watched.flagged("FOCUS_LOST")
        assert flag.to_us - flag.from_us >= 2_000_000


def test_what_is_allowed_or_muted_is_not_flagged() -> None:
    watched = Watched()
    with watched.monitor(allowed=frozenset({"obs"}), muted=frozenset({"SHORTCUT_BLOCKED"})):
        watched.machine.start_process("obs")
        watched.machine.press("Alt+Tab")
        watched.machine.press("Print")
        watched.flagged("PRINT_SCREEN")
    assert {flag.code for flag in watched.flags.events} == {"PRINT_SCREEN"}


def test_what_was_counted_is_raised_when_the_monitor_stops() -> None:
    watched = Watched()
    with watched.monitor():
        for _ in range(4):
            watched.machine.press("Super")
        watched.flagged("SHORTCUT_BLOCKED")
    assert sum(flag.count for flag in watched.flags.events) == 4


def test_a_fault_is_told_and_the_next_event_is_judged_all_the_same() -> None:
    watched, faults = Watched(), Collected[str]()

    def no_front() -> None:
        raise OSError("the desktop is gone")

    with watched.monitor(front=no_front, on_fault=lambda code, text: faults(f"{code}: {text}")):
        watched.machine.open_window(OTHER)
        faults.wait(lambda fault: fault.startswith("monitor_fault") and "desktop is gone" in fault)
        watched.machine.press("Alt+Tab")
        watched.flagged("SHORTCUT_BLOCKED")


def test_an_exam_that_does_not_fill_the_screen_is_flagged() -> None:
    watched = Watched()
    watched.machine.stack = [replace(OURS, fullscreen=False)]
    with watched.monitor() as monitor:
        wait_for(lambda: monitor.looks > 0, "the first look")
        watched.clock.advance(1.5)
        assert watched.flagged("FULLSCREEN_LEFT").numbers == {"seconds": 1.5}


def test_a_flood_of_events_drops_the_oldest_and_counts_them() -> None:
    watched = Watched()
    monitor = Monitor(watched.platform, watched.clock, Rules(), watched.flags, lambda: OURS.id, lambda: None)
    for _ in range(QUEUE_EVENTS + 5):
        monitor.note(CombinationPressed("Super"))
    assert monitor.dropped == 5


@pytest.fixture(scope="module")
def server() -> Iterator[XServer]:
    with XServer() as running:
        yield running


@pytest.mark.real
def test_on_a_real_desktop_the_front_is_back_within_a_second(server: XServer) -> None:
    platform: Platform = backend.platform(Devices(NO, NO, NO), server.display)
    windows, flags = platform.windows, Collected[FlagEntry]()
    assert not isinstance(windows, Unsupported)
    with window(server, title="ours", fullscreen=True) as ours:
        monitor = Monitor(platform, SystemClock(), Rules(), flags, lambda: ours, lambda: windows.bring_to_front(ours))
        monitor.start()
        with window(server, title="other") as other:
            flags.wait(lambda flag: flag.code == "OVERLAY_TOPMOST")

            def ours_is_active() -> bool:
                active = windows.active()
                return active is not None and active.id == ours

            wait_for(ours_is_active, "the front", 1.0)
            subprocess.run(["wmctrl", "-i", "-a", str(other)], env=server.environment(), check=True)
            wait_for(ours_is_active, "the front", 1.0)
            server.run("xdotool", "key", "alt+F2")
            flags.wait(lambda flag: flag.code == "SHORTCUT_BLOCKED")
        monitor.stop()
