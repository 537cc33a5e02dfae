"""Restoring meets a bad disk, a bad log, somebody else's log, and itself at work: it says so, and harms nothing."""

import errno
import hashlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from candidate_agent.base.errors import LockdownError
from candidate_agent.config import Config, default_home
from candidate_agent.lockdown.restore import FOREIGN, restore
from candidate_agent.lockdown.undo_log import Entry, OsDisk, UndoLog, line
from candidate_agent.platforms.instance_lock import InstanceLock
from candidate_agent.platforms.linux import autostart, backend
from candidate_agent.platforms.linux.autostart import RestoreAtLogin
from candidate_agent.platforms.ports import RESTORE_AT_LOGIN
from tests.candidate_agent.lockdown.test_sequence import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "home")


def old_settings(desk: Desk) -> dict[str, Any]:
    return {**desk.machine.settings}


# --- the log ----------------------------------------------------------------------------------------------------------


def unversioned(entry: Entry) -> bytes:
    """A line as version 0.1.0 wrote it."""
    text = json.dumps({"setting": entry.setting, "old": entry.old}, separators=(",", ":")).encode()
    return hashlib.sha256(text).hexdigest()[:16].encode() + b" " + text + b"\n"


def newer(entry: Entry) -> bytes:
    text = json.dumps({"v": 99, "what": entry.setting}).encode()
    return hashlib.sha256(text).hexdigest()[:16].encode() + b" " + text + b"\n"


def lock_and_die(desk: Desk) -> None:
    desk.lockdown.apply()
    desk.machine.isolated = False


def test_a_log_of_the_first_version_is_understood(desk: Desk) -> None:
    lock_and_die(desk)
    desk.path.write_bytes(b"".join(unversioned(Entry(name, old)) for name, old in desk.before.items()))
    assert restore(desk.path, tuple(desk.settings.values())).restored
    assert desk.machine.settings == desk.before


def test_a_line_of_a_later_version_falls_back_on_the_default_and_says_so_even_at_the_end(desk: Desk) -> None:
    lock_and_die(desk)
    entries = [Entry(name, old) for name, old in desk.before.items()]
    desk.path.write_bytes(b"".join([*map(line, entries[:-1]), newer(entries[-1])]))
    report = restore(desk.path, tuple(desk.settings.values()))
    assert report.restored and "default" in report.measures[entries[-1].setting]
    assert desk.machine.settings == {**desk.before, entries[-1].setting: None}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")
def test_another_users_log_is_neither_believed_nor_removed(desk: Desk) -> None:
    desk.path.parent.mkdir()
    desk.path.write_bytes(line(Entry(RESTORE_AT_LOGIN, {"text": "[Desktop Entry]\nExec=evil", "folder": True})))
    os.chown(desk.path, 12345, -1)
    report = restore(desk.path, tuple(desk.settings.values()))
    assert not report.restored and report.measures == {"undo log": FOREIGN}
    assert desk.machine.settings == desk.before and desk.path.exists()
    with pytest.raises(LockdownError):
        desk.lockdown.apply()
    assert desk.machine.settings == desk.before


def test_a_link_in_the_logs_place_is_not_followed(desk: Desk, tmp_path: Path) -> None:
    victim = tmp_path / "precious"
    victim.write_bytes(line(Entry("screen saver", "of somebody else")))
    desk.path.parent.mkdir()
    desk.path.symlink_to(victim)
    with pytest.raises(LockdownError):
        UndoLog(desk.path).note(Entry("screen saver", 1))
    restore(desk.path, tuple(desk.settings.values()))
    assert not desk.path.is_symlink()
    assert victim.read_bytes() == line(Entry("screen saver", "of somebody else"))
    assert desk.machine.settings["screen saver"] == desk.before["screen saver"]


def test_a_pipe_in_the_logs_place_is_not_waited_for(desk: Desk) -> None:
    desk.path.parent.mkdir()
    os.mkfifo(desk.path)
    assert restore(desk.path, tuple(desk.settings.values())).restored
    assert not desk.path.exists()


def test_a_folder_in_the_logs_place_is_said(desk: Desk) -> None:
    desk.path.mkdir(parents=True)
    report = restore(desk.path, tuple(desk.settings.values()))
    assert not report.restored and "could not be removed" in report.measures["undo log"]


def test_a_log_that_cannot_be_removed_is_said_and_the_settings_come_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock_and_die(desk)
    monkeypatch.setattr(OsDisk, "remove", fail_with(errno.EROFS))
    for _ in range(2):
        report = restore(desk.path, tuple(desk.settings.values()))
        assert not report.restored and "could not be removed" in report.measures["undo log"]
        assert desk.machine.settings == desk.before


def fail_with(number: int) -> Callable[..., None]:
    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


@pytest.mark.parametrize("call", ["append", "sync"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EDQUOT])
def test_a_disk_that_takes_no_entry_lets_nothing_be_changed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    monkeypatch.setattr(OsDisk, call, fail_with(number))
    with pytest.raises(LockdownError) as raised:
        desk.lockdown.apply()
    assert raised.value.code == "undo_log_failed"
    assert desk.machine.settings == desk.before and not desk.machine.isolated
    assert desk.keepers[0].told_done


