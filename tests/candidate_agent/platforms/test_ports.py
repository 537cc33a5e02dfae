"""What every machine's ports must do: run against the simulated machine, a real X server, and (`make wine-test`)
Windows."""

import threading

import pytest

from candidate_agent.platforms.ports import (
    ActiveWindowChanged,
    ClipboardContent,
    ClipboardTaken,
    CombinationPressed,
    DisplaysChanged,
    KeyEvent,
    OurWindowChanged,
    Process,
    Unsupported,
    WindowEvent,
    WindowOpened,
    WindowOverOurs,
)
from tests.candidate_agent.platforms.collected import Collected
from tests.candidate_agent.platforms.rigs import RealRig, Rig


def test_a_second_display_is_told_and_listed(pluggable_rig: Rig) -> None:
    rig = pluggable_rig
    port = rig.platform.displays
    assert not isinstance(port, Unsupported)
    seen: Collected[DisplaysChanged] = Collected()
    close = port.watch(seen)
    rig.plug_display()
    try:
        event = seen.wait(lambda event: len(event.displays) == 2)
        assert event.displays == port.displays()
        assert [display.mirrors for display in event.displays] == ["", ""]
        assert event.displays[1].x == event.displays[0].width
    finally:
        rig.unplug_display()
    seen.wait(lambda event: len(event.displays) == 1)
    close()
    assert len(port.displays()) == 1


def test_a_mirrored_display_names_the_one_it_mirrors(pluggable_rig: Rig) -> None:
    rig = pluggable_rig
    port = rig.platform.displays
    assert not isinstance(port, Unsupported)
    rig.plug_display(mirror=True)
    try:
        first, second = port.displays()
        assert (first.mirrors, second.mirrors) == ("", first.name)
    finally:
        rig.unplug_display()


def test_another_window_is_told_as_active_and_as_lying_over_ours(rig: Rig) -> None:
    port = rig.platform.windows
    assert not isinstance(port, Unsupported)
    seen: Collected[WindowEvent] = Collected()
    with rig.our_window() as ours:
        close = port.watch(ours, seen)
        with rig.other_window() as other:
            seen.wait(lambda e: isinstance(e, ActiveWindowChanged) and e.window is not None and e.window.id == other)
            over = seen.wait(lambda e: isinstance(e, WindowOverOurs) and e.share > 0.5)
            assert isinstance(over, WindowOverOurs)
            assert over.window.id == other
            assert not any(isinstance(event, ActiveWindowChanged) and event.ours for event in seen.events)
        close()


def test_the_front_is_taken_back(rig: Rig) -> None:
    port = rig.platform.windows
    assert not isinstance(port, Unsupported)
    seen: Collected[WindowEvent] = Collected()
    with rig.our_window() as ours, rig.other_window() as other:
        close = port.watch(ours, seen)
        port.bring_to_front(ours)
        seen.wait(lambda event: isinstance(event, ActiveWindowChanged) and event.ours)
        active = port.active()
        assert active is not None and active.id == ours
        order = [window.id for window in port.windows()]
        assert order.index(ours) > order.index(other)
        close()


@pytest.mark.parametrize("name", ["Alt+Tab", "Alt+F4", "Ctrl+Alt+T", "Print", "Ctrl+C", "Ctrl+V", "Ctrl+P"])
def test_a_combination_is_told_by_name(rig: Rig, name: str) -> None:
    port = rig.platform.keys
    assert not isinstance(port, Unsupported)
    seen: Collected[KeyEvent] = Collected()
    close = port.watch(seen)
    rig.press(name)
    seen.wait(lambda event: isinstance(event, CombinationPressed) and event.name == name)
    close()


def test_another_program_loses_the_clipboard_at_once(rig: Rig) -> None:
    port = rig.platform.clipboard
    assert not isinstance(port, Unsupported)
    seen: Collected[ClipboardTaken] = Collected()
    close = port.isolate(seen)
    rig.copy("the answer is 42")
    assert seen.wait(lambda event: True).selection == "CLIPBOARD"
    assert not port.read() and port.isolated()
    close()
    assert not port.isolated()


def text_of(content: ClipboardContent) -> str:
    for piece in content:
        if piece.form in ("text", "UTF8_STRING"):
            return piece.data.decode()
        if piece.form == "CF_UNICODETEXT":
            return piece.data.decode("utf-16-le").partition("\0")[0]
    return ""


