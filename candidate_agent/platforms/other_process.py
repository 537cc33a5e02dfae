"""Another process by its number, as far as agent and keeper need each other: is it stopped or traced, go on, end.

Where the system tells nothing of that, `is_stopped` and `is_traced` are False, and silence alone decides.
"""

import contextlib
import os
import signal
import sys
from pathlib import Path

_STOPPED = "T"  # of /proc: stopped by a signal; not "t", which is a debugger's
TRACED = "another program traces this one"
"""In words, for keeper and system port alike: what both see of one debugger is then told once."""


class OtherProcess:
    """`end` and `go_on` reach this process and never one that got its number later, where the system can promise it."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._handle = _handle(pid)

    def is_stopped(self) -> bool:
        try:
            text = Path(f"/proc/{self.pid}/stat").read_text("latin-1")
        except OSError:
            return False
        return text.rpartition(")")[2].split()[:1] == [_STOPPED]

    def is_traced(self) -> bool:
        """A debugger is attached, whether it holds the process or lets it run."""
        try:
            text = Path(f"/proc/{self.pid}/status").read_text("latin-1")
        except OSError:
            return False
        return any(line.split() != ["TracerPid:", "0"] for line in text.splitlines() if line.startswith("TracerPid:"))

    def go_on(self) -> None:
        if sys.platform != "win32":
            self._send(signal.SIGCONT)

    def end(self) -> None:
        if sys.platform == "win32":
            self._send(signal.SIGTERM)  # which no program there can catch
        else:
            self._send(signal.SIGKILL)

    def close(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _send(self, number: signal.Signals) -> None:
        with contextlib.suppress(OSError):  # it is gone
            if sys.platform == "linux" and self._handle is not None:
                signal.pidfd_send_signal(self._handle, number)
            else:
                os.kill(self.pid, number)


def _handle(pid: int) -> int | None:
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            return os.pidfd_open(pid)
    return None
