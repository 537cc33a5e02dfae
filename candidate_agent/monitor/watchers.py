"""Subscribes to the ports, stamps what they tell and has it judged. One thread; built by `app` for one exam.

Port callbacks only put into a bounded queue (oldest dropped, counted, told). The one thing this does besides flagging
is to take the front back when our window loses it; pausing or ending an exam is not its to order. What no port tells is
looked at by `looks`, on a thread of its own.
"""

import contextlib
import os
import queue
import threading
import time
from collections.abc import Callable
from typing import Any

from candidate_agent.base.clock import Clock
from candidate_agent.monitor.front import FrontKeeper
from candidate_agent.monitor.looks import SOON_S, Looks
from candidate_agent.monitor.observations import (
    ClocksSeen,
    CoverageSeen,
    CoverSeen,
    DisplaysSeen,
    EventsLost,
    FrontSeen,
    FrontTaken,
    Observation,
    OurWindowSeen,
    PreloadsSeen,
    ProgramSeen,
)
from candidate_agent.monitor.programs import UNKNOWN_FILE, ProgramList, Terms
from candidate_agent.monitor.rules import Rules
from candidate_agent.monitor.running import RunningPrograms, file_of
from candidate_agent.monitor.sightings import Sightings
from candidate_agent.monitor.window_rules import COVERED_SHARE, fills
from candidate_agent.platforms.ports import (
    ActiveWindowChanged,
    Closer,
    Display,
    DisplaysChanged,
    Fingerprint,
    Platform,
    Process,
    Unsupported,
    WindowPort,
)
from exam_protocol.records import FlagEntry

QUEUE_EVENTS = 256
TICK_S = 0.25
CLOCKS_TICKS = 4  # the clocks are looked at every this many ticks
STANDSTILL_S = 5.0
JOIN_S = 3.0


