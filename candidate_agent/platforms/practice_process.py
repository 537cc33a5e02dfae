"""The practice room as the agent sees it: a process with two pipes, `python -m practice_room FOLDER`. Started by
`practice`.

To the room one line of JSON, the order; from it `{"type": "ready", "link": ...}`, then `{"type": "opened",
"pictures": n}`. The room ends with the pipe, whatever ends this process, and takes its folder away.
"""

import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from candidate_agent.base.errors import PracticeError

READY_S = 30.0  # on an old computer that does other things, too
END_S = 10.0


class PracticeProcess:
    """`start` gives one; `end` closes it."""

    def __init__(self, process: "subprocess.Popen[bytes]", link: str) -> None:
        assert process.stdin is not None and process.stdout is not None
        self._process, self._pipe, self._answers = process, process.stdin, process.stdout
        self.link = link
        self.pictures_opened = 0
        self._thread = threading.Thread(target=self._listen, name="practice-room", daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def end(self) -> None:
        """By the end of its pipe; by its id where that is not enough."""
        _end(self._process)
        self._thread.join()
        self._answers.close()

    def _listen(self) -> None:
        for line in self._answers:
            said = _read(line)
            if said.get("type") == "opened":
                self.pictures_opened = int(said.get("pictures", 0))


def practice_command(folder: Path) -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, "practice-room", str(folder)]
    return [sys.executable, "-m", "practice_room", str(folder)]


def start(
    folder: Path,
    order: dict[str, Any],
    meanwhile: Callable[[], object] = lambda: None,
    command: list[str] | None = None,
) -> PracticeProcess:
    """Returns when the room is open; `meanwhile` is done while it opens. Raises PracticeError `practice_failed`."""
    failed = PracticeError("practice_failed", "The practice room on this computer could not be opened.")
    try:
        process = subprocess.Popen(  # noqa: S603 - our own module, no shell
            command or practice_command(folder), stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
        )
    except OSError as error:
        raise failed from error
    assert process.stdin is not None and process.stdout is not None
    try:
        link = _tell(process.stdin, order, meanwhile) and _hear_link(process.stdout)
    except BaseException:
        _end(process)
        process.stdout.close()
        raise
    if not link:
        _end(process)
        process.stdout.close()
        raise failed
    return PracticeProcess(process, link)


def _tell(pipe: IO[bytes], order: dict[str, Any], meanwhile: Callable[[], object]) -> bool:
    try:
        pipe.write(json.dumps(order).encode() + b"\n")
        pipe.flush()
    except OSError:  # it ended before it read
        return False
    meanwhile()
    return True


def _hear_link(answers: IO[bytes]) -> str:
    """Waits for one line, at most READY_S; "" where none comes."""
    lines: list[bytes] = []
    reader = threading.Thread(target=lambda: lines.append(answers.readline()), daemon=True)
    reader.start()
    reader.join(READY_S)
    said = _read(lines[0]) if lines else {}
    return str(said.get("link", "")) if said.get("type") == "ready" else ""


def _read(line: bytes) -> dict[str, Any]:
    """A torn line is what a dying process leaves: it is passed over."""
    try:
        said = json.loads(line)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _end(process: "subprocess.Popen[bytes]") -> None:
    assert process.stdin is not None
    with contextlib.suppress(OSError):  # it died before it read the last line
        process.stdin.close()
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
