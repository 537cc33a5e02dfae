"""What no port tells by itself, looked at now and then on a thread of its own, so that a slow answer holds up no event.

Started by `Monitor`. Whatever is seen goes into the monitor's queue. Nothing here is looked at more often than every
half second, and what costs most, least often.
"""

import contextlib
import math
import queue
import threading
import time
from collections.abc import Callable
from typing import Any

from candidate_agent.monitor.observations import CoverageSeen, DebuggerSeen, MachineSeen, ProgramSeen, RemoteSeen
from candidate_agent.monitor.programs import ProgramList
from candidate_agent.monitor.running import RunningPrograms, file_of
from candidate_agent.monitor.sightings import Sightings
from candidate_agent.monitor.window_rules import NOTE_SHARE
from candidate_agent.platforms.ports import Platform, Process, Unsupported

SIGNS_EVERY_S = 2.0
STACK_EVERY_S = 10.0  # a port tells changes; this finds what it missed
RUNNING_EVERY_S = 3.0  # only while a program is open that the exam does not allow
SOON_S = 0.5
FILES = 256
JOIN_S = 3.0


class Looks:
    """`note` takes an observation from any thread. `on_programs` hears the names of programs that are open and should
    not be, each time they changed."""

    def __init__(
        self,
        platform: Platform,
        programs: ProgramList,
        running: RunningPrograms,
        sightings: Sightings,
        our_window: Callable[[], int],
        note: Callable[[Any], None],
        on_programs: Callable[[tuple[str, ...]], None],
        on_fault: Callable[[str, str], None],
    ) -> None:
        self._platform, self._programs, self._running, self._sightings = platform, programs, running, sightings
        self._our_window, self._note, self._on_programs, self._on_fault = our_window, note, on_programs, on_fault
        self._looks: dict[str, tuple[Callable[[], None], float]] = {
            "running": (self._look_at_running, RUNNING_EVERY_S),
            "stack": (self._look_at_stack, STACK_EVERY_S),
            "signs": (self._look_at_signs, SIGNS_EVERY_S),
            "machine": (self._look_at_machine, math.inf),
        }
        self._due: dict[str, float] = dict.fromkeys(self._looks, 0.0)
        self._wished: set[str] = set()  # looks that were asked for since the last one began
        self._files: queue.Queue[Process] = queue.Queue(FILES)
        self._open: tuple[str, ...] | None = None  # not looked yet
        self._named: set[str] = set()  # listed programs whose windows a look found
        self._again_s = SOON_S  # how soon a cover is looked at again: later each time it stays
        self._due_lock = threading.Lock()
        self._wake = threading.Event()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self.files_dropped = 0  # programs that started faster than their files could be read

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="looks", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(JOIN_S)
            self._thread = None

    def started(self, process: Process) -> None:
        """On a port's thread: a program that no name finds may be found by its file."""
        if not self._programs.asks_files:
            return
        try:
            self._files.put_nowait(process)
        except queue.Full:
            self.files_dropped += 1
        self._wake.set()

    def soon(self, look: str, after_s: float = 0.0) -> None:
        """From any thread: something happened that is worth a look."""
        with self._due_lock:
            self._due[look] = min(self._due[look], time.monotonic() + after_s)
            self._wished.add(look)
        self._wake.set()

    def _run(self) -> None:
        while not self._ended.is_set():
            self._wake.clear()
            for name, (look, every_s) in self._looks.items():
                now_s = time.monotonic()
                if self._due[name] <= now_s:
                    with self._due_lock:  # before the look, which may want to be back earlier
                        self._due[name] = now_s + every_s
                        self._wished.discard(name)
                    self._guarded(look)
            with contextlib.suppress(queue.Empty):
                while not self._ended.is_set():
                    self._guarded(self._look_at_file, self._files.get_nowait())
            self._wake.wait(max(0.0, min(self._due.values()) - time.monotonic()))

    def _guarded(self, look: Callable[..., None], *given: Any) -> None:
        try:
            look(*given)
        except Exception as error:
            self._on_fault("look_failed", f"A look at the computer failed: {type(error).__name__}")

    def _look_at_running(self) -> None:
        names = tuple(program.name for program in self._running.now())
        if names != self._open:
            self._open = names
            self._on_programs(names)
        with self._due_lock:
            if not names and "running" not in self._wished:  # what started meanwhile may have been missed
                self._due["running"] = math.inf  # until `soon`

    def _look_at_stack(self) -> None:
        port = self._platform.windows
        if isinstance(port, Unsupported):
            return
        covered = False
        for seen in self._sightings.of_stack(port.windows(), self._our_window()):
            covered = covered or (isinstance(seen, CoverageSeen) and seen.share > NOTE_SHARE)
            if isinstance(seen, ProgramSeen):
                if seen.name in self._named:
                    continue  # its window stands there as before
                self._named.add(seen.name)
            self._note(seen)
        if covered:
            self.soon("stack", self._again_s)
        self._again_s = min(STACK_EVERY_S / 2, 2 * self._again_s) if covered else SOON_S

    def _look_at_signs(self) -> None:
        system = self._platform.system
        self._note(RemoteSeen(system.remote_signals()))
        self._note(DebuggerSeen(system.debugger()))

    def _look_at_machine(self) -> None:
        self._note(MachineSeen(self._platform.system.facts().vm_signals))

    def _look_at_file(self, process: Process) -> None:
        port = self._platform.processes
        if isinstance(port, Unsupported):
            return
        found = self._sightings.listed(process, file_of(port, process.pid))
        if found:
            self._note(ProgramSeen(found.category, found.name, found.by))
            self.soon("running")
