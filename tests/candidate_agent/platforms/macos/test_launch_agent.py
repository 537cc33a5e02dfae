"""The login item: a whole property list, any path in it, and gone afterwards with the folder it made."""

import plistlib
from pathlib import Path

from candidate_agent.platforms.macos.launch_agent import FILE_NAME, LABEL, RestoreAtLogin, property_list

COMMAND = ("/Applications/Exam & Co <2>.app/Contents/MacOS/agent", "restore", "--home", "/Users/me/ü")


def test_the_file_and_the_folder_it_made_are_gone_afterwards(tmp_path: Path) -> None:
    setting = RestoreAtLogin(COMMAND, tmp_path / "LaunchAgents")
    old = setting.read()
    setting.write(setting.locked(old))
    assert (tmp_path / "LaunchAgents" / FILE_NAME).is_file()
    assert setting.locked(setting.read()) == setting.read()
    setting.write(old)
    assert list(tmp_path.iterdir()) == []


def test_what_else_starts_at_login_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "com.example.mail.plist").write_text("mine")
    setting = RestoreAtLogin(COMMAND, tmp_path)
    old = setting.read()
    setting.write(setting.locked(old))
    setting.write(old)
    assert [path.name for path in tmp_path.iterdir()] == ["com.example.mail.plist"]


def test_the_default_takes_the_file_away(tmp_path: Path) -> None:
    setting = RestoreAtLogin(COMMAND, tmp_path)
    setting.write(setting.locked(setting.read()))
    setting.write(setting.default())
    assert list(tmp_path.iterdir()) == []


def test_the_system_reads_the_command_as_it_was_given() -> None:
    job = plistlib.loads(property_list(COMMAND).encode())
    assert job["ProgramArguments"] == list(COMMAND)
    assert (job["Label"], job["RunAtLoad"], job["LimitLoadToSessionType"]) == (LABEL, True, "Aqua")
    assert "KeepAlive" not in job  # once is enough
