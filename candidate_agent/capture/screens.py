"""Every display that the exam allows: for each a source and a lane of its own, begun and ended as displays come and go.

Built by the pipeline. The exam's own display is number 0 and stays it; further ones keep their number as long as they
are there. A thread of its own follows what the port of displays tells.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, Queue
from threading import Lock

from candidate_agent.base.clock import Clock
from candidate_agent.base.errors import AgentError
from candidate_agent.capture import rate
from candidate_agent.capture.events import CaptureEvent, DisplayChanged, ScreenBack, ScreenLost
from candidate_agent.capture.lanes import Deliver, Rates, VideoLane, Words
from candidate_agent.capture.regions import EXAM_DISPLAY, Regions
from candidate_agent.capture.sources import ScreenSource
from candidate_agent.capture.workers import Emit, Worker
from candidate_agent.platforms.ports import Closer, Display, DisplayPort, ScreenPort, Unsupported
from exam_protocol.records import SCREEN_TRACKS

SETTLED_S = 0.3
"""Desktops change displays in several steps, some of which nobody is meant to see."""

UNWATCHED = Unsupported("Nobody looks for further displays here.")

Slots = tuple[Display | None, ...]


@dataclass(frozen=True, slots=True)
class Allowed:
    """Which displays are recorded: `own` is the exam's, `most` with it, of those that `port` tells of."""

    own: Display
    port: DisplayPort | Unsupported = UNWATCHED
    most: int = 1


def assigned(before: Slots, now: tuple[Display, ...]) -> Slots:
    """Who is recorded under which number. What shows the same place as another is no display of its own. Where the
    exam's display is gone, the primary one takes its number; where none is left, its source waits for it."""
    shown = {display.name: display for display in now if not display.mirrors}
    own = before[0]
    first = shown.get(own.name) if own else None
    if first is None:
        first = next((display for display in shown.values() if display.primary), next(iter(shown.values()), own))
    others = {name: display for name, display in shown.items() if first is None or name != first.name}
    stay = [others.pop(old.name, None) if old is not None else None for old in before[1:]]
    new = iter(others.values())
    return (first, *(display if display is not None else next(new, None) for display in stay))


def rates(number: int, profile: rate.Profile) -> Rates:
    full, small = SCREEN_TRACKS[number]
    layers = (full, profile.screen), (small, profile.screen_small)
    return tuple((track, layer) for track, layer in layers if layer is not None)


@dataclass(frozen=True, slots=True)
class _Shot:
    """One display that is recorded."""

    source: ScreenSource
    lane: VideoLane
    close: Closer


@dataclass(slots=True)
class Counted:
    """Of all lanes that one number has had."""

    pictures: int = 0
    still: int = 0
    dropped: int = 0

    def add(self, lane: VideoLane) -> "Counted":
        return Counted(self.pictures + lane.pictures, self.still + lane.still, self.dropped + lane.dropped)


