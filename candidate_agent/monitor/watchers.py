"""Subscribes to the ports, stamps what they tell and has it judged. One thread; built by `app` for one exam.

Port callbacks only put into a bounded queue (oldest dropped, counted). The one thing this does besides flagging is to
take the front back when our window loses it; pausing or ending an exam is not its to order.
"""

import contextlib
import os
import queue
import threading
import time
from collections.abc import Callable
from typing import Any

from candidate_agent.base.clock import Clock
from candidate_agent.monitor.observations import (
    ClipboardSeen,
    ClocksSeen,
    CombinationSeen,
    CoverSeen,
    DisplaysSeen,
    FrontSeen,
    FullscreenSeen,
    Observation,
    ProgramSeen,
)
from candidate_agent.monitor.programs import ProgramList
from candidate_agent.monitor.rules import COVERED_SHARE, Rules
from candidate_agent.platforms.ports import (
    ActiveWindowChanged,
    ClipboardTaken,
    Closer,
    CombinationPressed,
    DisplaysChanged,
    Platform,
    Process,
    Unsupported,
    WindowOverOurs,
    WindowPort,
)
from exam_protocol.records import FlagEntry

QUEUE_EVENTS = 256
TICK_S = 0.25
LOOK_TICKS = 4  # clocks and fullscreen are looked at every this many ticks
JOIN_S = 3.0


class Monitor:
    """`session_us` turns the clock's monotonic microseconds into those of the session's records.

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
        allowed: frozenset[str] = frozenset(),
        muted: frozenset[str] = frozenset(),
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
        self._programs = ProgramList(allowed=allowed)
        self._muted = muted
        self._session_us = session_us
        self._asleep_us = asleep_us
        self._on_fault = on_fault
        self._events: queue.Queue[Any] = queue.Queue(QUEUE_EVENTS)
        self._closers: list[Closer] = []
        self._thread: threading.Thread | None = None
        self._ended = threading.Event()
        self._front_lost = False
        self.looks = 0  # how often clocks and fullscreen were looked at
        self.dropped = 0  # events that came faster than they could be judged

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="monitor", daemon=True)
        self._subscribe()
        self._thread.start()

    def stop(self) -> None:
        """What was folded so far is raised before this returns."""
        for close in self._closers:
            close()
        self._closers.clear()
        self._ended.set()
        self.note(None)
        if self._thread is not None:
            self._thread.join(JOIN_S)
            self._thread = None

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
        if not isinstance(platform.windows, Unsupported):
            self._closers.append(platform.windows.watch(self._our_window(), self.note))
            self._note_active(platform.windows)
        if not isinstance(platform.keys, Unsupported):
            self._closers.append(platform.keys.watch(self.note))
        if not isinstance(platform.processes, Unsupported):
            self._closers.append(platform.processes.watch(self._note_listed))
            for process in platform.processes.processes():
                self._note_listed(process)

    def _note_active(self, windows: WindowPort) -> None:
        """Who is in front at the start: the port tells changes only."""
        active = windows.active()
        ours = active is not None and (active.id == self._our_window() or active.pid == os.getpid())
        self.note(ActiveWindowChanged(active, ours))

    def _note_listed(self, process: Process) -> None:
        """Only programs on the list enter the queue: others would push out what matters, and are nobody's business."""
        if self._programs.match(process.names):
            self.note(process)

    def _run(self) -> None:
        ticks = 0
        next_tick_s = time.monotonic()
        while not self._ended.is_set():
            if time.monotonic() >= next_tick_s:
                next_tick_s = time.monotonic() + TICK_S
                self._guarded(self._tick, ticks % LOOK_TICKS == 0)
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
            self._tell_seen(event, at_us)
        self._tell(self._rules.end())

    def _take(self, event: Any, at_us: int) -> None:
        self._tell_seen(event, at_us)
        self._keep_front(event)

    def _tell_seen(self, event: Any, at_us: int) -> None:
        seen = self._observation(event)
        if seen is not None:
            self._tell(self._rules.judge(seen, at_us))
        self._tell(self._rules.tick(at_us))

    def _observation(self, event: Any) -> Observation | None:
        match event:
            case DisplaysChanged(displays):
                return DisplaysSeen(displays)
            case ActiveWindowChanged(_, ours):
                return FrontSeen(ours)
            case WindowOverOurs(_, share):
                return CoverSeen(share)
            case CombinationPressed(name):
                return CombinationSeen(name)
            case ClipboardTaken(selection):
                return ClipboardSeen(selection)
            case Process(names=names):
                found = self._programs.match(names)
                return ProgramSeen(found.category, found.name) if found else None
        return None

    def _keep_front(self, event: Any) -> None:
        if isinstance(event, ActiveWindowChanged):
            self._front_lost = not event.ours
        covered = isinstance(event, WindowOverOurs) and event.share > COVERED_SHARE
        if covered or (isinstance(event, ActiveWindowChanged) and not event.ours):
            self._front()

    def _tick(self, look: bool) -> None:
        now_us = self._session_us(self._clock.monotonic_us())
        if self._front_lost:
            self._front()
        if look:
            self._look(now_us)
        self._tell(self._rules.tick(now_us))

    def _look(self, now_us: int) -> None:
        """What no port tells by itself."""
        self._tell(self._rules.judge(ClocksSeen(self._clock.wall_ms(), self._asleep_us()), now_us))
        windows = self._platform.windows
        if isinstance(windows, Unsupported):
            return
        active = windows.active()
        if active is not None and active.id == self._our_window():
            self._tell(self._rules.judge(FullscreenSeen(active.fullscreen), now_us))
        self.looks += 1

    def _tell(self, flags: tuple[FlagEntry, ...]) -> None:
        for flag in flags:
            if flag.code not in self._muted:
                self._raise_flag(flag)
