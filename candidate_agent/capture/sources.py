"""Where pictures come from: one device, one thread, many readers. Used by check-in, previews and the pipeline.

A reader is called on the source's thread with each picture, and once with None when the device is lost; it must not
block. A lost device is opened again every second; the next picture tells that it is back.
"""

import threading
from collections.abc import Callable
from dataclasses import replace
from queue import Empty, Queue
from typing import Protocol

from candidate_agent.base.clock import Clock, SystemClock
from candidate_agent.base.errors import DeviceError
from candidate_agent.capture import shape
from candidate_agent.capture.canvas import Canvas, in_bands
from candidate_agent.capture.rate import VideoRate
from candidate_agent.capture.workers import Emit, Worker, ignore
from candidate_agent.platforms.ports import (
    WHOLE,
    Camera,
    CameraPort,
    Closer,
    Display,
    Picture,
    PictureStream,
    QuietStream,
    Rows,
    ScreenPort,
)

RETRY_S = 1.0

Reader = Callable[[Picture | None], None]


class PictureSource(Protocol):
    @property
    def trouble(self) -> DeviceError | None:
        """Why the device could not be opened the last time; None while it gives pictures."""

    def latest(self) -> Picture | None: ...

    def subscribe(self, reader: Reader) -> Closer: ...


class DetailSource(PictureSource, Protocol):
    """A source that can also be asked for a few pictures as large as the device gives them."""

    def burst(self, count: int) -> tuple[Picture, ...]: ...


class _Source:
    """The thread: open, read, tell, open again."""

    PATIENCE_S: tuple[float, ...] = ()  # waits for a device that gave pictures until now, before it counts as lost

    def __init__(self, name: str, emit: Emit) -> None:
        self._name = name
        self._emit = emit
        self._readers: tuple[Reader, ...] = ()
        self._lock = threading.Lock()
        self._latest: Picture | None = None
        self._lost = False
        self._gone = False  # the device gave nothing any more, or could not be opened, the last time
        self._trouble: DeviceError | None = None
        self._ended = threading.Event()
        self._worker: Worker | None = None

    def start(self) -> None:
        self._ended.clear()
        self._worker = Worker(self._name, self._run, self._emit)
        self._worker.start()

    def stop(self) -> None:
        """Returns when the device is closed and the thread has ended. May be called twice."""
        self._ended.set()
        if self._worker is not None:
            self._worker.join()
            self._worker = None

    @property
    def trouble(self) -> DeviceError | None:
        """Why it gives nothing; None once a picture came."""
        return self._trouble

    def latest(self) -> Picture | None:
        """The newest picture; None before the first and while the device is lost."""
        return self._latest

    def subscribe(self, reader: Reader) -> Closer:
        with self._lock:
            self._readers = (*self._readers, reader)

        def close() -> None:
            with self._lock:
                self._readers = tuple(other for other in self._readers if other is not reader)

        return close

    def _open(self) -> PictureStream:
        raise NotImplementedError

    def _between(self) -> bool:
        """After each picture. False: close the device and open it again."""
        return True

    def _run(self) -> None:
        patience: list[float] = []
        while not self._ended.is_set():
            try:
                stream = self._open()
            except DeviceError as error:
                self._trouble, came = error, 0
                self._gone = True
            else:
                came = self._follow(stream)
            if came:
                patience = list(self.PATIENCE_S)
            elif patience:
                self._ended.wait(patience.pop(0))
            else:
                self._lose()
                self._ended.wait(RETRY_S)
        self._latest = None

    def _follow(self, stream: PictureStream) -> int:
        """Reads until the device gives nothing any more; the number of pictures that came."""
        came = 0
        try:
            while not self._ended.is_set() and (more := self._look(stream)) is not None:
                came += more
                if not self._between():
                    break
            else:
                self._gone = True
        finally:
            stream.close()
        return came

    def _look(self, stream: PictureStream) -> int | None:
        """How many pictures came: one, or none where none is due. None: the device gives nothing any more. A picture is
        large and not held here while the next one is waited for."""
        picture = stream.read()
        if picture is None:
            return None
        self._lost, self._trouble = False, None
        before = self._latest
        still = before is not None and shape.same(before.pixels, picture.pixels)
        self._tell(replace(picture, new=None) if still else picture)
        return 1

    def _tell(self, picture: Picture | None) -> None:
        self._latest = picture
        for reader in self._readers:
            reader(picture)

    def _lose(self) -> None:
        if not self._lost and not self._ended.is_set():
            self._lost = True
            self._tell(None)