class Screens:
    def __init__(
        self, screen: ScreenPort, allowed: Allowed, regions: Regions, profile: rate.Profile, deliver: Deliver,
        clock: Clock, emit: Emit,
    ) -> None:  # fmt: skip
        self._screen, self._allowed, self._regions = screen, allowed, regions
        self._profile, self._deliver, self._clock, self._emit = profile, deliver, clock, emit
        most = min(allowed.most, len(SCREEN_TRACKS))
        self._slots: Slots = (allowed.own, *[None] * (most - 1))
        self._own_is_off = False
        self._shots: dict[int, _Shot] = {}
        self._ended: dict[int, Counted] = {}
        self._heard: Queue[tuple[Display, ...] | None] = Queue()
        self._worker = Worker("capture-displays", self._follow, emit)
        self._unwatch: Closer = lambda: None
        self._beginning = Lock()
        self.own = self._source(0, allowed.own)

    def start(self) -> None:
        self._begin(0, self.own)
        port = self._allowed.port
        if isinstance(port, Unsupported):
            return
        self._take(self._look(port), told=False)
        self._unwatch = port.watch(lambda changed: self._heard.put(changed.displays))
        self._heard.put(self._look(port))  # what changed in between
        self._worker.start()

    def stop(self) -> None:
        """What was taken is encoded. The lanes are left as they are for whoever still asks for figures."""
        self._unwatch()
        self._heard.put(None)
        self._worker.join()
        for number in tuple(self._shots):
            self._end(number)

    def key_frame(self, track: int) -> None:
        for shot in self._running():
            shot.lane.key_frame(track)

    def set_profile(self, profile: rate.Profile) -> None:
        with self._beginning:
            self._profile = profile
            for number, shot in tuple(self._shots.items()):
                shot.source.take_profile(profile.screen)
                shot.lane.set_rates(rates(number, profile))

    def counted(self) -> dict[int, Counted]:
        """By number of the display."""
        running = {
            number: self._ended.get(number, Counted()).add(shot.lane) for number, shot in self._shots.copy().items()
        }
        return self._ended | running

    def _running(self) -> tuple[_Shot, ...]:
        return tuple(self._shots.copy().values())

    # --- the thread ---------------------------------------------------------------------------------------------------

    def _follow(self) -> None:
        while (displays := self._heard.get()) is not None:
            displays = self._settled(displays)
            if displays is None:
                return
            self._take(displays, told=True)

    def _settled(self, displays: tuple[Display, ...] | None) -> tuple[Display, ...] | None:
        """The last word, once nothing new is heard for a moment."""
        while displays is not None:
            try:
                displays = self._heard.get(timeout=SETTLED_S)
            except Empty:
                break
        return displays

    def _look(self, port: DisplayPort) -> tuple[Display, ...]:
        try:
            return port.displays()
        except AgentError:
            return ()

    def _take(self, displays: tuple[Display, ...], *, told: bool) -> None:
        before, self._slots = self._slots, assigned(self._slots, displays)
        changes = [(number, old, new) for number, (old, new) in enumerate(zip(before, self._slots, strict=True))]
        if told:
            self._tell_of_own(before[0], displays)
        for number, old, new in changes:
            if old != new:
                self._change(number, old, new)
                if told:
                    self._emit(DisplayChanged(number, old, new))

    def _tell_of_own(self, own: Display | None, displays: tuple[Display, ...]) -> None:
        """The exam's display keeps its number and its source while none at all is lit."""
        off = not displays
        if off != self._own_is_off:
            self._own_is_off = off
            self._emit(DisplayChanged(0, own, None) if off else DisplayChanged(0, None, own))

    def _change(self, number: int, old: Display | None, new: Display | None) -> None:
        if new is None:
            self._end(number)
        elif number in self._shots:
            self._shots[number].source.follow(new)
        else:
            with self._beginning:
                self._begin(number, self._source(number, new))

    def _source(self, number: int, display: Display) -> ScreenSource:
        source = ScreenSource(self._screen, display, self._profile.screen.per_s, self._clock, self._emit)
        source.take_profile(self._profile.screen)
        patience_s = self._regions.patience_s if number == EXAM_DISPLAY else 0.0
        source.mask(functools.partial(self._regions.masked, number), lambda: self._regions.version, patience_s)
        return source

    def _begin(self, number: int, source: ScreenSource) -> None:
        name = "capture-screen-encoder" + (f"-{number + 1}" if number else "")
        lost: Callable[[CaptureEvent], None] = self._emit if number == 0 else self._further
        words = Words(ScreenLost(number), ScreenBack(number))
        lane = VideoLane(name, rates(number, self._profile), words, self._deliver, self._clock, lost)
        lane.start()
        self._shots[number] = _Shot(source, lane, source.subscribe(lane.offer))
        source.start()

    def _further(self, event: CaptureEvent) -> None:
        """On a lane's thread. A display that was taken away cannot be read, and that is no fault."""
        port = self._allowed.port
        if isinstance(event, ScreenLost) and not isinstance(port, Unsupported):
            displays, known = self._look(port), self._slots[event.display]
            if known is None or known.name not in {display.name for display in displays}:
                self._heard.put(displays)
                return
        self._emit(event)

    def _end(self, number: int) -> None:
        shot = self._shots[number]
        shot.source.stop()
        shot.close()
        shot.lane.stop()
        self._ended[number] = self._ended.get(number, Counted()).add(shot.lane)
        del self._shots[number]