def test_a_disk_that_is_full_for_the_login_unit_leaves_no_trace_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = RestoreAtLogin(tmp_path / "config" / "autostart", ("/opt/agent", "restore"))
    before = unit.read()
    monkeypatch.setattr(os, "fsync", fail_with(errno.ENOSPC))
    with pytest.raises(OSError):
        unit.write(unit.locked(before))
    monkeypatch.undo()
    unit.write(before)
    assert unit.read() == before and list((tmp_path / "config").iterdir()) == []


# --- two at once ------------------------------------------------------------------------------------------------------


def test_called_again_it_finds_nothing_to_do(desk: Desk) -> None:
    lock_and_die(desk)
    assert restore(desk.path, tuple(desk.settings.values())).measures
    again = restore(desk.path, tuple(desk.settings.values()))
    assert again.restored and again.measures == {}


def test_two_restores_wait_for_each_other(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    lock_and_die(desk)
    setting, inside, go_on, writes = desk.settings["screen saver"], threading.Event(), threading.Event(), list[str]()
    write = setting.write

    def slowly(value: Any) -> None:
        writes.append("begins")
        inside.set()
        assert go_on.wait(10)
        write(value)
        writes.append("ends")

    monkeypatch.setattr(setting, "write", slowly)
    threads = [threading.Thread(target=restore, args=(desk.path, tuple(desk.settings.values()))) for _ in range(2)]
    threads[0].start()
    assert inside.wait(10)
    threads[1].start()
    threads[1].join(0.2)
    assert threads[1].is_alive()
    go_on.set()
    for thread in threads:
        thread.join(10)
    assert writes == ["begins", "ends"], "the second one found nothing to do"
    assert desk.machine.settings == desk.before


def test_a_restore_that_waits_in_vain_goes_on_and_a_lockdown_does_not(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The computer fails open, the exam fails closed: a lock that somebody never lets go of."""
    monkeypatch.setattr("candidate_agent.lockdown.undo_log.LOCK_S", 0.1)
    lock_and_die(desk)
    lock = InstanceLock(desk.path.with_name("undo.log.lock"))
    assert lock.acquire()
    try:
        assert restore(desk.path, tuple(desk.settings.values())).restored
        assert desk.machine.settings == desk.before
        with pytest.raises(LockdownError):
            desk.lockdown.apply()
        assert desk.machine.settings == desk.before
    finally:
        lock.release()


def test_where_there_was_never_an_exam_nothing_is_made(tmp_path: Path) -> None:
    assert restore(tmp_path / "home" / "undo.log", ()).restored
    assert list(tmp_path.iterdir()) == []


# --- the login unit ---------------------------------------------------------------------------------------------------


@pytest.fixture
def login(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home without a desktop. Gives the autostart folder."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path / "config" / "autostart"


def run_exec_line(unit_path: Path) -> "subprocess.CompletedProcess[str]":
    """As a desktop does at login: the string's escapes, then the quoting of the Exec line, then no shell."""
    (text,) = [row for row in unit_path.read_text().splitlines() if row.startswith("Exec=")]
    text = text.removeprefix("Exec=").replace("\\\\", "\\").replace("%%", "%")
    return subprocess.run(
        ["sh", "-c", f"exec {text}"], cwd=unit_path.anchor, capture_output=True, text=True, check=False
    )


def test_the_login_unit_runs_for_real_and_takes_itself_away(login: Path, tmp_path: Path) -> None:
    config = Config(tmp_path / "a folder with $igns & spaces")
    (unit,) = backend.settings(restore_arguments=config.restore_arguments)
    UndoLog(config.undo_log_path).note(Entry(unit.name, unit.read()))
    unit.write(unit.locked(unit.read()))
    done = run_exec_line(login / autostart.FILE_NAME)
    assert done.returncode == 0, done.stderr
    assert "as it was before" in done.stdout
    assert not login.exists() and not config.undo_log_path.exists()


def test_a_unit_whose_log_is_lost_takes_itself_away(login: Path, tmp_path: Path) -> None:
    (unit,) = backend.settings(restore_arguments=Config(default_home()).restore_arguments)
    unit.write(unit.locked(unit.read()))
    done = run_exec_line(login / autostart.FILE_NAME)
    assert done.returncode == 0, done.stderr
    assert not (login / autostart.FILE_NAME).exists()


def test_the_usual_home_moves_with_the_person_and_another_one_is_named(login: Path, tmp_path: Path) -> None:
    assert Config(default_home()).restore_arguments == ()
    assert Config(tmp_path / "other").restore_arguments == ("--home", str(tmp_path / "other"))


def test_another_agents_unit_is_not_taken_for_a_stray_one(login: Path, tmp_path: Path) -> None:
    (theirs,) = backend.settings(restore_arguments=Config(tmp_path / "theirs").restore_arguments)
    theirs.write(theirs.locked(theirs.read()))
    ours = backend.settings(restore_arguments=Config(tmp_path / "ours").restore_arguments)
    assert restore(tmp_path / "ours" / "undo.log", ours).measures == {}
    assert (login / autostart.FILE_NAME).exists()


def test_restore_by_hand_says_that_there_was_nothing(login: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "candidate_agent", "restore", "--home", str(tmp_path / "other")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "There was nothing to put back.\n"
