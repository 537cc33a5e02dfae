"""A program is found by what it is called, whatever starts it and wherever it lies; of its arguments no more is read
than the name of a script."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from candidate_agent.platforms.linux import process_names
from candidate_agent.platforms.linux.process_names import described, script, started_s
from tests.rig.xserver import wait_for

SLEEP = str(shutil.which("sleep"))


@contextmanager
def running(*command: str) -> Iterator[int]:
    process = subprocess.Popen(command, stdin=subprocess.PIPE)
    try:
        yield process.pid
    finally:
        process.kill()
        process.wait()
        assert process.stdin
        process.stdin.close()


def names(pid: int) -> tuple[str, ...]:
    found = described(pid)
    return found.names if found else ()


def test_a_deleted_file_still_has_its_name(tmp_path: Path) -> None:
    program = tmp_path / "AnyDesk"
    shutil.copy(SLEEP, program)
    with running(str(program), "60") as pid:
        wait_for(lambda: "anydesk" in names(pid), "the program")
        program.unlink()
        assert names(pid) == ("anydesk",)
        assert abs(started_s(pid) - time.time()) < 5


def test_a_script_is_found_by_its_name_and_its_arguments_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "RustDesk.py"
    path.write_text("import sys; sys.stdin.read()")
    with running(sys.executable, str(path), "--password", "secret") as pid:
        wait_for(lambda: "rustdesk" in names(pid), "the script")
        assert not any("secret" in name or "/" in name for name in names(pid))


@pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="Linux only")
def test_a_program_that_never_lay_on_a_disk_has_the_name_it_gave_itself() -> None:
    handle = os.memfd_create("obs")
    os.write(handle, Path(SLEEP).read_bytes())
    process = subprocess.Popen([f"/proc/self/fd/{handle}", "60"], pass_fds=(handle,))
    os.close(handle)
    wait_for(lambda: "obs" in names(process.pid), "the program")
    process.kill()
    process.wait()


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (["python3", "/opt/tool/Helper.py", "x"], "helper"),
        (["python3", "-u", "-m", "chat_client", "x"], "chat_client"),
        (["python3", "-c", "import this"], ""),
        (["java", "-Xmx1g", "-jar", "/home/me/Tool.jar"], "tool"),
        (["wine64-preloader", "C:\\Program Files\\AnyDesk\\AnyDesk.exe"], "anydesk"),
        (["node", "--inspect", "/usr/lib/app/main.js"], "main"),
        (["bash"], ""),
        (["bash", ""], ""),
        ([], ""),
    ],
)
def test_of_arguments_the_scripts_name_is_read(words: list[str], name: str) -> None:
    assert script(words) == name


@pytest.mark.parametrize(
    ("group", "name"),
    [
        ("0::/user.slice/user-1000.slice/app.slice/app-flatpak-com.discordapp.Discord-4711.scope", "discord"),
        ("0::/user.slice/app.slice/snap.spotify.spotify-0f1e.scope", "spotify"),
        ("0::/user.slice/app.slice/app-gnome-org.telegram.desktop-99.scope", "org.telegram.desktop"),
        ("0::/user.slice/app.slice/app-gnome-com.obsproject.Studio-1.scope", "com.obsproject.studio"),
    ],
)
def test_a_sandboxed_program_has_its_applications_id(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, group: str, name: str
) -> None:
    of_process = tmp_path / "77"
    of_process.mkdir()
    (of_process / "comm").write_text("bwrap\n")
    (of_process / "cgroup").write_text(group + "\n")
    (of_process / "stat").write_text("77 (a) b) S 1 " + "0 " * 17 + "500 0\n")
    (tmp_path / "stat").write_text("btime 1700000000\n")
    monkeypatch.setattr(process_names, "PROC", str(tmp_path))
    assert name in names(77)


def test_a_process_that_is_gone_is_nobody() -> None:
    process = subprocess.Popen(["true"])
    process.wait()
    assert described(process.pid) is None
