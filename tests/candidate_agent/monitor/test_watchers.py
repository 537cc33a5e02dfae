"""From a port's event to a flag, on the simulated machine and on a real desktop; the front is taken back."""

import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from candidate_agent.base.clock import ManualClock, SystemClock
from candidate_agent.monitor import watchers
from candidate_agent.monitor.programs import ProgramList, Terms
from candidate_agent.monitor.rules import Rules
from candidate_agent.monitor.running import RunningPrograms
from candidate_agent.monitor.watchers import QUEUE_EVENTS, Monitor
from candidate_agent.platforms.linux import backend
from candidate_agent.platforms.ports import (
    ClipboardTaken,
    CombinationPressed,
    Devices,
    Fingerprint,
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
SMALL = replace(OTHER, width=400, height=200)
NOTE = replace(OTHER, width=200, height=100)
NO = Unsupported("not under test")
BAD = "cd" * 32


class Watched:
    def __init__(self) -> None:
        self.machine = Machine(development=True)
        self.machine.our_window_id = OURS.id
        self.machine.open_window(OURS)
        self.flags: Collected[FlagEntry] = Collected()
        self.clock = ManualClock()
        self.platform = self.machine.platform()

    @contextmanager
    def monitor(
        self, front: Callable[[], None] | None = None, rules: Rules | None = None, **choices: Any
    ) -> Iterator[Monitor]:
        windows = self.platform.windows
        assert not isinstance(windows, Unsupported)
        monitor = Monitor(
            self.platform, self.clock, rules or Rules(), self.flags, lambda: OURS.id,
            front or (lambda: windows.bring_to_front(OURS.id)), **choices,
        )  # fmt: skip
        monitor.start()
        try:
            yield monitor
        finally:
            monitor.stop()

    def flagged(self, code: str) -> FlagEntry:
        return self.flags.wait(lambda flag: flag.code == code)

    def running(self, *categories: str) -> RunningPrograms:
        return RunningPrograms(self.platform, ProgramList(Terms(categories=frozenset(categories))))


def test_each_kind_of_event_becomes_its_flag() -> None:
    watched = Watched()
    watched.machine.start_process("anydesk")
    with watched.monitor(preloads=("LD_PRELOAD",)) as monitor:
        assert watched.flagged("REMOTE_CONTROL").severity == "high"
        assert "LD_PRELOAD" in watched.flagged("CLIENT_TAMPERED").reason
        watched.machine.plug_display()
        assert watched.flagged("DISPLAY_ADDED").numbers == {"displays": 2}
        watched.machine.press("Alt+Tab")
        watched.flagged("SHORTCUT_BLOCKED")
        watched.machine.press("Print")
        watched.flagged("PRINT_SCREEN")
        watched.machine.start_process("OBS")
        assert "OBS Studio" in watched.flagged("CAPTURE_TOOL").reason
        watched.machine.open_window(replace(OTHER, program="zoom", capturable=False))
        assert watched.flagged("OVERLAY_TOPMOST").numbers == {"percent": 100}
        watched.flagged("CONFERENCING")
        watched.flagged("WINDOW_HIDDEN_FROM_CAPTURE")
        watched.machine.type_keys(200)
        watched.flagged("INPUT_BURST")
        watched.machine.plug_device("storage")
        watched.flagged("USB_ADDED")
        watched.machine.plug_device("keyboard")
        watched.flagged("KEYBOARD_ADDED")
        watched.machine.switch_audio()
        watched.flagged("AUDIO_ROUTE_CHANGED")
        monitor.note(ClipboardTaken("CLIPBOARD"))
        watched.flagged("CLIPBOARD_USED")


def test_what_no_port_tells_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("candidate_agent.monitor.looks.SIGNS_EVERY_S", 0.05)
    watched = Watched()
    watched.machine.vm = ("hypervisor bit", "network card of QEMU")
    with watched.monitor():
        assert "network card of QEMU" in watched.flagged("VM_SUSPECT").reason
        watched.machine.remote = ("x11vnc watches this display",)
        watched.machine.debugger = "another program traces this one"
        assert watched.flagged("REMOTE_CONTROL").reason.endswith("x11vnc watches this display.")
        watched.flagged("DEBUGGER_PRESENT")


def test_a_window_that_stands_there_from_the_start_is_named_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("candidate_agent.monitor.looks.STACK_EVERY_S", 0.05)
    watched, told, looks = Watched(), Collected[tuple[str, ...]](), Collected[int]()
    watched.machine.stack.insert(0, replace(OTHER, program="zoom"))
    windows: Any = watched.platform.windows
    see = windows.windows

    def counted() -> Any:
        looks(1)
        return see()

    windows.windows = counted
    with watched.monitor(running=watched.running("conferencing"), on_programs=told):
        assert watched.flagged("CONFERENCING").reason.endswith("Zoom (by its window).")
        told.wait(lambda names: names == ("Zoom",))
        before = len(looks.events)
        wait_for(lambda: len(looks.events) > before + 3, "further looks", 5.0)
    assert [flag.code for flag in watched.flags.events].count("CONFERENCING") == 1
    assert told.events == [("Zoom",)]


def test_a_program_is_found_by_its_file_however_it_is_called() -> None:
    watched = Watched()
    programs = ProgramList(Terms(blocked_hashes=frozenset({BAD})))
    with watched.monitor(programs=programs):
        watched.machine.start_process("notes", Fingerprint(BAD))
        assert BAD[:12] in watched.flagged("PROGRAM_NOT_ALLOWED").reason


def test_programs_that_should_close_are_told_when_they_start_and_when_they_are_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("candidate_agent.monitor.looks.RUNNING_EVERY_S", 0.05)
    watched, told = Watched(), Collected[tuple[str, ...]]()
    with watched.monitor(running=watched.running("conferencing"), on_programs=told):
        told.wait(lambda names: names == ())  # also that none is open is said: one may have been before
        watched.machine.start_process("firefox")
        zoom = watched.machine.start_process("zoom")
        told.wait(lambda names: names == ("Zoom",))
        watched.machine.running.remove(zoom)
        wait_for(lambda: told.events == [(), ("Zoom",), ()], "its end", 5.0)


def test_the_front_is_taken_back_and_a_short_loss_is_not_flagged() -> None:
    watched = Watched()
    with watched.monitor():
        watched.machine.open_window(OTHER)
        wait_for(lambda: watched.machine.active_id == OURS.id, "the front", 1.0)
        watched.clock.advance(3)
        watched.machine.press("Super")
        watched.flagged("SHORTCUT_BLOCKED")
    assert "FOCUS_LOST" not in {flag.code for flag in watched.flags.events}


def test_an_exam_that_begins_behind_another_window_comes_to_the_front() -> None:
    watched = Watched()
    watched.machine.open_window(OTHER)
    with watched.monitor():
        wait_for(lambda: watched.machine.active_id == OURS.id, "the front", 1.0)


@pytest.mark.parametrize("change", [{"fullscreen": False}, {"width": 800}, {"x": 300}])
def test_a_window_that_loses_its_place_is_put_back(change: dict[str, Any]) -> None:
    watched = Watched()
    was = {name: getattr(OURS, name) for name in change}
    with watched.monitor(front=lambda: watched.machine.change_window(OURS.id, **was)):
        watched.machine.change_window(OURS.id, **change)
        wait_for(lambda: watched.machine.window(OURS.id) == OURS, "our place", 1.0)


def test_a_loss_that_lasts_is_flagged_with_its_time() -> None:
    watched = Watched()
    with watched.monitor(front=lambda: None):
        watched.machine.open_window(OTHER)
        watched.flagged("OVERLAY_TOPMOST")
        watched.clock.advance(3)
        flag = watched.flagged("FOCUS_LOST")
        assert flag.to_us - flag.from_us >= 2_000_000 and flag.numbers["taken_back"] >= 1


def test_a_window_that_lay_over_the_exam_from_the_start_is_seen_and_weighs_more_when_it_stays() -> None:
    watched = Watched()
    watched.machine.open_window(SMALL)
    with watched.monitor(front=lambda: None):
        assert watched.flagged("OVERLAY_TOPMOST").severity == "low"
        watched.clock.advance(11)
        watched.flags.wait(lambda flag: flag.code == "OVERLAY_TOPMOST" and flag.severity == "medium")


def test_a_small_note_that_stays_over_the_exam_is_flagged_and_one_of_an_input_method_is_not() -> None:
    watched = Watched()
    with watched.monitor(front=lambda: None):
        watched.machine.open_window(replace(NOTE, program="fcitx5"))
        watched.machine.open_window(replace(NOTE, id=3, program="xterm"))
        watched.clock.advance(2)
        flag = watched.flagged("OVERLAY_TOPMOST")
        assert (flag.severity, flag.numbers) == ("low", {"percent": 1})


def test_what_is_allowed_or_muted_is_not_flagged() -> None:
    watched = Watched()
    allowing = ProgramList(Terms(allowed=frozenset({"obs"})))
    with watched.monitor(rules=Rules(muted=frozenset({"SHORTCUT_BLOCKED"})), programs=allowing):
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


def test_a_monitor_that_hangs_is_noticed_and_one_that_works_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchers, "STANDSTILL_S", 0.5)
    watched, hangs = Watched(), threading.Event()

    def hang() -> None:
        hangs.wait(20)

    with watched.monitor(front=hang) as monitor:
        assert not monitor.stands_still
        watched.machine.open_window(OTHER)
        wait_for(lambda: monitor.stands_still, "the standstill", 5.0)
        hangs.set()
        wait_for(lambda: not monitor.stands_still, "its end", 5.0)


