"""Restore at login: one property list in the user's own LaunchAgents, which runs `candidate-agent restore` at the next
login.

It is the first thing the lockdown writes and the last it takes away. It is never loaded into the running session; the
system reads the folder when somebody logs in, and from macOS 13 on tells the candidate that an item was added.
"""

import plistlib
import sys
from pathlib import Path
from typing import Any

from candidate_agent.base.files import replace_file, sync_dir
from candidate_agent.platforms.ports import RESTORE_AT_LOGIN

LABEL = "candidate-agent-restore"
FILE_NAME = f"{LABEL}.plist"


def restore_command() -> tuple[str, ...]:
    if getattr(sys, "frozen", False):
        return (sys.executable, "restore")
    return (sys.executable, "-m", "candidate_agent", "restore")


def launch_agents_dir() -> Path:
    return Path.home() / "Library" / "LaunchAgents"


class RestoreAtLogin:
    """Value: the file's text (None: no file) and whether its folder exists."""

    name = RESTORE_AT_LOGIN

    def __init__(self, command: tuple[str, ...] | None = None, directory: Path | None = None) -> None:
        self._command = command
        self._given_dir = directory

    def read(self) -> Any:
        path = self._path()
        text = path.read_text("utf-8") if path.is_file() else None
        return {"text": text, "folder": path.parent.is_dir()}

    def write(self, value: Any) -> None:
        path = self._path()
        if value["text"] is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, value["text"].encode(), mode=0o644)
        elif path.parent.is_dir():
            path.unlink(missing_ok=True)
            sync_dir(path.parent)
            if not value["folder"] and not any(path.parent.iterdir()):
                path.parent.rmdir()

    def locked(self, old: Any) -> Any:
        del old
        return {"text": property_list(self._command or restore_command()), "folder": True}

    def default(self) -> Any:
        return {"text": None, "folder": True}

    def _path(self) -> Path:
        return (self._given_dir or launch_agents_dir()) / FILE_NAME


def property_list(command: tuple[str, ...]) -> str:
    """Once, at login, in the session with a desktop; arguments need no quoting."""
    job = {
        "Label": LABEL,
        "ProgramArguments": list(command),
        "RunAtLoad": True,
        "LimitLoadToSessionType": "Aqua",
        "ProcessType": "Interactive",
    }
    return plistlib.dumps(job).decode()
