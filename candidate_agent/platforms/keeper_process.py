"""The keeper as the agent sees it: a process with two pipes. Started by `app` through `start`.

To the keeper, one JSON line each: `{"beat": n, "late": seconds}` twice a second, `{"clipboard": [[selection, form,
base64], ...]}`, `{"setting": name, "old": value}` and `{"done": true}`; the end of the pipe without "done" tells it
that the agent died. From the keeper: "ready", then `{"echo": n, "woken": times, "traced": times}` for each beat.
One that is stopped or does not echo is ended here, and `alive` is False.
"""

import base64
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from candidate_agent.base.errors import LockdownError
from candidate_agent.base.heartbeat import BEAT_S, SILENT_S, Ask, Part, Silence
from candidate_agent.platforms.other_process import OtherProcess
from candidate_agent.platforms.ports import ClipboardContent, ClipboardPiece

READY_S = 10.0
DONE_S = 10.0
LOOKS_STOPPED = 2  # a stop shorter than this many beats is nobody's business


class KeeperProcess:
    """`asks`: threads of the agent whose answers the beat depends on."""

    def __init__(self, process: "subprocess.Popen[bytes]", asks: Sequence[Ask] = ()) -> None:
        assert process.stdin is not None and process.stdout is not None
        self._process, self._pipe, self._answers = process, process.stdin, process.stdout
        self._other = OtherProcess(process.pid)
        now_s = time.monotonic()
        self._parts = [Part(ask, now_s) for ask in asks]
        self._echoes = Silence(now_s)
        self._looks_stopped = 0
        self._writing = threading.Lock()
        self._ended = threading.Event()
        self.woken = 0  # how often the keeper found this process stopped, and told it to go on
        self.traced = 0  # how often it saw a debugger attach to this process
        self._threads = [
            threading.Thread(target=self._listen, name="keeper-echo", daemon=True),
            threading.Thread(target=self._beat, name="keeper-beat", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        return self._process.pid

    def keep_clipboard(self, content: ClipboardContent) -> None:
        """Hands over what was on the clipboard, to be put back if the agent dies. Through memory only."""
        with self._writing:
            self._say({"clipboard": packed(content)})

    def keep_old(self, name: str, old: object) -> None:
        """A second copy of an undo entry, in memory: the file may be deleted by the time it is needed."""
        with self._writing:
            self._say({"setting": name, "old": old})

    def done(self) -> None:
        """Everything was put back: the keeper ends without doing anything."""
        self._ended.set()
        with self._writing:
            self._say({"done": True})
            self._close()
        try:
            self._process.wait(DONE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for thread in self._threads:
            thread.join()
        self._answers.close()
        self._other.close()

    # --- threads ------------------------------------------------------------------------------------------------------

    def _beat(self) -> None:
        number = 0
        while not self._ended.wait(BEAT_S):
            now_s, number = time.monotonic(), number + 1
            late_s = max((part.late_s(now_s) for part in self._parts), default=0.0)
            if self._writing.acquire(blocking=False):  # a long line may be under way: that is a sign of life, too
                try:
                    self._say({"beat": number, "late": round(late_s, 1)})
                finally:
                    self._writing.release()
            self._look_after_keeper(now_s)

    def _look_after_keeper(self, now_s: float) -> None:
        self._looks_stopped = self._looks_stopped + 1 if self._other.is_stopped() else 0
        if self._echoes.look(now_s) > SILENT_S or self._looks_stopped >= LOOKS_STOPPED:
            self._other.end()

    def _listen(self) -> None:
        for line in self._answers:
            self._echoes.heard()
            try:
                said = json.loads(line)
                self.woken, self.traced = int(said["woken"]), int(said["traced"])
            except (ValueError, KeyError, TypeError):
                continue  # a dying keeper tears its last line

    def _say(self, line: dict[str, object]) -> None:
        try:
            self._pipe.write(json.dumps(line).encode() + b"\n")
            self._pipe.flush()
        except (OSError, ValueError):
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


def keeper_command(undo_log_path: Path, agent_pid: int | None = None) -> list[str]:
    """`agent_pid`: whom the keeper watches; without it the pipe alone tells."""
    words = [str(undo_log_path), *([str(agent_pid)] if agent_pid else [])]
    if getattr(sys, "frozen", False):
        return [sys.executable, "keeper", *words]
    return [sys.executable, "-m", "candidate_agent.keeper", *words]


def start(undo_log_path: Path, command: list[str] | None = None, asks: Sequence[Ask] = ()) -> KeeperProcess:
    """Starts the keeper in a session of its own, so that what ends the agent's group does not end it.

    Returns when it says that it is ready. Raises LockdownError `keeper_failed`.
    """
    try:
        process = _outliving(command or keeper_command(undo_log_path, os.getpid()))
    except OSError as error:
        raise LockdownError("keeper_failed", "The process that gives the computer back could not start.") from error
    assert process.stdin is not None and process.stdout is not None
    if not _is_ready(process.stdout):
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()
        raise LockdownError("keeper_failed", "The process that gives the computer back did not get ready.")
    return KeeperProcess(process, asks)


def _outliving(command: list[str]) -> "subprocess.Popen[bytes]":
    if sys.platform == "win32":
        from candidate_agent.platforms.windows.jobs import start_outliving

        return start_outliving(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    return subprocess.Popen(  # noqa: S603 - our own module, no shell
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )


def _is_ready(output: IO[bytes]) -> bool:
    """Waits for one line, at most READY_S."""
    lines: list[bytes] = []
    reader = threading.Thread(target=lambda: lines.append(output.readline()), daemon=True)
    reader.start()
    reader.join(READY_S)
    return lines == [b"ready\n"]
