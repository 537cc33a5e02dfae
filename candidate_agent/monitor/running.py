"""Which programs that the exam does not allow run now, and asking one of them to close. Never ends a program.

Built by `app`; used by the program check before the exam, by `looks` during it, and by `hands` for the candidate's
"Close it for me".
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from candidate_agent.monitor.programs import UNKNOWN_FILE, Match, ProgramList
from candidate_agent.platforms.ports import Fingerprint, Platform, Process, ProcessPort, Unsupported, Window

PATIENCE_S = 20  # a program may ask its user whether to save


@dataclass(frozen=True, slots=True)
class RunningProgram:
    """`pids`: first those that own windows, else the oldest: the one that is asked to close."""

    name: str
    pids: tuple[int, ...]


class RunningPrograms:
    def __init__(
        self, platform: Platform, programs: ProgramList, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._platform = platform
        self._programs = programs
        self._sleep = sleep

    def now(self) -> tuple[RunningProgram, ...]:
        """By name. Empty where the system cannot tell."""
        port = self._platform.processes
        processes = () if isinstance(port, Unsupported) else port.processes()
        windows = self._windows()
        names = {process.pid: process.names for process in processes}
        owners: dict[str, list[int]] = {}
        oldest: dict[str, Process] = {}
        for window in windows:
            found = self._match(names.get(window.pid, ()), window.program, window.pid)
            if found and window.pid not in owners.setdefault(found.name, []):
                owners[found.name].append(window.pid)
        for process in processes:
            found = self._match(process.names, "", process.pid)
            if found and process.started_s <= oldest.setdefault(found.name, process).started_s:
                oldest[found.name] = process
        return tuple(
            RunningProgram(name, tuple(pid for pid in owners.get(name, ()) if pid) or _pid(oldest.get(name)))
            for name in sorted({*owners, *oldest})
        )

    def _windows(self) -> tuple[Window, ...]:
        port = self._platform.windows
        return () if isinstance(port, Unsupported) else port.windows()

    def _match(self, names: tuple[str, ...], window: str, pid: int) -> Match | None:
        found = self._programs.match(names, window)
        port = self._platform.processes
        asks = self._programs.excuses_files if found else self._programs.asks_files
        if not asks or isinstance(port, Unsupported) or not pid:
            return found
        return self._programs.match(names, window, file_of(port, pid))

    def ask_to_close(self, name: str) -> bool:
        """False: nobody could be asked."""
        port = self._platform.processes
        if isinstance(port, Unsupported):
            return False
        pids = next((program.pids for program in self.now() if program.name == name), ())
        asked = [port.ask_to_close(pid) for pid in pids]  # all of them, not only the first that can be asked
        return any(asked)

    async def close(self, name: str) -> bool:
        """Asks, and waits at most 20 s. False: it still runs, or could not be asked; nothing was ended by force."""
        asked = await asyncio.to_thread(self.ask_to_close, name)
        for _ in range(PATIENCE_S if asked else 0):
            await self._sleep(1)
            if name not in {program.name for program in await asyncio.to_thread(self.now)}:
                return True
        return name not in {program.name for program in await asyncio.to_thread(self.now)}


def file_of(port: ProcessPort, pid: int) -> Fingerprint:
    return port.fingerprint(pid) if pid > 0 else UNKNOWN_FILE


def _pid(process: Process | None) -> tuple[int, ...]:
    return (process.pid,) if process is not None else ()