class Monitor:
    """`session_us` turns the clock's monotonic microseconds into those of the session's records. `programs` are
    flagged; those of `running` are besides told to `on_programs`, by name. `front` asks for the front, and must come
    back soon. `preloads`: names of variables that load something into this program.

    What goes wrong while one event is judged is told to `on_fault(code, text)`; the next event is judged all the same.
    """

    def __init__(
        self,
        platform: Platform,
        clock: Clock,
        judge: Rules,
        raise_flag: Callable[[FlagEntry], None],
        our_window: Callable[[], int],
        front: Callable[[], None],
        *,
        programs: ProgramList | None = None,
        running: RunningPrograms | None = None,
        on_programs: Callable[[tuple[str, ...]], None] = lambda names: None,
        preloads: tuple[str, ...] = (),
        session_us: Callable[[int], int] = lambda monotonic_us: monotonic_us,
        asleep_us: Callable[[], int] = lambda: 0,
        on_fault: Callable[[str, str], None] = lambda code, text: None,
    ) -> None:
        self._platform = platform
        self._clock = clock
        self._rules = judge
        self._raise_flag = raise_flag
        self._our_window = our_window
        self._front = front
        self._preloads = preloads
        self._session_us = session_us
        self._asleep_us = asleep_us
        self._on_fault = on_fault
        programs = programs or ProgramList()
        running = running or RunningPrograms(platform, ProgramList(Terms(categories=frozenset())))
        self._sightings = Sightings(programs, os.getpid(), self._file_of)
        self._looks = Looks(
            platform, programs, running, self._sightings, our_window, self.note, on_programs, on_fault
        )  # fmt: skip
        self._keeper = FrontKeeper()
        self._displays: tuple[Display, ...] = ()
        self._ours: OurWindowSeen | None = None
        self._events: queue.Queue[Any] = queue.Queue(QUEUE_EVENTS)
        self._closers: list[Closer] = []
        self._thread: threading.Thread | None = None
        self._ended = threading.Event()
        self._beat_s = 0.0
        self._dropped_told = 0
        self.dropped = 0  # events that came faster than they could be judged

    def start(self) -> None:
        self._subscribe()
        self._beat_s = time.monotonic()
        thread = threading.Thread(target=self._run, name="monitor", daemon=True)
        thread.start()
        self._thread = thread  # from now on one that does not run stands still
        self._looks.start()

    def stop(self) -> None:
        """What was folded so far is raised before this returns."""
        for close in self._closers:
            close()
        self._closers.clear()
        self._looks.stop()
        self._ended.set()
        self.note(None)
        if self._thread is not None:
            self._thread.join(JOIN_S)
            self._thread = None

    @property
    def stands_still(self) -> bool:
        """Whether it has started and does nothing any more: it died, or hangs in something."""
        thread = self._thread
        return thread is not None and (not thread.is_alive() or time.monotonic() - self._beat_s > STANDSTILL_S)

    def note(self, event: Any) -> None:
        """From any thread: clipboard events come this way from `Lockdown`, which owns the clipboard."""
        stamped = (event, self._session_us(self._clock.monotonic_us()))
        while True:
            try:
                self._events.put_nowait(stamped)
                return
            except queue.Full:
                self._drop_oldest()

    def _drop_oldest(self) -> None:
        try:
            self._events.get_nowait()
            self.dropped += 1
        except queue.Empty:
            return

    def _subscribe(self) -> None:
        platform = self._platform
        if not isinstance(platform.displays, Unsupported):
            self._closers.append(platform.displays.watch(self.note))
            self.note(DisplaysChanged(platform.displays.displays()))
        if not isinstance(platform.processes, Unsupported):
            self._closers.append(platform.processes.watch(self._note_process))
            for process in platform.processes.processes():
                self._note_process(process)
        if not isinstance(platform.windows, Unsupported):
            self._closers.append(platform.windows.watch(self._our_window(), self.note))
            self._note_active(platform.windows)
        if not isinstance(platform.keys, Unsupported):
            self._closers.append(platform.keys.watch(self.note))
        if not isinstance(platform.hotplug, Unsupported):
            self._closers.append(platform.hotplug.watch(self.note))
        self.note(PreloadsSeen(self._preloads))

    def _note_active(self, windows: WindowPort) -> None:
        """Who is in front at the start: the port tells changes only."""
        active = windows.active()
        ours = active is not None and (active.id == self._our_window() or active.pid == os.getpid())
        self.note(ActiveWindowChanged(active, ours))

    def _note_process(self, process: Process) -> None:
        self._sightings.remember(process)
        if self._sightings.listed(process):
            self.note(process)
        else:
            self._looks.started(process)

    def _file_of(self, pid: int) -> Fingerprint:
        port = self._platform.processes
        return UNKNOWN_FILE if isinstance(port, Unsupported) else file_of(port, pid)

    def _run(self) -> None:
        ticks = 0
        next_tick_s = time.monotonic()
        while not self._ended.is_set():
            self._beat_s = time.monotonic()
            if self._beat_s >= next_tick_s:
                next_tick_s = self._beat_s + TICK_S
                self._guarded(self._tick, ticks % CLOCKS_TICKS == 0)
                ticks += 1
            with contextlib.suppress(queue.Empty):
                event, at_us = self._events.get(timeout=max(0.0, next_tick_s - time.monotonic()))
                self._guarded(self._take, event, at_us)
        self._guarded(self._drain)

    def _guarded(self, act: Callable[..., None], *given: Any) -> None:
        try:
            act(*given)
        except Exception as error:
            self._on_fault("monitor_fault", f"Something that was seen could not be judged: {error}")

    def _drain(self) -> None:
        """What was put in before the end is judged, too."""
        while not self._events.empty():
            event, at_us = self._events.get_nowait()
            for seen in self._sightings.of(event):
                self._judge(seen, at_us)
        self._tell(self._rules.end())

    def _take(self, event: Any, at_us: int) -> None:
        for seen in self._sightings.of(event):
            self._judge(seen, at_us)
            self._follow(seen)
        self._tell(self._rules.tick(at_us))
        self._keep_front(at_us)

    def _judge(self, seen: Observation, at_us: int) -> None:
        self._tell(self._rules.judge(seen, at_us))

    def _follow(self, seen: Observation) -> None:
        """What is done about it besides flagging."""
        match seen:
            case FrontSeen(ours):
                self._keeper.see("focus", ours)
            case DisplaysSeen(displays):
                self._displays = displays
                if self._ours is not None:
                    self._keeper.see("place", fills(self._ours.window, displays))
            case OurWindowSeen(window):
                self._ours = seen
                self._keeper.see("place", fills(window, self._displays))
            case CoverSeen(share):
                if share > COVERED_SHARE:
                    self._keeper.see("cover", False)
                self._looks.soon("stack", SOON_S)  # whether it stays, and what lies there with it
            case CoverageSeen(share):
                self._keeper.see("cover", share <= COVERED_SHARE)
            case ProgramSeen():
                self._looks.soon("running")

    def _keep_front(self, now_us: int) -> None:
        if self._keeper.take(now_us):
            self._front()
            self._judge(FrontTaken(), now_us)

    def _tick(self, clocks: bool) -> None:
        now_us = self._session_us(self._clock.monotonic_us())
        if clocks:
            self._judge(ClocksSeen(self._clock.wall_ms(), self._asleep_us()), now_us)
        if self.dropped > self._dropped_told:
            count, self._dropped_told = self.dropped - self._dropped_told, self.dropped
            self._judge(EventsLost(count), now_us)
        self._tell(self._rules.tick(now_us))
        self._keep_front(now_us)

    def _tell(self, flags: tuple[FlagEntry, ...]) -> None:
        for flag in flags:
            self._raise_flag(flag)
