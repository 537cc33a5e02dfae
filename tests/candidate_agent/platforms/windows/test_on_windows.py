"""What the port suite does not ask, of Windows itself (here: of Wine)."""

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from candidate_agent.base.clock import SystemClock
from candidate_agent.base.errors import PlatformError
from candidate_agent.platforms.portable.screen import MssScreen
from candidate_agent.platforms.ports import (
    ClipboardPiece,
    ClipboardTaken,
    OurWindowChanged,
    WindowEvent,
    WindowOpened,
)
from candidate_agent.platforms.windows import api, images, registry, signatures, tree
from candidate_agent.platforms.windows import structures as s
from candidate_agent.platforms.windows.autostart import RUN_PATH, VALUE_NAME, RestoreAtLogin
from candidate_agent.platforms.windows.awake import WindowsAwake
from candidate_agent.platforms.windows.capture_exclusion import WindowsCaptureExclusion
from candidate_agent.platforms.windows.clipboard import WindowsClipboard
from candidate_agent.platforms.windows.displays import WindowsDisplays
from candidate_agent.platforms.windows.hotplug import WindowsHotplug
from candidate_agent.platforms.windows.processes import WindowsProcesses
from candidate_agent.platforms.windows.settings import RegistryPlace, RegistrySetting
from candidate_agent.platforms.windows.system import WindowsSystem
from candidate_agent.platforms.windows.windows import WindowsWindows
from tests.candidate_agent.platforms.collected import Collected
from tests.candidate_agent.platforms.windows.rig import WindowsRig, other_program
from tests.candidate_agent.platforms.windows.shown import shown
from tests.rig.xserver import wait_for


@contextmanager
def renamed_python(name: str) -> Iterator[Path]:
    """A copy beside its library."""
    path = Path(sys.executable).with_name(name)
    shutil.copy(sys.executable, path)
    try:
        yield path
    finally:
        path.unlink()


def test_a_minimized_exam_is_told_and_comes_back_over_the_whole_screen_and_above_all() -> None:
    port = WindowsWindows()
    seen: Collected[WindowEvent] = Collected()
    with shown() as exam, other_program():
        close = port.watch(exam.id, seen)
        api.show_window_later(exam.id, api.SW_MINIMIZE)
        seen.wait(lambda event: event == OurWindowChanged(None))
        port.bring_to_front(exam.id)
        seen.wait(lambda event: isinstance(event, OurWindowChanged) and event.window is not None)
        close()

        def holds() -> bool:
            active = port.active()
            return active is not None and active.id == exam.id and active.fullscreen and active.above

        wait_for(holds, "the exam in front of all", 2)
        assert port.windows()[-1].id == exam.id


def test_a_window_of_another_program_is_told_when_it_opens_with_the_original_name() -> None:
    seen: Collected[WindowEvent] = Collected()
    with shown() as exam:
        close = WindowsWindows().watch(exam.id, seen)
        with other_program() as other:
            opened = seen.wait(lambda event: isinstance(event, WindowOpened) and event.window.id == other.window)
            assert isinstance(opened, WindowOpened)
            assert (opened.window.pid, opened.window.program) == (other.process.pid, "python.exe")
        close()


def test_a_renamed_program_keeps_the_name_that_its_maker_gave_it() -> None:
    with renamed_python("notes.exe") as path:
        assert images.names_of(str(path))[0] == "notes.exe"
        assert "python.exe" in images.names_of(str(path))


def test_a_program_with_a_window_is_asked_to_close_and_does_so_itself() -> None:
    with other_program() as other:
        assert WindowsProcesses().ask_to_close(other.process.pid)
        assert other.process.wait(5) == 0


def test_a_program_without_a_window_cannot_be_asked_and_lives_on() -> None:
    with other_program("hidden") as other:
        assert not WindowsProcesses().ask_to_close(other.process.pid)
        assert other.process.poll() is None


def test_an_executable_is_known_by_its_sum_and_a_changed_one_has_no_signer() -> None:
    own = Path(sys.executable)
    found = WindowsProcesses().fingerprint(os.getpid())
    assert found.sha256 == hashlib.sha256(own.read_bytes()).hexdigest()
    assert found.signer == "Python Software Foundation"
    with renamed_python("changed.exe") as path:
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
        assert signatures.signer(str(path)) == ""


def test_what_is_copied_outside_of_wine_is_lost_as_well(rig: WindowsRig) -> None:
    port = WindowsClipboard()
    seen: Collected[ClipboardTaken] = Collected()
    close = port.isolate(seen)
    rig.order("copy the answer is 42")
    seen.wait(lambda event: True)
    wait_for(port.isolated, "an empty clipboard")
    assert port.read() == ()
    close()


