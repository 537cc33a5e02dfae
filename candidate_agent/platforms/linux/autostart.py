"""Restore at login: one XDG autostart file that runs `candidate-agent restore` at the next login.

It is the first thing the lockdown writes and the last it takes away, so that a computer that lost its power mid-exam
comes back by itself.
"""

import os
import sys
from pathlib import Path
from typing import Any

from candidate_agent.base.files import sync_dir
from candidate_agent.platforms.ports import RESTORE_AT_LOGIN

FILE_NAME = "candidate-agent-restore.desktop"


def restore_command() -> tuple[str, ...]:
    if getattr(sys, "frozen", False):
        return (sys.executable, "restore")
    return (sys.executable, "-m", "candidate_agent", "restore")


def autostart_dir() -> Path:
    home = os.environ.get("XDG_CONFIG_HOME", "")
    return (Path(home) if home else Path.home() / ".config") / "autostart"


class RestoreAtLogin:
    """Value: the file's text (None: no file) and whether its folder exists."""

    name = RESTORE_AT_LOGIN

    def __init__(self, directory: Path | None = None, command: tuple[str, ...] | None = None) -> None:
        self._given_dir = directory
        self._command = command

    def read(self) -> Any:
        path = self._path()
        text = path.read_text("utf-8") if path.is_file() else None
        return {"text": text, "folder": path.parent.is_dir()}

    def write(self, value: Any) -> None:
        path = self._path()
        if value["text"] is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, value["text"].encode())
        elif path.parent.is_dir():
            path.unlink(missing_ok=True)
            sync_dir(path.parent)
            if not value["folder"] and not any(path.parent.iterdir()):
                path.parent.rmdir()

    def locked(self, old: Any) -> Any:
        del old
        return {"text": desktop_entry(self._command or restore_command()), "folder": True}

    def default(self) -> Any:
        return {"text": None, "folder": True}

    def _path(self) -> Path:
        return (self._given_dir or autostart_dir()) / FILE_NAME


def _write(path: Path, data: bytes) -> None:
    """In place, without a second file that a kill could leave behind: a torn one is found by its text, and nothing else
    is changed before this one is on the disk."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    with open(handle, "wb") as file:  # noqa: PTH123 - opened above
        file.write(data)
        file.flush()
        os.fsync(handle)
    sync_dir(path.parent)


def desktop_entry(command: tuple[str, ...]) -> str:
    return "\n".join(
        (
            "[Desktop Entry]",
            "Type=Application",
            "Name=Give the computer back after an exam",
            f"Exec={' '.join(quoted(part) for part in command)}",
            "NoDisplay=true",
            "X-GNOME-Autostart-enabled=true",
            "",
        )
    )


def quoted(argument: str) -> str:
    """One argument of an Exec line, by the Desktop Entry Specification: quoted, then escaped as a string."""
    for character in '\\"`$':
        argument = argument.replace(character, "\\" + character)
    return '"' + argument.replace("%", "%%").replace("\\", "\\\\") + '"'
