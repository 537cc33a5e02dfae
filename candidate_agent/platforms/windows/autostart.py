"""Restore at login: one value under the user's Run key, which runs `candidate-agent restore` at every login until it is
taken away. RunOnce would be gone before it had succeeded. It needs no administrator."""

import subprocess
import sys
from typing import Any

from candidate_agent.base.errors import PlatformError
from candidate_agent.platforms.ports import RESTORE_AT_LOGIN
from candidate_agent.platforms.windows import registry

RUN_PATH = r"Software\Microsoft\Windows\CurrentVersion\Run"
VALUE_NAME = "CandidateAgentRestore"
LONGEST_COMMAND = 260  # what Windows promises to run from there


def restore_command() -> tuple[str, ...]:
    if getattr(sys, "frozen", False):
        return (sys.executable, "restore")
    return (sys.executable, "-m", "candidate_agent", "restore")


class RestoreAtLogin:
    """Value: the command line as `[kind, data]` (None: there is none) and whether the key was there."""

    name = RESTORE_AT_LOGIN

    def __init__(self, command: tuple[str, ...] | None = None) -> None:
        self._command = command

    def read(self) -> Any:
        return {
            "value": registry.read(registry.USER, RUN_PATH, VALUE_NAME),
            "key": registry.exists(registry.USER, RUN_PATH),
        }

    def write(self, value: Any) -> None:
        """On the disk when it returns: a power cut may come with the next change. Raises PlatformError `unsupported`
        where the command is longer than Windows promises to run."""
        if value["value"] is None:
            registry.remove(RUN_PATH, VALUE_NAME, with_key=not value["key"])
            return
        if len(value["value"][1]) > LONGEST_COMMAND:
            raise PlatformError("unsupported", "The folder of this program has too long a name to be run at login.")
        registry.write(RUN_PATH, VALUE_NAME, value["value"])

    def locked(self, old: Any) -> Any:
        del old
        return {"value": [registry.TEXT, command_line(self._command or restore_command())], "key": True}

    def default(self) -> Any:
        return {"value": None, "key": True}


def command_line(command: tuple[str, ...]) -> str:
    """One text, quoted as Windows programs take it apart."""
    return subprocess.list2cmdline(command)
