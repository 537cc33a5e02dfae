"""H.264 and Opus by PyAV: one frame in, its packet out. Called by the lanes, each on its own thread.

H.264 is Annex B with the parameter sets before each key frame, so that every key frame is a place to start from.
"""

from dataclasses import dataclass, field
from fractions import Fraction

import av
import numpy as np
import numpy.typing as npt
from av.audio.codeccontext import AudioCodecContext
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType

from candidate_agent.capture.rate import NORMAL_PRESET, VideoRate
from candidate_agent.capture.shape import Image, Size

MICROSECONDS = Fraction(1, 1_000_000)
BT601 = 6  # what OpenCV's conversion makes; said in the stream, else players guess BT.709 for large pictures
LIMITED_RANGE = 1
# Key frames come when they are asked for, never on x264's own judgement. One quantizer for all frames (`qp`): x264's
# usual curve looks at a small copy of every picture first, and spends more on simple frames, so that after a typed
# letter the whole still page is sent again a little finer. Without it a still camera costs half the bits.
_ON_DEMAND = "scenecut=0:keyint=infinite:weightp=0"
# A screen: text moves by whole pixels and far at once, so no motion in fractions of a pixel is looked for, but up to
# 128 pixels away. A page that scrolls by 60 pixels costs 5 kB instead of 160 and a third of the time, one that moves
# not at all nothing. Edges stay as they are drawn.
_SCREEN = ":ipratio=1:subme=0:no-deblock=1"
_FAR = ":me=umh:merange=128"
# A camera: with the plainest refinement; none at all costs half as many bits again when somebody moves.
_CAMERA = ":subme=1"

SOUND_RATE = 48_000
SOUND_FRAME = 2880  # samples, 60 ms
SOUND_BPS = 24_000


@dataclass(frozen=True, slots=True)
class Packet:
    data: bytes = field(repr=False)
    key_frame: bool
    taken_us: int


def _frame(i420: Image) -> av.VideoFrame:
    """Without a copy where PyAV can: it rounds the height of a borrowed buffer down to a multiple of four."""
    if i420.shape[0] % 6 == 0:
        return av.VideoFrame.from_numpy_buffer(i420, "yuv420p")
    return av.VideoFrame.from_ndarray(i420, "yuv420p")


class VideoEncoder:
    """One track at one size. Another size, quality or preset needs another encoder."""

    def __init__(self, size: Size, rate: VideoRate, preset: str) -> None:
        self.size = size
        self.preset = preset
        self._rate = rate
        self._context: VideoCodecContext | None = None
        self._zero_us = 0
        self._last_pts = -1

    def _open(self) -> VideoCodecContext:
        context = av.CodecContext.create("libx264", "w")
        context.width, context.height, context.pix_fmt = self.size.width, self.size.height, "yuv420p"
        context.time_base = MICROSECONDS
        context.framerate = Fraction(self._rate.per_s).limit_denominator(1000)
        context.thread_count = 1
        context.color_primaries = context.color_trc = context.colorspace = BT601
        context.color_range = LIMITED_RANGE
        context.options = {
            "preset": self.preset, "tune": "zerolatency", "qp": str(self._rate.quantizer), "forced-idr": "1",
            "x264-params": _ON_DEMAND + self._fitting(),
        }  # fmt: skip
        return context

    def _fitting(self) -> str:
        if not self._rate.screen:
            return _CAMERA
        return _SCREEN + (_FAR if self.preset == NORMAL_PRESET else "")

    def encode(self, i420: Image, taken_us: int, *, key_frame: bool) -> tuple[Packet, ...]:
        """`i420` must be of this encoder's size; it may be reused afterwards. A time that goes back is moved up."""
        if self._context is None:
            self._context, self._zero_us = self._open(), taken_us
        frame = _frame(i420)
        frame.time_base = MICROSECONDS
        frame.pts = self._last_pts = max(taken_us - self._zero_us, self._last_pts + 1)
        frame.pict_type = PictureType.I if key_frame else PictureType.NONE
        return tuple(
            Packet(bytes(packet), bool(packet.is_keyframe), self._zero_us + (packet.pts or 0))
            for packet in self._context.encode(frame)
        )

    def close(self) -> tuple[Packet, ...]:
        """What the encoder still held: nothing with zero latency, but it is asked."""
        if self._context is None:
            return ()
        rest = self._context.encode(None)
        self._context = None
        return tuple(Packet(bytes(p), bool(p.is_keyframe), self._zero_us + (p.pts or 0)) for p in rest)


class SoundEncoder:
    """Opus at a constant rate without silence suppression: the size of a packet tells nothing about what is said."""

    def __init__(self) -> None:
        self._context: AudioCodecContext | None = None
        self._position = 0

    def _open(self) -> AudioCodecContext:
        context = av.CodecContext.create("libopus", "w")
        context.sample_rate, context.layout, context.format = SOUND_RATE, "mono", "s16"
        context.bit_rate = SOUND_BPS
        context.time_base = Fraction(1, SOUND_RATE)
        context.options = {"vbr": "off", "frame_duration": "60", "application": "audio", "compression_level": "5"}
        return context

    def encode(self, samples: npt.NDArray[np.int16]) -> bytes:
        """One packet from exactly SOUND_FRAME samples."""
        if self._context is None:
            self._context = self._open()
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, SOUND_FRAME), "s16", "mono")
        frame.sample_rate = SOUND_RATE
        frame.pts = self._position
        self._position += SOUND_FRAME
        return b"".join(bytes(packet) for packet in self._context.encode(frame))
