"""Running programs by psutil, named by file and by bundle; new ones by NSWorkspace's word and, for all that has no
window, by polling. Closing goes the way that the Dock's own Quit goes.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import psutil

from candidate_agent.platforms.macos.bundles import Names
from candidate_agent.platforms.macos.door import closing, notified, pool
from candidate_agent.platforms.macos.signatures import Fingerprints
from candidate_agent.platforms.portable.processes import PolledProcesses, described
from candidate_agent.platforms.ports import Closer, Fingerprint, Process


class MacProcesses:
    def __init__(self, names: Names | None = None, fingerprints: Fingerprints | None = None) -> None:
        self._polled = PolledProcesses()
        self._names = names or Names()
        self._fingerprints = fingerprints or Fingerprints()

    def processes(self) -> tuple[Process, ...]:
        return tuple(self._named(process) for process in self._polled.processes())

    def watch(self, emit: Callable[[Process], None]) -> Closer:
        from AppKit import NSWorkspaceDidLaunchApplicationNotification

        def launched(note: Any) -> None:
            pid = launched_pid(note.userInfo() or {})
            for process in described([pid] if pid else []):
                emit(self._named(process))

        told = notified((NSWorkspaceDidLaunchApplicationNotification,), launched)
        return closing(told, self._polled.watch(lambda process: emit(self._named(process))))

    def fingerprint(self, pid: int) -> Fingerprint:
        path = executable_of(pid)
        return self._fingerprints.of(path) if path else Fingerprint()

    def ask_to_close(self, pid: int) -> bool:
        from AppKit import NSRunningApplication

        with pool():
            application = NSRunningApplication.runningApplicationWithProcessIdentifier_(pid)
            if application is not None:
                return bool(application.terminate())
        return self._polled.ask_to_close(pid)

    def _named(self, process: Process) -> Process:
        """A renamed program keeps the names in its bundle."""
        more = self._names.of(executable_of(process.pid))
        return replace(process, names=tuple(dict.fromkeys((*process.names, *more)))) if more else process


def launched_pid(told: Any) -> int:
    """Of the userInfo of NSWorkspaceDidLaunchApplicationNotification; 0 where it names none."""
    application = told.get("NSWorkspaceApplicationKey")
    return int(application.processIdentifier()) if application is not None else 0


def executable_of(pid: int) -> str:
    try:
        return psutil.Process(pid).exe()
    except (psutil.Error, ValueError):
        return ""
