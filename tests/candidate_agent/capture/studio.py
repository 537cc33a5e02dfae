"""What the capture tests share: scripted ports, a sink that keeps, decoders, waiting, an X server with a time code."""

import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import av
import numpy as np
import numpy.typing as npt
from Xlib import X, display
from Xlib.protocol.event import Expose

from candidate_agent.base.clock import SystemClock
from candidate_agent.base.errors import DeviceError
from candidate_agent.platforms.ports import Camera, Closer, Display, Microphone, Picture, PictureStream, Sound
from exam_protocol.records import Media, Track
from tests.rig.camera import code_colours

Image = npt.NDArray[np.uint8]

DISPLAY = Display("screen", 0, 0, 640, 400, True)
CAMERA = Camera("/dev/video0", "Test", False)
MICROPHONE = Microphone("default", "default")


def until(holds: Callable[[], bool], seconds: float = 10.0) -> None:
    """Waits for a condition; fails when it does not come true in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "the condition did not come true in time"
        time.sleep(0.01)


# --- ports ----------------------------------------------------------------------------------------------------------


class Scripted:
    """A stream whose pictures a function makes; None from it ends the stream."""

    def __init__(self, make: Callable[[int], Image | None], per_s: float, shift_us: Callable[[int], int]) -> None:
        first = make(0)
        assert first is not None
        self.height, self.width = first.shape[:2]
        self._make = make
        self._period_s = 1 / per_s
        self._shift_us = shift_us
        self._number = 0
        self.closed = False

    def read(self) -> Picture | None:
        if self._number:
            time.sleep(self._period_s)
        pixels = self._make(self._number)
        taken_us = SystemClock().monotonic_us() + self._shift_us(self._number)
        self._number += 1
        return None if pixels is None else Picture(pixels, taken_us)

    def close(self) -> None:
        self.closed = True


class ScriptedDevice:
    """Screen and camera port in one. `present` False: nothing can be opened, and an open stream ends."""

    def __init__(
        self,
        make: Callable[[int], Image | None],
        per_s: float = 1000,
        shift_us: Callable[[int], int] = lambda number: 0,
    ) -> None:
        self._make = make
        self._per_s = per_s
        self._shift_us = shift_us
        self.present = True
        self.listed: tuple[Camera, ...] = (CAMERA,)
        self.opened: list[object] = []
        self.sizes_asked: list[tuple[int, int]] = []

    def _picture(self, number: int) -> Image | None:
        return self._make(number) if self.present else None

    def cameras(self) -> tuple[Camera, ...]:
        return self.listed if self.present else ()

    def open(self, device: object, width: int = 0, height: int = 0, per_s: int = 0) -> PictureStream:
        if not self.present:
            raise DeviceError("camera_missing", "The camera is not connected.")
        self.sizes_asked.append((width, height))
        self.opened.append(device)
        return Scripted(self._picture, self._per_s, self._shift_us)


class ScriptedMicrophone:
    """Gives 440 Hz in real time while `present`; a block every 60 ms."""

    def __init__(self, hz: float = 440) -> None:
        self.present = True
        self.is_muted: bool | None = None
        self.source = ""
        self._hz = hz

    def microphones(self) -> tuple[Microphone, ...]:
        return (MICROPHONE,)

    def muted(self, microphone: Microphone) -> bool | None:
        return self.is_muted

    def usual(self) -> str:
        return self.source

    def watch(self, emit: Callable[[], None]) -> Closer:
        return lambda: None

    def open(self, microphone: Microphone, rate: int, block: int, emit: Callable[[Sound], None]) -> Closer:
        if not self.present:
            raise DeviceError("microphone_missing", "The microphone is not connected.")
        ended = threading.Event()
        thread = threading.Thread(target=self._play, args=(rate, block, emit, ended))
        thread.start()

        def close() -> None:
            ended.set()
            thread.join()

        return close

    def _play(self, rate: int, block: int, emit: Callable[[Sound], None], ended: threading.Event) -> None:
        position = 0
        while not ended.wait(block / rate):
            if self.present:
                emit(Sound(tone(self._hz, block, rate, position), SystemClock().monotonic_us() - 60_000))
                position += block


def tone(hz: float, count: int, rate: int = 48_000, position: int = 0) -> npt.NDArray[np.int16]:
    wave = np.sin(2 * np.pi * hz * (np.arange(count) + position) / rate)
    return (12_000 * wave).astype(np.int16)


# --- what came out --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kept:
    media: Media
    key_frame: bool
    taken_us: int


class Shelf:
    """A sink that keeps everything by track."""

    def __init__(self) -> None:
        self.kept: dict[int, list[Kept]] = {}

    def media(self, track: int, media: Media, *, key_frame: bool, taken_us: int) -> None:
        self.kept.setdefault(track, []).append(Kept(media, key_frame, taken_us))

    def of(self, track: Track) -> list[Kept]:
        return self.kept.get(track, [])


def decode_video(data: list[bytes]) -> list[Image]:
    """BGR pictures from packets, the first of which is a key frame."""
    context = av.CodecContext.create("h264", "r")
    frames = [frame for packet in data for frame in context.decode(av.Packet(packet))] + list(context.decode(None))
    return [frame.to_ndarray(format="bgr24") for frame in frames]


def decode_sound(data: list[bytes]) -> npt.NDArray[np.float32]:
    context = av.CodecContext.create("libopus", "r")
    context.sample_rate, context.layout = 48_000, "mono"
    frames = [frame for packet in data for frame in context.decode(av.Packet(packet))]
    samples = [frame.to_ndarray().reshape(-1).astype(np.float32) for frame in frames]
    return np.concatenate(samples)


def loudest_hz(samples: npt.NDArray[np.float32], rate: int = 48_000) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(samples.size)))
    return float(np.fft.rfftfreq(samples.size, 1 / rate)[spectrum.argmax()])


# --- a real screen --------------------------------------------------------------------------------------------------


@contextmanager
def x_server(width: int = 1280, height: int = 800) -> Iterator[str]:
    """A virtual screen of its own; gives the name of its display."""
    read_end, write_end = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write_end), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=[write_end],
        stderr=subprocess.DEVNULL,
    )
    os.close(write_end)
    try:
        with os.fdopen(read_end) as number:
            name = number.readline().strip()
        assert name, "Xvfb did not start"
        yield f":{name}"
    finally:
        server.terminate()
        server.wait(timeout=10)


class CodeWindow:
    """A window at the top left that shows a time code, cell by cell, as `rig.camera.draw_code` would draw it."""

    CELL = 16

    def __init__(self, display_name: str) -> None:
        self._display = display.Display(display_name)
        screen = self._display.screen()
        self._window = screen.root.create_window(
            0, 0, 400, 100, 0, screen.root_depth, override_redirect=True, event_mask=X.ExposureMask
        )
        self._context = self._window.create_gc()
        self._window.map()
        while not isinstance(self._display.next_event(), Expose):
            pass

    def show(self, value: int) -> None:
        """Returns when the server has drawn it."""
        for index, (blue, green, red) in enumerate(code_colours(value)):
            self._context.change(foreground=red << 16 | green << 8 | blue)
            self._window.fill_rectangle(self._context, index * self.CELL, 0, self.CELL, self.CELL)
        self._display.sync()

    def close(self) -> None:
        self._display.close()
