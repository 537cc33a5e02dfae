"""Running programs by psutil, the same on every system: by difference, four times a second."""

import contextlib
import threading
from collections.abc import Callable, Iterable
from pathlib import PurePath

import psutil

from candidate_agent.platforms.ports import Closer, Fingerprint, Process

PERIOD_S = 0.25
JOIN_S = 2.0


class PolledProcesses:
    def processes(self) -> tuple[Process, ...]:
        return tuple(described(psutil.pids()))

    def watch(self, emit: Callable[[Process], None]) -> Closer:
        known = set(psutil.pids())
        ended = threading.Event()
        thread = threading.Thread(target=_poll, args=(known, ended, emit), name="processes", daemon=True)
        thread.start()

        def end() -> None:
            ended.set()
            if thread is not threading.current_thread():
                thread.join(JOIN_S)

        return end

    def fingerprint(self, pid: int) -> Fingerprint:
        del pid
        return Fingerprint()

    def ask_to_close(self, pid: int) -> bool:
        """The polite signal. Raises nothing."""
        try:
            psutil.Process(pid).terminate()
        except psutil.Error:
            return False
        return True


def _poll(known: set[int], ended: threading.Event, emit: Callable[[Process], None]) -> None:
    young: set[int] = set()  # looked at twice: between fork and exec a process still carries its parent's name
    while not ended.wait(PERIOD_S):
        now = set(psutil.pids())
        for process in described((now - known) | (young & now)):
            emit(process)
        young, known = now - known, now


def described(pids: Iterable[int]) -> Iterable[Process]:
    for pid in pids:
        try:
            process = psutil.Process(pid)
            names = _names(process)
            yield Process(pid, names, process.create_time())
        except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
            continue  # gone, or not ours to look at


def _names(process: psutil.Process) -> tuple[str, ...]:
    """Base names only, lower case: never an argument."""
    names = [process.name()]
    with contextlib.suppress(psutil.AccessDenied):  # another user's program: its short name must do
        names.append(PurePath(process.exe()).name)
    return tuple(dict.fromkeys(name.lower() for name in names if name))
