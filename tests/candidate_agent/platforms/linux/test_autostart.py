"""The login unit: written whole, quoted so that any path works, and gone afterwards with the folder it made."""

import subprocess
from pathlib import Path

import pytest

from candidate_agent.platforms.linux import backend
from candidate_agent.platforms.linux.autostart import FILE_NAME, RestoreAtLogin, desktop_entry, quoted


def test_the_file_and_the_folder_it_made_are_gone_afterwards(tmp_path: Path) -> None:
    setting = RestoreAtLogin(tmp_path / "autostart", ("/opt/agent", "restore"))
    old = setting.read()
    setting.write(setting.locked(old))
    assert (tmp_path / "autostart" / FILE_NAME).read_text().count("Exec=") == 1
    assert setting.locked(setting.read()) == setting.read()
    setting.write(old)
    assert list(tmp_path.iterdir()) == []


def test_what_else_starts_at_login_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mail.desktop").write_text("mine")
    setting = RestoreAtLogin(tmp_path, ("/opt/agent", "restore"))
    old = setting.read()
    setting.write(setting.locked(old))
    setting.write(old)
    assert [path.name for path in tmp_path.iterdir()] == ["mail.desktop"]


def test_paths_with_spaces_and_signs_survive_the_exec_line() -> None:
    command = ("/home/me/my $files/100%/py`thon", "restore")
    line = next(line for line in desktop_entry(command).splitlines() if line.startswith("Exec="))
    as_string = line.removeprefix("Exec=").replace("\\\\", "\\")  # the file's own string escapes
    shown = ["sh", "-c", 'printf "%s\\n" ' + as_string.replace("%%", "%")]  # a shell unquotes by the same rules
    assert subprocess.run(shown, capture_output=True, text=True, check=True).stdout.splitlines() == list(command)


def test_the_login_unit_is_told_where_the_undo_log_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (setting,) = backend.settings(restore_arguments=("--home", "/somewhere else"))
    setting.write(setting.locked(setting.read()))
    assert (tmp_path / "autostart" / FILE_NAME).read_text().count('"restore" "--home" "/somewhere else"') == 1


def test_every_argument_is_quoted() -> None:
    assert quoted("restore") == '"restore"'