class Quiet:
    """Whether a screen that says where it changed may be believed. It is looked at as a whole all the same, after one
    second, two and so on, at last every five; where that finds something new which the next question does not tell of
    either, it is believed no more in the end.
    """

    LOOK_US, RARELY_US = 1_000_000, 5_000_000
    LIES = 3

    def __init__(self) -> None:
        self._look_at_us = 0
        self._wait_us = 0
        self._version = -1
        self._looked = self._unsaid = False
        self._lies = 0

    def due(self, stream: PictureStream, now_us: int, version: int) -> Rows | None:
        """Which rows are worth reading now; None: none."""
        if not isinstance(stream, QuietStream) or self._lies >= self.LIES:
            return WHOLE
        told = stream.changed()
        if self._unsaid and not told:
            self._lies, self._wait_us = self._lies + 1, 0
        elif told:
            self._lies = 0
        look = now_us >= self._look_at_us or version != self._version
        self._looked, self._unsaid = look and not told and version == self._version, False
        if look:
            self._wait_us = min(self._wait_us + self.LOOK_US, self.RARELY_US)
            self._look_at_us, self._version = now_us + self._wait_us, version
        return WHOLE if look else told

    def took(self, *, anything_new: bool) -> None:
        self._unsaid = self._looked and anything_new


Mask = Callable[[shape.Image, int, int], shape.Image]
"""Makes parts of a picture black, or of its rows: those rows, the first of them, the whole picture's height."""


class ScreenSource(_Source):
    """A display, grabbed `per_s` times a second. Where it changes its size it is opened again at once.

    Where the system tells what changed, only those rows are read. Readers get one and the same canvas each time, with
    word of what is new in it.
    """

    PATIENCE_S = (0.1, 0.2, 0.2)  # a display is gone for a moment while its size is changed

    def __init__(
        self, port: ScreenPort, display: Display, per_s: float, clock: Clock | None = None, emit: Emit = ignore
    ) -> None:
        super().__init__("capture-screen", emit)
        self.per_s = per_s
        self._port = port
        self._display = display
        self._clock = clock or SystemClock()
        self._next_us = 0
        self._moved = False
        self._quiet = Quiet()
        self._box: VideoRate | None = None
        self._canvas = Canvas()
        self._mask: Mask = lambda pixels, first, height: pixels
        self._version: Callable[[], int] = lambda: 0
        self._patience_s = 0.0

    def mask(self, mask: Mask, version: Callable[[], int], patience_s: float) -> None:
        """Before the start: what makes parts of each picture black. Another `version` makes other parts black. Which
        parts is known `patience_s` after the picture was taken."""
        self._mask, self._version, self._patience_s = mask, version, patience_s

    def take_profile(self, layer: VideoRate) -> None:
        """How often a picture is taken, and which box it has to fit into at last."""
        self.per_s, self._box = layer.per_s, layer

    def follow(self, display: Display) -> None:
        """From the next picture on this one, or the same in another size or place."""
        self._display, self._moved = display, True

    def _open(self) -> PictureStream:
        self._moved, self._quiet, self._canvas = False, Quiet(), Canvas()
        return self._port.open(self._display)

    def _look(self, stream: PictureStream) -> int | None:
        rows = self._quiet.due(stream, self._clock.monotonic_us(), self._version())
        if rows is not None and rows != WHOLE:
            rows = in_bands(rows, stream.height) if self._reads_rows(stream) else WHOLE
        if rows is None:
            return 0
        picture = stream.read() if rows == WHOLE or not isinstance(stream, QuietStream) else stream.read_rows(rows)
        if picture is None:
            return None
        self._lost, self._trouble = False, None
        self._take(picture, rows)
        return 1

    def _reads_rows(self, stream: PictureStream) -> bool:
        """A canvas that is smaller than the display is made of whole pictures alone."""
        return self._canvas.pixels is not None and self._canvas.pixels.shape[:2] == (stream.height, stream.width)

    def _take(self, picture: Picture, rows: Rows) -> None:
        """Parts black before anything else; a picture that is too large to be kept several times, smaller."""
        if self._patience_s:
            self._ended.wait(self._patience_s)
        new = self._drawn_whole(picture.pixels) if rows == WHOLE else self._drawn(picture.pixels, rows[0])
        self._quiet.took(anything_new=new is not None)
        assert self._canvas.pixels is not None, "it was drawn on"
        self._tell(Picture(self._canvas.pixels, picture.taken_us, new))

    def _drawn(self, pixels: shape.Image, first: int) -> Rows | None:
        assert self._canvas.pixels is not None, "rows are read of what was read whole"
        return self._canvas.take(self._mask(pixels, first, self._canvas.pixels.shape[0]), first)

    def _drawn_whole(self, pixels: shape.Image) -> Rows | None:
        pixels = self._mask(pixels, 0, pixels.shape[0])
        if self._box is not None and pixels.shape[0] * pixels.shape[1] >= shape.LARGE_PIXELS:
            whole = shape.picture_size(pixels)
            pixels = shape.scale(pixels, shape.fit(whole, self._box.max_width, self._box.max_height))
        return self._canvas.take_whole(pixels)

    def _between(self) -> bool:
        now_us = self._clock.monotonic_us()
        self._next_us = max(self._next_us + round(1_000_000 / self.per_s), now_us)
        self._ended.wait((self._next_us - now_us) / 1_000_000)
        return not self._moved


