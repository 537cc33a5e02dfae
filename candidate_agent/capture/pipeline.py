"""Screen, camera and microphone to encoded, timed packets in a sink: owns the threads. Called by app.

source thread -> [4 pictures, more are dropped and counted] -> lane thread: shape, encode -> [64 packets, blocks]
-> writer thread, woken by small pictures or ten times a second -> sink. A slow sink slows the lanes; only pictures that
are not yet encoded are ever dropped.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from candidate_agent.base.clock import Clock
from candidate_agent.base.errors import AgentError
from candidate_agent.capture import rate, shape
from candidate_agent.capture.camera_facts import CameraFacts, CameraPictures
from candidate_agent.capture.events import (
    CameraBack,
    CameraLost,
    CaptureEvent,
    CaptureFailed,
)
from candidate_agent.capture.lanes import Rates, VideoLane, Words
from candidate_agent.capture.queues import Gathering
from candidate_agent.capture.regions import EXAM_DISPLAY, Regions
from candidate_agent.capture.screen_black import BlackWatch
from candidate_agent.capture.screens import Allowed, Counted, Screens
from candidate_agent.capture.sound import SoundLane, Tap
from candidate_agent.capture.sources import PictureSource
from candidate_agent.capture.workers import Worker
from candidate_agent.platforms.ports import Closer, Display, Microphone, MicrophonePort, ScreenPort
from exam_protocol.records import SMALL_TRACKS, Media, Track

QUEUE_PACKETS = 64
GATHER_S = 0.1


class MediaSink(Protocol):
    def media(self, track: int, media: Media, *, key_frame: bool, taken_us: int) -> None: ...


@dataclass(frozen=True, slots=True)
class _Delivery:
    track: Track
    media: Media
    key_frame: bool
    taken_us: int


class _Writer:
    """The only caller of the sink. What the sink refuses is told once per run of refusals and counted."""

    def __init__(self, sink: MediaSink, emit: Callable[[CaptureEvent], None]) -> None:
        self._sink = sink
        self._emit = emit
        self._queue: Gathering[_Delivery] = Gathering(QUEUE_PACKETS, GATHER_S)
        self._worker = Worker("capture-writer", self._run, emit)
        self._refusing = False
        self.packets: dict[Track, int] = {}
        self.data_bytes: dict[Track, int] = {}
        self.refused = 0

    def start(self) -> None:
        self._worker.start()

    def stop(self) -> None:
        """Everything delivered so far is written."""
        self._queue.close()
        self._worker.join()

    def deliver(self, track: Track, media: Media, *, key_frame: bool, taken_us: int) -> None:
        """Blocks while 64 packets wait."""
        self._queue.put(_Delivery(track, media, key_frame, taken_us), urgent=track in SMALL_TRACKS)

    def _run(self) -> None:
        while (items := self._queue.take()) is not None:
            for item in items:
                self._write(item)

    def _write(self, item: _Delivery) -> None:
        try:
            self._sink.media(item.track, item.media, key_frame=item.key_frame, taken_us=item.taken_us)
        except AgentError as error:
            self._refuse(f"{error.code}: {error.text}")
        except Exception as error:  # a writer that ends would block every lane, and the end of the exam
            self._refuse(type(error).__name__)
        else:
            self._refusing = False
            self._count(item)

    def _refuse(self, why: str) -> None:
        self.refused += 1
        if not self._refusing:
            self._refusing = True
            self._emit(CaptureFailed("capture-writer", why))

    def _count(self, item: _Delivery) -> None:
        self.packets[item.track] = self.packets.get(item.track, 0) + 1
        self.data_bytes[item.track] = self.data_bytes.get(item.track, 0) + len(item.media.data)


def _camera_rates(profile: rate.Profile) -> Rates:
    layers = (Track.WEBCAM, profile.camera), (Track.WEBCAM_SMALL, profile.camera_small)
    return tuple((track, layer) for track, layer in layers if layer is not None)


class Pipeline:
    """`camera` is a source that its owner starts and stops; the screen and the microphone are opened here. `display`:
    the exam's own, or all that are allowed. `regions`: what is recorded as black."""

    def __init__(
        self, *, screen: ScreenPort, display: Display | Allowed, camera: CameraPictures,
        microphone: tuple[MicrophonePort, Microphone], sink: MediaSink, profile: str,
        emit: Callable[[CaptureEvent], None], clock: Clock, tap: Tap | None = None, regions: Regions | None = None,
    ) -> None:  # fmt: skip
        chosen = rate.profile(profile)
        self._camera = camera
        self._writer = _Writer(sink, emit)
        deliver = self._writer.deliver
        allowed = display if isinstance(display, Allowed) else Allowed(display)
        self._regions = regions or Regions(clock)
        self._screens = Screens(screen, allowed, self._regions, chosen, deliver, clock, emit)
        self._webcam = VideoLane(
            "capture-camera-encoder", _camera_rates(chosen), Words(CameraLost(), CameraBack()), deliver, clock, emit
        )
        self._black = BlackWatch(emit)
        self._camera_facts = CameraFacts(camera, emit)
        self._sound = SoundLane(*microphone, deliver, clock, emit, tap)
        self._closers: tuple[Closer, ...] = ()

    def start(self) -> None:
        """Returns at once; a device that cannot be opened is told as an event. Once only."""
        shape.one_thread_each()
        self._writer.start()
        for lane in (self._webcam, self._sound):
            lane.start()
        self._closers = (self._camera.subscribe(self._webcam.offer), self._camera.subscribe(self._camera_facts.see))
        if not self._regions.names(EXAM_DISPLAY):
            self._closers += (self._screens.own.subscribe(self._black.see),)
        self._screens.start()

    def stop(self) -> None:
        """Encodes and writes what was taken, ends every thread. May be called twice."""
        closers, self._closers = self._closers, ()
        if not closers:
            return
        self._screens.stop()
        for close in closers:
            close()
        for lane in (self._webcam, self._sound):
            lane.stop()
        self._writer.stop()

    def key_frame(self, track: int) -> None:
        """Somebody starts to watch `track`: its next frame is a key frame, within a second also of a still screen."""
        self._screens.key_frame(track)
        self._webcam.key_frame(track)

    def set_profile(self, name: str) -> None:
        """full, standard, low, store. Raises KeyError."""
        chosen = rate.profile(name)
        self._screens.set_profile(chosen)
        self._webcam.set_rates(_camera_rates(chosen))

    def screen_source(self) -> PictureSource:
        """Of the exam's display, for the thumbnail of what leaves the computer."""
        return self._screens.own

    def stats(self) -> dict[str, float]:
        """Counts since the start; `sound_dbfs` is the level of the last block."""
        figures: dict[str, float] = {
            "sound_blocks": self._sound.blocks,
            "sound_dropped": self._sound.dropped,
            "sound_filled_samples": self._sound.filled,
            "sound_left_out_samples": self._sound.left_out,
            "sound_dbfs": self._sound.level_dbfs,
            "refused": self._writer.refused,
        }
        counted = {f"screen_{number + 1}" if number else "screen": n for number, n in self._screens.counted().items()}
        counted["camera"] = Counted().add(self._webcam)
        for name, of in counted.items():
            figures |= {f"{name}_in": of.pictures, f"{name}_still": of.still, f"{name}_dropped": of.dropped}
        for track, packets in self._writer.packets.copy().items():
            figures[f"{track.name.lower()}_packets"] = packets
            figures[f"{track.name.lower()}_bytes"] = self._writer.data_bytes.get(track, 0)
        return figures
