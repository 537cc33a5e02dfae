"""Signals are named one by one, and a Wayland session is recognised and refused with a reason."""

import subprocess
import time
from pathlib import Path

import pytest

from candidate_agent.platforms.linux import backend
from candidate_agent.platforms.linux.remote import RemoteSigns, elsewhere, has_sessions
from candidate_agent.platforms.linux.system import LinuxSystem, _is_traced, session_type, vm_signals
from candidate_agent.platforms.ports import Devices, Unsupported
from tests.rig.xserver import XServer, wait_for

NO = Unsupported("not under test")


def test_each_signal_of_a_virtual_machine_is_named(tmp_path: Path) -> None:
    (tmp_path / "sys/class/dmi/id").mkdir(parents=True)
    (tmp_path / "sys/class/dmi/id/product_name").write_text("VirtualBox\n")
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc/cpuinfo").write_text("flags\t\t: fpu hypervisor lahf_lm\n")
    found = vm_signals(tmp_path, ("08:00:27:aa:bb:cc", "a4:bb:6d:00:00:01"))
    assert found == (
        "firmware product_name: VirtualBox",
        "processor reports a hypervisor",
        "network card of VirtualBox",
    )


def test_a_real_computer_gives_no_signal(tmp_path: Path) -> None:
    (tmp_path / "sys/class/dmi/id").mkdir(parents=True)
    (tmp_path / "sys/class/dmi/id/product_name").write_text("ThinkPad X1\n")
    assert vm_signals(tmp_path, ("a4:bb:6d:00:00:01",)) == ()


def test_a_wayland_session_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_SESSION_TYPE", "wayland")
    platform = backend.platform(Devices(NO, NO, NO))
    assert platform.name == "linux/wayland"
    assert "X11" in platform.capabilities()["windows"]
    assert isinstance(backend.clipboard(), Unsupported)


def test_without_a_desktop_only_the_login_unit_can_be_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("XDG_SESSION_TYPE", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert [setting.name for setting in backend.settings()] == ["restore at login"]


@pytest.mark.real
def test_what_a_server_cannot_do_is_said(server: XServer) -> None:
    plain = XServer(window_manager="", without=("RECORD", "RANDR")).start()
    try:
        platform = backend.platform(Devices(NO, NO, NO), plain.display)
        assert platform.keys == Unsupported("This X server does not have the extension RECORD.")
        assert platform.displays == Unsupported("This X server does not have the extension RANDR.")
        assert not isinstance(platform.clipboard, Unsupported)
    finally:
        plain.stop()


@pytest.mark.real
def test_a_program_that_shows_the_screen_elsewhere_is_named(server: XServer) -> None:
    assert session_type({}, server.display) == "x11"
    assert RemoteSigns({}, server.display).signals() == ()
    process = subprocess.Popen(
        ["x11vnc", "-display", server.display, "-rfbport", "0", "-quiet", "-forever"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        signs = RemoteSigns({}, server.display)
        wait_for(lambda: "x11vnc watches this display" in signs.signals(), "the signal")
    finally:
        process.kill()
        process.wait()


def test_a_session_over_ssh_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    assert RemoteSigns({"SSH_CONNECTION": "1"}, None).signals() == ("started over ssh",)


@pytest.mark.parametrize(
    ("display", "far"),
    [(":0", False), (":1.0", False), ("unix:0", False), ("/tmp/x/org:0", False), ("", False),
     ("localhost:10.0", True), ("192.0.2.7:0", True)],
)  # fmt: skip
def test_a_display_on_another_computer_is_recognised(display: str, far: bool) -> None:
    assert elsewhere(display) == far


def test_a_login_from_another_computer_is_named(tmp_path: Path) -> None:
    of_session = tmp_path / "run/systemd/sessions/c2"
    of_session.parent.mkdir(parents=True)
    of_session.write_text("UID=1000\nREMOTE=1\nREMOTE_HOST=192.0.2.7\n")
    signs = RemoteSigns({"XDG_SESSION_ID": "c2"}, ":none", tmp_path).signals()
    assert signs == ("logged in from another computer",)
    assert RemoteSigns({"XDG_SESSION_ID": "../x"}, ":none", tmp_path).signals() == ()


def test_sessions_of_sharing_are_read_from_what_the_desktop_lists() -> None:
    assert has_sessions('<node><interface name="a"/><node name="u1"/></node>')
    assert not has_sessions('<node><interface name="a"/></node>')


def test_a_tracer_of_any_thread_is_seen(tmp_path: Path) -> None:
    assert LinuxSystem().debugger() == ""
    for number, tracing in (("7", "0"), ("8", "4711")):
        (tmp_path / number).mkdir()
        (tmp_path / number / "status").write_text(f"Name:\tx\nTracerPid:\t{tracing}\n")
    assert _is_traced(tmp_path)


@pytest.mark.real
def test_asking_for_signs_of_a_remote_session_is_quick(server: XServer) -> None:
    system = LinuxSystem(server.display)
    system.remote_signals()
    began = time.process_time()
    for _ in range(10):
        system.remote_signals()
    assert (time.process_time() - began) / 10 < 0.02