class _Burst:
    def __init__(self, count: int) -> None:
        self.count = count
        self.pictures: list[Picture] = []
        self.done = threading.Event()


class CameraSource(_Source):
    """A camera at recording size; `burst` takes a few pictures at full size in between.

    One that was lost is looked for again: itself, else one in its place, else another device, else a program.
    """

    FULL_WIDTH, FULL_HEIGHT = 1920, 1440
    SETTLING = 4  # pictures that a camera needs for its exposure after it was opened
    BURST_TIMEOUT_S = 20.0

    def __init__(
        self,
        port: CameraPort,
        camera: Camera,
        width: int = 640,
        height: int = 480,
        per_s: int = 10,
        emit: Emit = ignore,
    ) -> None:
        super().__init__("capture-camera", emit)
        self._port = port
        self._camera = camera
        self._width, self._height, self._per_s = width, height, per_s
        self._bursts: Queue[_Burst] = Queue(1)

    @property
    def device(self) -> Camera:
        """The camera that is open, or was the last that was."""
        return self._camera

    def burst(self, count: int) -> tuple[Picture, ...]:
        """Readers see nothing meanwhile, about a second. Not to be called by a reader.

        Raises DeviceError `camera_missing`, `camera_busy`.
        """
        order = _Burst(count)
        self._bursts.put(order, timeout=self.BURST_TIMEOUT_S)
        if not order.done.wait(self.BURST_TIMEOUT_S) or not order.pictures:
            raise self._trouble or DeviceError("camera_missing", f"The camera {self._camera.name} gives no picture.")
        return tuple(order.pictures)

    def _open(self) -> PictureStream:
        try:
            order = self._bursts.get_nowait()
        except Empty:
            pass
        else:
            self._take(order)
        if self._gone:
            self._camera = self._there_now()
        stream = self._port.open(self._camera, self._width, self._height, self._per_s)
        self._gone = False
        return stream

    def _there_now(self) -> Camera:
        found = self._port.cameras()
        if not found or self._camera in found:
            return self._camera
        return min(found, key=lambda other: (other.virtual, other.id != self._camera.id))

    def _between(self) -> bool:
        return self._bursts.empty()

    def _take(self, order: _Burst) -> None:
        try:
            stream = self._port.open(self._camera, self.FULL_WIDTH, self.FULL_HEIGHT, self._per_s)
            try:
                order.pictures = self._settled(stream, order.count)
            finally:
                stream.close()
        except DeviceError as error:
            self._trouble = error
            raise
        finally:
            order.done.set()

    def _settled(self, stream: PictureStream, count: int) -> list[Picture]:
        """A camera that was unplugged is not asked again: each question could take seconds."""
        taken: list[Picture] = []
        while len(taken) < self.SETTLING + count and (picture := stream.read()) is not None:
            taken.append(picture)
        return taken[self.SETTLING :]
