"""SIMULATED devices and a clock that runs quicker than the real one, for hours of exam in minutes: bench/long.py.

Nothing here is a device. A screen that is typed on, read and turned over, a camera, a microphone, displays that come
and go; all of them follow the clock, and none gives anything while a lane still has to work off what it has.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import numpy as np

from candidate_agent.base.errors import DeviceError
from candidate_agent.capture import sources
from candidate_agent.capture.analysis import analyst
from candidate_agent.capture.shape import Image
from candidate_agent.capture.sound_clock import Samples
from candidate_agent.platforms.ports import (
    WHOLE,
    Camera,
    Closer,
    Display,
    DisplaysChanged,
    Microphone,
    Picture,
    PictureStream,
    Rows,
    Sound,
)

CHARACTERS_PER_S = 8
TURN_EVERY_S, READ_EVERY_S, READ_S = 240, 120, 30
CELL_WIDTH, CELL_HEIGHT = 6, 12
NAP_S = 0.002


class QuickClock:
    """`speed` may change; the time never goes back. Any thread."""

    def __init__(self, speed: float) -> None:
        self._lock = threading.Lock()
        self._speed = speed
        self._us = 0.0
        self._seen_s = time.monotonic()

    @property
    def speed(self) -> float:
        return self._speed

    def run_at(self, speed: float) -> None:
        self.monotonic_us()
        self._speed = speed

    def monotonic_us(self) -> int:
        with self._lock:
            now_s = time.monotonic()
            self._us += (now_s - self._seen_s) * 1_000_000 * self._speed
            self._seen_s = now_s
            return int(self._us)

    def wall_ms(self) -> int:
        return 1_700_000_000_000 + self.monotonic_us() // 1000

    def sleep_until(self, at_us: float, ended: threading.Event) -> bool:
        """False where `ended` came first."""
        while (ahead_us := at_us - self.monotonic_us()) > 0:
            if ended.wait(min(0.05, ahead_us / 1_000_000 / self._speed)):
                return False
        return not ended.is_set()


class _QuickEvent(threading.Event):
    """Waits by the quick clock."""

    def __init__(self, clock: QuickClock) -> None:
        super().__init__()
        self._clock = clock

    def wait(self, timeout: float | None = None) -> bool:
        return super().wait(None if timeout is None else timeout / self._clock.speed)


def quicken(clock: QuickClock) -> Closer:
    """Sources and analyst wait between pictures by events of the real clock: here by this one. Undone by the result."""
    usual = threading
    quick = SimpleNamespace(**{**vars(threading), "Event": lambda: _QuickEvent(clock)})
    sources.threading = analyst.threading = quick  # type: ignore[assignment, attr-defined]

    def undo() -> None:
        sources.threading = analyst.threading = usual  # type: ignore[attr-defined]

    return undo


class Gate:
    """Shut while some lane has pictures or sound waiting. `lag_us`: how far behind the clock a device was at most."""

    def __init__(self, clock: QuickClock) -> None:
        self.is_shut: Callable[[], bool] = lambda: False
        self._clock = clock
        self._lag_us = 0.0

    def pass_through(self, due_us: float, ended: threading.Event | None = None) -> None:
        """`due_us`: when the picture or sound should have come."""
        while self.is_shut() and not (ended is not None and ended.is_set()):
            time.sleep(NAP_S)
        self._lag_us = max(self._lag_us, self._clock.monotonic_us() - due_us)

    def take_lag_us(self) -> float:
        lag_us, self._lag_us = self._lag_us, 0.0
        return lag_us


class Screen:
    """The screen port and the display port of one computer."""

    def __init__(self, clock: QuickClock, gate: Gate, width: int, height: int) -> None:
        self._clock, self._gate = clock, gate
        self._shown: tuple[Display, ...] = (Display("simulated", 0, 0, width, height, True),)
        self._listeners: list[Callable[[DisplaysChanged], None]] = []

    def displays(self) -> tuple[Display, ...]:
        return self._shown

    def watch(self, emit: Callable[[DisplaysChanged], None]) -> Closer:
        self._listeners.append(emit)
        return lambda: self._listeners.remove(emit)

    def resize(self, width: int, height: int) -> None:
        self._show((replace(self._shown[0], width=width, height=height), *self._shown[1:]))

    def plug(self) -> None:
        own = self._shown[0]
        self._show((own, replace(own, name="second", x=own.width, primary=False)))

    def unplug(self) -> None:
        self._show(self._shown[:1])

    def _show(self, displays: tuple[Display, ...]) -> None:
        self._shown = displays
        for listener in tuple(self._listeners):
            listener(DisplaysChanged(displays))

    def open(self, display: Display) -> PictureStream:
        found = self.now(display.name)
        if found is None:
            raise DeviceError("display_missing", "The simulated display is not there.")
        return _Typed(self, found, self._clock, self._gate)

    def now(self, name: str) -> Display | None:
        return next((display for display in self._shown if display.name == name), None)


class _Typed:
    """What is seen depends on the clock alone: eight characters a second, a pause for reading, then a new page."""

    def __init__(self, screen: Screen, display: Display, clock: QuickClock, gate: Gate) -> None:
        self.width, self.height = display.width, display.height
        self._screen, self._display, self._clock, self._gate = screen, display, clock, gate
        self._random = np.random.default_rng(1)
        self._page: Image = np.full((display.height, display.width, 4), 240, np.uint8)
        self._typed = self._told = self._turned = -1

    def changed(self) -> Rows | None:
        told, self._told = self._told, self._characters()
        return WHOLE if told != self._told else None

    def read_rows(self, rows: Rows) -> Picture | None:
        picture = self.read()
        return picture and replace(picture, pixels=picture.pixels[rows[0] : rows[1]])

    def read(self) -> Picture | None:
        self._gate.pass_through(self._clock.monotonic_us())
        if self._screen.now(self._display.name) != self._display:
            return None
        self._draw()
        return Picture(self._page.copy(), self._clock.monotonic_us())

    def close(self) -> None:
        pass

    def _characters(self) -> int:
        at_s = self._clock.monotonic_us() / 1_000_000
        rounds, into_s = divmod(at_s, READ_EVERY_S)
        return int((rounds * (READ_EVERY_S - READ_S) + min(into_s, READ_EVERY_S - READ_S)) * CHARACTERS_PER_S)

    def _draw(self) -> None:
        turned = self._clock.monotonic_us() // (TURN_EVERY_S * 1_000_000)
        if turned != self._turned:
            self._turned = turned
            self._page[:, :, :3] = 240
            for line in range(1, self.height // (2 * CELL_HEIGHT)):
                for column in range(self.width // CELL_WIDTH // 2):
                    self._write(line * 2, column)
        now = self._characters()
        columns, lines = self.width // CELL_WIDTH, self.height // CELL_HEIGHT
        for number in range(max(self._typed, now - columns), now):
            self._write(number // columns % (lines // 2) * 2 + 1, number % columns)
        self._typed = now

    def _write(self, line: int, column: int) -> None:
        y, x = line * CELL_HEIGHT, column * CELL_WIDTH
        cell = self._page[y + 2 : y + CELL_HEIGHT - 2, x + 1 : x + CELL_WIDTH]
        cell[:, :, :3] = np.where(self._random.random((*cell.shape[:2], 1)) < 0.4, 30, 240)


class Cameras:
    """One camera, which can be pulled out. `shown`: what it looks at, over and over, with noise of a sensor."""

    CAMERA = Camera("simulated", "Simulated camera", False)

    def __init__(self, clock: QuickClock, gate: Gate, shown: list[Image]) -> None:
        self._clock, self._gate, self._shown = clock, gate, shown
        self.plugged = True

    def cameras(self) -> tuple[Camera, ...]:
        return (self.CAMERA,) if self.plugged else ()

    def open(self, camera: Camera, width: int, height: int, per_s: int) -> PictureStream:
        if not self.plugged:
            raise DeviceError("camera_missing", "The simulated camera is not connected.")
        return _Filmed(self, self._clock, self._gate, self._shown, per_s)


class _Filmed:
    def __init__(self, port: Cameras, clock: QuickClock, gate: Gate, shown: list[Image], per_s: int) -> None:
        self.height, self.width = shown[0].shape[:2]
        self._port, self._clock, self._gate, self._shown = port, clock, gate, shown
        self._interval_us = 1_000_000 // per_s
        self._due_us = clock.monotonic_us()
        self._random = np.random.default_rng(2)
        self._ended = threading.Event()

    def read(self) -> Picture | None:
        self._gate.pass_through(self._due_us + self._interval_us, self._ended)
        self._due_us = max(self._due_us + self._interval_us, self._clock.monotonic_us() - self._interval_us)
        if not self._clock.sleep_until(self._due_us, self._ended) or not self._port.plugged:
            return None
        pixels = self._shown[self._due_us // 100_000 % len(self._shown)].copy()
        pixels[::4, ::4] ^= self._random.integers(0, 2, pixels[::4, ::4].shape, np.uint8)
        return Picture(pixels, self._clock.monotonic_us())

    def close(self) -> None:
        self._ended.set()


class Microphones:
    """`sound`: what it hears, over and over."""

    MICROPHONE = Microphone("simulated", "Simulated microphone")

    def __init__(self, clock: QuickClock, gate: Gate, sound: Samples) -> None:
        self._clock, self._gate, self._sound = clock, gate, sound
        self._listeners: list[Callable[[], None]] = []

    def microphones(self) -> tuple[Microphone, ...]:
        return (self.MICROPHONE,)

    def muted(self, microphone: Microphone) -> bool | None:
        return False

    def usual(self) -> str:
        return self.MICROPHONE.id

    def watch(self, emit: Callable[[], None]) -> Closer:
        self._listeners.append(emit)
        return lambda: self._listeners.remove(emit)

    def switch(self) -> None:
        """Another one became the usual one: it is opened again."""
        for listener in tuple(self._listeners):
            listener()

    def open(self, microphone: Microphone, rate: int, block: int, emit: Callable[[Sound], None]) -> Closer:
        ended = threading.Event()
        thread = threading.Thread(target=self._play, args=(rate, block, emit, ended), name="simulated-microphone")
        thread.start()

        def close() -> None:
            ended.set()
            thread.join()

        return close

    def _play(self, rate: int, block: int, emit: Callable[[Sound], None], ended: threading.Event) -> None:
        block_us, blocks = block * 1_000_000 // rate, self._sound.size // block
        due_us, number = self._clock.monotonic_us() + block_us, 0
        while self._clock.sleep_until(due_us, ended):
            self._gate.pass_through(due_us, ended)
            at = number % blocks * block
            emit(Sound(self._sound[at : at + block], due_us - block_us))
            number, due_us = number + 1, due_us + block_us
