"""Pictures of one source to packets of its tracks: a thread that shapes and encodes a full and a small layer.

Still pictures are left out, what moves is paced, a lost device is told and waited for. Built by the pipeline.
"""

from dataclasses import dataclass, field
from typing import Protocol

from candidate_agent.base.clock import Clock
from candidate_agent.capture import shape
from candidate_agent.capture.encode import Packet, VideoEncoder
from candidate_agent.capture.events import CaptureEvent, EncoderBehind, EncoderOverloaded, EncoderRecovered
from candidate_agent.capture.queues import Latest
from candidate_agent.capture.rate import NORMAL_PRESET, STILL_REPEAT_US, KeyFrames, Pace, Pacer, VideoRate
from candidate_agent.capture.workers import Emit, Worker
from candidate_agent.platforms.ports import WHOLE, Picture, Rows
from exam_protocol.records import Codec, Media, Track

QUEUE_PICTURES = 4
WAKE_S = 0.25


class Deliver(Protocol):
    def __call__(self, track: Track, media: Media, *, key_frame: bool, taken_us: int) -> None: ...


class Layer:
    """One track: when it takes a picture, at which size, and its encoder."""

    def __init__(self, track: Track, rate: VideoRate, deliver: Deliver, clock: Clock, emit: Emit) -> None:
        self.track = track
        self.keys = KeyFrames(rate.key_distance_s)
        self._rate = rate
        self._deliver = deliver
        self._clock = clock
        self._emit = emit
        self._pacer = Pacer(rate.per_s)
        self._pace = Pace(rate.per_s)
        self._encoder: VideoEncoder | None = None
        self._scaled: shape.Image | None = None
        self._changed: Rows | None = None
        self._last_us: int | None = None

    def wants(self, now_us: int, changed: Rows | None) -> bool:
        """Whether the picture of this moment goes into the track. `changed`: its rows that are not as in the last."""
        self._changed = shape.joined(self._changed, changed)
        due = self._pacer.due(now_us)
        if self.keys.asked or self._last_us is None:
            return True
        return due and (self._changed is not None or now_us - self._last_us >= STILL_REPEAT_US)

    def encode(self, i420: shape.Image, taken_us: int, waiting: int) -> None:
        began_us = self._clock.monotonic_us()
        size = shape.fit(shape.Size(i420.shape[1], i420.shape[0] * 2 // 3), self._rate.max_width, self._rate.max_height)
        encoder = self._encoder_for(size)
        key = self.keys.next_is_key(taken_us, moved=self._changed is not None)
        for packet in encoder.encode(self._scale(i420, size), taken_us, key_frame=key):
            self._send(packet, size)
        if key:
            self.keys.made(taken_us)
        self._changed, self._last_us = None, taken_us
        self._watch_pace(self._clock.monotonic_us() - began_us, waiting)

    def _encoder_for(self, size: shape.Size) -> VideoEncoder:
        """The encoder at hand, or a new one where size or preset changed: x264 would rescale in silence."""
        if self._encoder is None or self._encoder.size != size or self._encoder.preset != self._pace.preset:
            self.close()
            self._encoder = VideoEncoder(size, self._rate, self._pace.preset)
            self.keys.ask()
        return self._encoder

    def _scale(self, i420: shape.Image, size: shape.Size) -> shape.Image:
        if i420.shape[1] == size.width:
            return i420
        if self._scaled is None or self._scaled.shape != (size.height * 3 // 2, size.width):
            self._scaled, self._changed = shape.i420_buffer(size), None
        shape.scale_i420(i420, self._scaled, self._changed)
        return self._scaled

    def _watch_pace(self, busy_us: int, waiting: int) -> None:
        before = self._pace.preset
        now_us = self._clock.monotonic_us()
        after = self._pace.after(now_us, busy_us, waiting)
        if self._pace.overloaded(now_us):
            self._emit(EncoderOverloaded(self.track, self._pace.OVERLOADED_US // 1_000_000))
        if after != before:
            recovered = after == NORMAL_PRESET
            self._emit(EncoderRecovered(self.track) if recovered else EncoderBehind(self.track, after))

    def _send(self, packet: Packet, size: shape.Size) -> None:
        media = Media(Codec.H264, size.width, size.height, packet.data)
        self._deliver(self.track, media, key_frame=packet.key_frame, taken_us=packet.taken_us)

    def close(self) -> None:
        if self._encoder is not None:
            for packet in self._encoder.close():
                self._send(packet, self._encoder.size)
            self._encoder = None


Rates = tuple[tuple[Track, VideoRate], ...]
"""What a lane makes of its pictures: the layers, full first."""


@dataclass(frozen=True, slots=True)
class Words:
    """The events of this lane's device."""

    lost: CaptureEvent
    back: CaptureEvent


@dataclass(frozen=True, slots=True)
class _Piece:
    """What one picture brought: its new rows from `first` on, none of them where it stands still."""

    size: shape.Size  # of the whole picture
    pixels: shape.Image = field(repr=False)
    first: int
    taken_us: int

    @property
    def rows(self) -> Rows | None:
        return (self.first, self.first + self.pixels.shape[0]) if self.pixels.size else None


def _piece(picture: Picture, rows: Rows | None) -> _Piece:
    """Copied, unless the source makes every picture anew."""
    first, end = rows or (0, 0)
    pixels = picture.pixels if picture.new == WHOLE else picture.pixels[first:end].copy()
    return _Piece(shape.picture_size(picture.pixels), pixels, first, picture.taken_us)


class _Gone:
    """In the queue in a picture's place: the device is lost."""


class VideoLane:
    """`offer` is the source's reader; everything else happens on the lane's own thread. A picture that comes while four
    wait is dropped and counted; what was new in it comes with the next one."""

    def __init__(self, name: str, rates: Rates, words: Words, deliver: Deliver, clock: Clock, emit: Emit) -> None:
        self._rates = rates
        self._words = words
        self._deliver = deliver
        self._clock = clock
        self._emit = emit
        self._queue: Latest[_Piece | _Gone] = Latest(QUEUE_PICTURES + 1)  # one more: a device is lost even then
        self._missed: Rows | None = WHOLE  # what was new in pictures that were dropped, or came before the first
        self._worker = Worker(name, self._run, emit)
        self._layers: tuple[Layer, ...] = ()
        self._wanted_keys: Latest[Track] = Latest(16)
        self._i420: shape.Image | None = None  # the newest picture, as far as it was converted
        self._stamp_us = -1
        self._lost = False
        self.pictures = 0
        self.still = 0
        self.dropped = 0

    def start(self) -> None:
        self._worker.start()

    def stop(self) -> None:
        """What waits is still encoded."""
        self._queue.close()
        self._worker.join()

    def offer(self, picture: Picture | None) -> None:
        if picture is None:
            self._queue.put(_Gone())
            return
        rows = shape.joined(self._missed, picture.new)
        if len(self._queue) >= QUEUE_PICTURES:
            self.dropped, self._missed = self.dropped + 1, rows
        else:
            self._queue.put(_piece(picture, rows))
            self._missed = None

    def key_frame(self, track: int) -> None:
        self._wanted_keys.put(Track(track))

    def set_rates(self, rates: Rates) -> None:
        """Holds from the next picture on."""
        self._rates = rates

    def _run(self) -> None:
        built: Rates = ()
        while not self._queue.finished:
            item = self._queue.get(WAKE_S)
            if built is not self._rates:
                built = self._rates
                self._build(built)
            self._pass_on_keys()
            if isinstance(item, _Piece):
                self._take(item)
            elif item is not None:
                self._lose()
            else:
                self._repeat()
        self._close()

    def _build(self, rates: Rates) -> None:
        self._close()
        self._layers = tuple(Layer(track, rate, self._deliver, self._clock, self._emit) for track, rate in rates)

    def _close(self) -> None:
        for layer in self._layers:
            layer.close()

    def _pass_on_keys(self) -> None:
        while len(self._wanted_keys):
            track = self._wanted_keys.get(0)
            for layer in self._layers:
                if layer.track is track:
                    layer.keys.ask()

    def _lose(self) -> None:
        self._i420 = None
        if not self._lost:
            self._lost = True
            self._emit(self._words.lost)

    def _take(self, piece: _Piece) -> None:
        self.pictures += 1
        if self._lost:
            self._lost = False
            self._emit(self._words.back)
        self.still += piece.rows is None
        wanting = [layer for layer in self._layers if layer.wants(piece.taken_us, piece.rows)]
        if wanting or piece.rows != (0, piece.size.height):
            self._convert(piece)
        self._encode(wanting, piece.taken_us)

    def _repeat(self) -> None:
        """No picture for a while, but a key frame is wanted: the last one again, with the time of now."""
        self._encode([layer for layer in self._layers if layer.keys.asked], self._clock.monotonic_us())

    def _encode(self, layers: list[Layer], taken_us: int) -> None:
        if self._i420 is None or not layers:
            return
        self._stamp_us = max(taken_us, self._stamp_us + 1)  # rises, also over a new encoder
        for layer in layers:
            layer.encode(self._i420, self._stamp_us, len(self._queue))

    def _convert(self, piece: _Piece) -> None:
        """A picture that replaces another as a whole waits until a layer wants it; rows are part of all that follow."""
        size = piece.size
        if piece.rows is None:
            return
        if self._i420 is None or self._i420.shape != (size.height * 3 // 2, size.width):
            self._i420 = shape.i420_buffer(size)
        shape.to_i420(piece.pixels, self._i420, piece.first)