def test_a_picture_and_formatted_text_come_back_as_they_were() -> None:
    port = WindowsClipboard()
    picture = (40).to_bytes(4, "little") + b"\x01\0\0\0\x01\0\0\0\x01\0\x20\0" + bytes(24) + b"\x10\x20\x30\xff"
    content = tuple(
        ClipboardPiece("CLIPBOARD", form, data)
        for form, data in (("HTML Format", b"Version:0.9<b>x</b>"), ("CF_UNICODETEXT", b"x\0\0\0"), ("CF_DIB", picture))
    )
    port.put_back(content)
    assert {piece.form: piece.data for piece in port.read()} == {piece.form: piece.data for piece in content}
    port.put_back(())
    assert port.read() == ()


def test_the_computer_is_kept_awake_as_long_as_asked() -> None:
    port = WindowsAwake()
    end = port.stay_awake()
    assert port.awake()
    end()
    end()
    assert not port.awake()


def test_a_window_is_hidden_from_recordings_or_it_is_said_that_it_is_not() -> None:
    with shown() as exam:
        try:
            WindowsCaptureExclusion().exclude(exam.id, True)
        except PlatformError as error:
            assert error.code == "capture_exclusion"
            assert tree.affinity(exam.id) in (None, api.WDA_NONE)
        else:
            assert tree.affinity(exam.id) != api.WDA_NONE


@pytest.mark.parametrize(
    ("record", "size_bytes"),
    [
        (s.WindowClass, 80), (s.MonitorInfo, 104), (s.DisplayPath, 72), (s.DisplayMode, 64), (s.SourceName, 84),
        (s.KeyboardHookEvent, 24), (s.Input, 40), (s.FlagsRecord, 8), (s.FilterKeys, 24), (s.MouseKeys, 28),
        (s.DeviceInterface, 32), (s.ProcessEntry, 568), (s.JobLimits, 144), (s.TrustFile, 32), (s.TrustData, 88),
    ],
)  # fmt: skip
def test_each_record_is_as_long_as_the_headers_say(record: type[ctypes.Structure], size_bytes: int) -> None:
    assert ctypes.sizeof(record) == size_bytes


def test_the_screen_is_read_as_it_is_shown() -> None:
    display = WindowsDisplays().displays()[0]
    stream = MssScreen(SystemClock()).open(display)
    picture = stream.read()
    stream.close()
    assert picture is not None and picture.pixels.shape == (display.height, display.width, 4)


def test_devices_are_listened_to_until_told() -> None:
    close = WindowsHotplug().watch(lambda event: None)
    close()
    close()


def test_the_restore_at_login_stands_in_the_run_key_and_leaves_nothing() -> None:
    port = RestoreAtLogin(("C:\\an exam\\agent.exe", "restore"))
    old = port.read()
    assert old["value"] is None
    port.write(port.locked(old))
    assert registry.read(registry.USER, RUN_PATH, VALUE_NAME) == [1, '"C:\\an exam\\agent.exe" restore']
    port.write(old)
    assert port.read() == old


@pytest.mark.parametrize("before", [None, [registry.NUMBER, 1], [registry.TEXT, "by hand"]])
def test_a_setting_in_the_registry_comes_back_as_it_was(before: list[object] | None) -> None:
    path = r"Software\candidate-agent test"
    port = RegistrySetting("test", (RegistryPlace(path, "value", 0),))
    if before is not None:
        registry.write(path, "value", before)
    old = port.read()
    locked = port.locked(old)
    port.write(locked)
    assert port.locked(port.read()) == port.read() != old
    port.write(old)
    assert port.read() == old
    registry.remove(path, "value", with_key=True)
    assert not registry.exists(registry.USER, path)


def test_wine_is_named_and_nothing_else_is_found() -> None:
    system = WindowsSystem()
    assert system.debugger() == ""
    assert system.remote_signals() == ()
    assert "this is Wine, not Windows" in system.vm_signals()
    assert system.facts().os_name == "windows"


def test_a_program_that_controls_from_afar_is_named() -> None:
    with renamed_python("winvnc.exe") as path:
        process = subprocess.Popen([str(path), "-c", "input()"], stdin=subprocess.PIPE)
        assert process.stdin
        wait_for(lambda: WindowsSystem().remote_signals() == ("a VNC server runs",), "the signal", 5)
        process.kill()
        process.wait()
        process.stdin.close()
