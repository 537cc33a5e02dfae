"""The keeper as the agent sees it: a process with a pipe. Started by `app` through `start`.

What goes through the pipe: `{"clipboard": [[selection, form, base64], ...]}` and `{"done": true}`, one JSON line each.
The end of the pipe without "done" tells the keeper that the agent died.
"""

import base64
import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO

from candidate_agent.base.errors import LockdownError
from candidate_agent.platforms.ports import ClipboardContent, ClipboardPiece

READY_S = 10.0
DONE_S = 10.0


class KeeperProcess:
    def __init__(self, process: "subprocess.Popen[bytes]", pipe: IO[bytes]) -> None:
        self._process = process
        self._pipe = pipe

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        return self._process.pid

    def keep_clipboard(self, content: ClipboardContent) -> None:
        """Hands over what was on the clipboard, to be put back if the agent dies. Through memory only."""
        self._say({"clipboard": packed(content)})

    def done(self) -> None:
        """Everything was put back: the keeper ends without doing anything."""
        self._say({"done": True})
        self._close()
        try:
            self._process.wait(DONE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _say(self, line: dict[str, object]) -> None:
        try:
            self._pipe.write(json.dumps(line).encode() + b"\n")
            self._pipe.flush()
        except OSError:
            return  # it died: `alive` says so, and upkeep acts on it

    def _close(self) -> None:
        try:
            self._pipe.close()
        except OSError:
            return  # it died before it read the last line


def packed(content: ClipboardContent) -> list[list[str]]:
    return [[piece.selection, piece.form, base64.b64encode(piece.data).decode()] for piece in content]


def unpacked(rows: list[list[str]]) -> ClipboardContent:
    """Raises ValueError."""
    return tuple(ClipboardPiece(selection, form, base64.b64decode(data)) for selection, form, data in rows)


def keeper_command(undo_log_path: Path) -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, "keeper", str(undo_log_path)]
    return [sys.executable, "-m", "candidate_agent.keeper", str(undo_log_path)]


def start(undo_log_path: Path, command: list[str] | None = None) -> KeeperProcess:
    """Starts the keeper in a session of its own, so that what ends the agent's group does not end it.

    Returns when it says that it is ready. Raises LockdownError `keeper_failed`.
    """
    try:
        process = _outliving(command or keeper_command(undo_log_path))
    except OSError as error:
        raise LockdownError("keeper_failed", "The process that gives the computer back could not start.") from error
    assert process.stdin is not None and process.stdout is not None
    if not _is_ready(process.stdout):
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()
        raise LockdownError("keeper_failed", "The process that gives the computer back did not get ready.")
    return KeeperProcess(process, process.stdin)


def _outliving(command: list[str]) -> "subprocess.Popen[bytes]":
    if sys.platform == "win32":
        from candidate_agent.platforms.windows.jobs import start_outliving

        return start_outliving(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    return subprocess.Popen(  # noqa: S603 - our own module, no shell
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )


def _is_ready(output: IO[bytes]) -> bool:
    """Waits for one line, at most READY_S. Closes `output` when it came."""
    lines: list[bytes] = []
    reader = threading.Thread(target=lambda: lines.append(output.readline()), daemon=True)
    reader.start()
    reader.join(READY_S)
    if lines != [b"ready\n"]:
        return False
    output.close()
    return True