def test_text_put_back_on_the_clipboard_can_be_read(rig: Rig) -> None:
    port = rig.platform.clipboard
    assert not isinstance(port, Unsupported)
    text = "notes of before: äöü €\n" + "x" * 300_000
    rig.copy(text)
    before = port.read()
    rig.copy("something newer")
    assert text_of(port.read()) == "something newer"
    port.put_back(before)
    assert text_of(port.read()) == text
    rig.copy("something newer")
    assert text_of(port.read()) == "something newer"


def test_each_setting_can_be_locked_and_put_back(rig: Rig) -> None:
    assert rig.platform.settings
    for setting in rig.platform.settings:
        if isinstance(rig, RealRig) and setting.name == "restore at login":
            continue  # its own tests use a folder of their own
        old = setting.read()
        locked = setting.locked(old)
        assert locked != old, setting.name
        setting.write(locked)
        now = setting.read()
        assert setting.locked(now) == now, setting.name
        setting.write(old)
        assert setting.read() == old, setting.name


def test_a_program_is_told_when_it_starts(rig: Rig) -> None:
    port = rig.platform.processes
    assert not isinstance(port, Unsupported)
    seen: Collected[Process] = Collected()
    close = port.watch(seen)
    with rig.program("anydesk"):
        seen.wait(lambda process: is_named("anydesk", process))
        assert any(is_named("anydesk", process) for process in port.processes())
    close()


def is_named(name: str, process: Process) -> bool:
    return name in (each.removesuffix(".exe") for each in process.names)


def test_every_watch_ends_its_thread_and_may_be_ended_twice(rig: Rig) -> None:
    platform, before = rig.platform, threading.active_count()
    ports = (platform.displays, platform.keys, platform.processes)
    closers = [port.watch(lambda event: None) for port in ports if not isinstance(port, Unsupported)]
    assert not isinstance(platform.clipboard, Unsupported)
    closers.append(platform.clipboard.isolate(lambda event: None))
    for close in closers:
        close()
        close()
    assert threading.active_count() == before


def test_facts_of_the_system_are_plausible(rig: Rig) -> None:
    facts = rig.platform.system.facts()
    assert facts.cores >= 1
    assert 0 < facts.memory_free_bytes <= facts.memory_total_bytes
    assert 0 <= facts.load_percent <= 100
    assert facts.session_type in ("x11", "simulated", "windows")


def test_a_window_of_others_is_told_when_it_can_be_seen(rig: Rig) -> None:
    port = rig.platform.windows
    assert not isinstance(port, Unsupported)
    seen: Collected[WindowEvent] = Collected()
    with rig.our_window() as ours:
        close = port.watch(ours, seen)
        with rig.other_window() as other:
            seen.wait(lambda event: isinstance(event, WindowOpened) and event.window.id == other)
        close()
        assert not any(isinstance(event, WindowOpened) and event.window.id == ours for event in seen.events)


def test_what_becomes_of_our_window_is_told(rig: Rig) -> None:
    port = rig.platform.windows
    assert not isinstance(port, Unsupported)
    seen: Collected[WindowEvent] = Collected()
    with rig.our_window() as ours:
        close = port.watch(ours, seen)
        port.bring_to_front(ours)
        seen.wait(lambda e: isinstance(e, OurWindowChanged) and e.window is not None and e.window.fullscreen)
        close()


def test_nobody_holds_the_keyboard_before_the_exam(rig: Rig) -> None:
    port = rig.platform.keys
    assert not isinstance(port, Unsupported)
    assert port.held() is False


def test_the_wish_to_stay_awake_is_in_force_until_it_is_taken_back(rig: Rig) -> None:
    port = rig.platform.awake
    assert not isinstance(port, Unsupported)
    assert not port.awake()
    end = port.stay_awake()
    assert port.awake()
    end()
    end()
    assert not port.awake()


def test_a_program_can_be_asked_to_close_and_has_a_fingerprint(rig: Rig) -> None:
    port = rig.platform.processes
    assert not isinstance(port, Unsupported)
    seen: Collected[Process] = Collected()
    close = port.watch(seen)
    with rig.program("asked"):
        program = seen.wait(lambda process: any(name.startswith("asked") for name in process.names))
        assert len(port.fingerprint(program.pid).sha256) in (0, 64)
        assert port.ask_to_close(program.pid)
    close()