def test_a_flood_of_events_drops_the_oldest_counts_them_and_says_so() -> None:
    watched = Watched()
    monitor = Monitor(watched.platform, watched.clock, Rules(), watched.flags, lambda: OURS.id, lambda: None)
    for _ in range(QUEUE_EVENTS + 5):
        monitor.note(CombinationPressed("Super"))
    assert monitor.dropped == 5
    monitor.start()
    assert watched.flagged("RECORD_FAILED").numbers["events"] >= 5
    monitor.stop()


def test_a_monitor_that_is_still_beginning_does_not_stand_still() -> None:
    watched, seen = Watched(), []
    monitor = Monitor(watched.platform, watched.clock, Rules(), watched.flags, lambda: OURS.id, lambda: None)

    def slow_displays(emit: object) -> Callable[[], None]:
        seen.append(monitor.stands_still)
        return lambda: None

    watched.platform.displays.watch = slow_displays  # type: ignore[union-attr,method-assign]
    monitor.start()
    monitor.stop()
    assert seen == [False]


@pytest.fixture(scope="module")
def server() -> Iterator[XServer]:
    with XServer() as running:
        yield running


@pytest.mark.real
def test_on_a_real_desktop_the_front_is_taken_back(server: XServer) -> None:
    platform: Platform = backend.platform(Devices(NO, NO, NO), server.display)
    windows, flags = platform.windows, Collected[FlagEntry]()
    assert not isinstance(windows, Unsupported)

    taken: list[int] = []

    def take() -> None:
        windows.bring_to_front(ours)
        taken.append(ours)

    def is_back(times: int) -> bool:
        active = windows.active()
        return len(taken) >= times and active is not None and active.id == ours

    with window(server, title="ours", fullscreen=True) as ours:
        monitor = Monitor(platform, SystemClock(), Rules(), flags, lambda: ours, take)
        monitor.start()
        try:
            with window(server, title="other") as other:
                wait_for(lambda: is_back(1), "the front", 10.0)
                before = len(taken)
                subprocess.run(["wmctrl", "-i", "-a", str(other)], env=server.environment(), check=True)
                wait_for(lambda: is_back(before + 1), "the front again", 10.0)
                server.run("xdotool", "key", "alt+F2")
                flags.wait(lambda flag: flag.code == "SHORTCUT_BLOCKED")
        finally:
            monitor.stop()
