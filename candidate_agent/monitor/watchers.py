"""Subscribes to the ports, stamps what they tell and has it judged. One thread; built by `app` for one exam.

Port callbacks only put into a bounded queue (oldest dropped, counted). The one thing this does besides flagging is to
take the front back when our window loses it; pausing or ending an exam is not its to order.
"""

import queue
import threading
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
)
from exam_protocol.records import FlagEntry

QUEUE_EVENTS = 256
TICK_S = 0.25
LOOK_TICKS = 4  # clocks and fullscreen are looked at every this many ticks
JOIN_S = 3.0


class Monitor:
    """`session_us` turns the clock's monotonic microseconds into those of the session's records."""

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
        self._events: queue.Queue[Any] = queue.Queue(QUEUE_EVENTS)
        self._closers: list[Closer] = []
        self._thread: threading.Thread | None = None
        self._ended = threading.Event()
        self._front_lost = False
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
        if not isinstance(platform.keys, Unsupported):
            self._closers.append(platform.keys.watch(self.note))
        if not isinstance(platform.processes, Unsupported):
            self._closers.append(platform.processes.watch(self.note))
            for process in platform.processes.processes():
                self._note_listed(process)

    def _note_listed(self, process: Process) -> None:
        """At the start only programs on the list enter the queue: there may be more processes than it holds."""
        if self._programs.match(process.names):
            self.note(process)

    def _run(self) -> None:
        ticks = 0
        while not self._ended.is_set():
            try:
                event, at_us = self._events.get(timeout=TICK_S)
            except queue.Empty:
                ticks += 1
                self._tick(look=ticks % LOOK_TICKS == 1)
            else:
                self._take(event, at_us)
        self._tell(self._rules.end())

    def _take(self, event: Any, at_us: int) -> None:
        seen = self._observation(event)
        if seen is not None:
            self._tell(self._rules.judge(seen, at_us))
        self._tell(self._rules.tick(at_us))
        self._keep_front(event)

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

    def _tick(self, *, look: bool) -> None:
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
        ours = self._our_window()
        for window in windows.windows():
            if window.id == ours:
                self._tell(self._rules.judge(FullscreenSeen(window.fullscreen), now_us))

    def _tell(self, flags: tuple[FlagEntry, ...]) -> None:
        for flag in flags:
            if flag.code not in self._muted:
                self._raise_flag(flag)
