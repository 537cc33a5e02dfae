"""A long sitting as a bundle: real records with real H.264 and Opus, simulated pictures and sound. Used by the tests
beside this file (minutes long) and by `bench.evidence` (three hours).

The number of the minute stands in every picture as a row of black and white blocks, and a beep begins with each minute.
What happens is planned in shares of the whole, so that a short sitting goes through the same as a long one.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction

import av
import numpy as np
import numpy.typing as npt

from exam_protocol import records as r
from exam_protocol.evidence import HOLE
from exam_protocol.records import Codec, Media, RecordSpan, Track
from tests.exam_evidence.sample import Institution, Sitting

BITS = 8
BEEP_S, BEEP_HZ = 0.3, 1000
PACKET_US = 60_000
STILL_US = 5_000_000


@dataclass(frozen=True, slots=True)
class Plan:
    """Times in units of `minute_us` since the recording began; a test has short minutes."""

    minutes: int
    minute_us: int = 60_000_000
    start_us: int = 20_000_000
    camera_per_s: int = 2

    def at(self, share: float) -> int:
        """The minute that begins at this share of the sitting."""
        return max(1, round(self.minutes * share))

    def begins_us(self, minute: float) -> int:
        return self.start_us + round(minute * self.minute_us)

    @property
    def turned(self) -> int:
        return self.at(0.2)

    @property
    def camera_away(self) -> tuple[int, int]:
        return self.at(0.3), self.at(0.4)

    @property
    def silent(self) -> tuple[int, int]:
        return self.at(0.45), self.at(0.5)

    @property
    def disk_full(self) -> int:
        """For the second half of this minute nothing could be written."""
        return self.at(0.55)

    @property
    def second_display(self) -> tuple[int, int]:
        return self.at(0.6), self.at(0.8)

    @property
    def low_profile(self) -> int:
        return self.at(0.85)


def numbered(number: int, size: tuple[int, int], tint: int) -> npt.NDArray[np.uint8]:
    """I420: grey, with the bits of `number` as blocks across the upper half."""
    width, height = size
    planes = np.full((height * 3 // 2, width), 128, np.uint8)
    planes[:height] = tint
    for bit in range(BITS):
        left, right = bit * width // BITS, (bit + 1) * width // BITS
        planes[: height // 2, left:right] = 235 if number >> (BITS - 1 - bit) & 1 else 16
    return planes


def read_number(luma: npt.NDArray[np.uint8]) -> int:
    """Of a picture's luma, whatever its size."""
    height, width = luma.shape
    found = 0
    for bit in range(BITS):
        column = (2 * bit + 1) * width // (2 * BITS)
        found = found * 2 + int(luma[height // 4, column] > 125)
    return found


def pictures(number: int, size: tuple[int, int], count: int, tint: int) -> list[tuple[Media, bool]]:
    """One key frame and what a still picture costs after it."""
    encoder = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt = *size, "yuv420p"
    encoder.time_base = Fraction(1, 1_000_000)
    encoder.thread_count = 1
    encoder.options = {"preset": "ultrafast", "tune": "zerolatency", "crf": "28", "g": "9999"}
    planes, found = numbered(number, size, tint), []
    for at in range(count):
        frame = av.VideoFrame.from_ndarray(planes, "yuv420p")
        frame.pts, frame.time_base = at * 100_000, encoder.time_base
        found += [(Media(Codec.H264, *size, bytes(p)), bool(p.is_keyframe)) for p in encoder.encode(frame)]
    return found


def minute_of_sound(packets: int) -> list[Media]:
    """A beep at its beginning, then silence; 24 kbit/s, constant."""
    encoder = av.CodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format, encoder.bit_rate = 48_000, "mono", "s16", 24_000
    encoder.options = {"vbr": "off", "frame_duration": "60", "application": "voip"}
    found = []
    for number in range(packets):
        times_s = (number * 2880 + np.arange(2880)) / 48_000
        wave = (12_000 * np.sin(2 * np.pi * BEEP_HZ * times_s) * (times_s < BEEP_S)).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(wave.reshape(1, -1), "s16", "mono")
        frame.sample_rate, frame.pts = 48_000, number * 2880
        found += [Media(Codec.OPUS, 1, 480, bytes(packet)) for packet in encoder.encode(frame)]
    return found


@dataclass
class LongSitting:
    plan: Plan
    sitting: Sitting = field(default_factory=lambda: Sitting(Institution()))
    following: dict[int, int] = field(default_factory=dict)

    def record(self, progress: Callable[[int], None] = lambda minute: None) -> Sitting:
        sitting, plan = self.sitting, self.plan
        sitting.open()
        sitting.new_epoch()
        sound = minute_of_sound(plan.minute_us // PACKET_US)
        for minute in range(plan.minutes):
            rows = sorted(self._minute(minute, sound), key=lambda row: row[0])
            for at_us, track, media, key in rows:
                sitting.media(track, media, at_us, key=key)
            self._happens(minute)
            sitting.check(plan.begins_us(minute + 1) - 1)
            progress(minute)
        end_us = plan.begins_us(plan.minutes)
        sitting.state("ended", end_us, "finished")
        sitting.end(end_us, "finished")
        sitting.receipt(complete=True)
        return sitting

    def _minute(self, minute: int, sound: list[Media]) -> Iterator[tuple[int, int, Media, bool]]:
        plan, at_us = self.plan, self.plan.begins_us(minute)
        until_us = plan.minute_us // 2 if minute == plan.disk_full else plan.minute_us
        size = (360, 640) if minute >= plan.turned else (640, 360)
        yield from self._track(Track.SCREEN, minute, size, STILL_US, until_us, 100)
        if plan.second_display[0] <= minute < plan.second_display[1]:
            yield from self._track(Track.SCREEN_2, minute, (480, 270), STILL_US, until_us, 60)
        if not plan.camera_away[0] <= minute < plan.camera_away[1]:
            low, back = minute >= plan.low_profile, minute >= plan.camera_away[1]
            size = (96, 72) if low else (176, 144) if back else (160, 120)
            yield from self._track(
                Track.WEBCAM, minute, size, 1_000_000 // (1 if low else plan.camera_per_s), until_us, 90
            )
        if not plan.silent[0] <= minute < plan.silent[1]:
            for number, media in enumerate(sound):
                if number * PACKET_US < until_us:
                    yield at_us + number * PACKET_US, Track.AUDIO, media, True

    def _track(
        self, track: int, minute: int, size: tuple[int, int], step_us: int, until_us: int, tint: int
    ) -> Iterator[tuple[int, int, Media, bool]]:
        at_us = self.plan.begins_us(minute)
        for number, (media, key) in enumerate(pictures(minute, size, -(-until_us // step_us), tint)):
            yield at_us + number * step_us, track, media, key

    def _happens(self, minute: int) -> None:
        """Flags as the device makes them, the change of profile, and what could not be written."""
        sitting, plan, at_us = self.sitting, self.plan, self.plan.begins_us(minute)
        if minute == plan.turned:
            self._flag("DISPLAY_CHANGED", "technical", "The display was turned.", at_us, at_us, Track.SCREEN)
        if minute == plan.camera_away[0]:
            self._flag("CAMERA_LOST", "technical", "The camera gives no picture.", at_us, at_us, Track.WEBCAM)
        if minute == plan.second_display[0]:
            self._flag("DISPLAY_ADDED", "high", "Another display was connected.", at_us, at_us, Track.SCREEN_2)
        if minute == plan.low_profile:
            entry = r.LogEntry("profile", "from standard to low: the oldest record that waits is 18 s old", 0)
            sitting.entry(Track.LOG, entry, at_us)
            half_us = at_us + plan.minute_us // 2
            self._flag(
                "FACE_ABSENT", "medium", "No face for 18 s.", half_us, half_us + 1_000_000, Track.WEBCAM, seconds=18.0
            )
        if minute == plan.disk_full:
            self._lose(at_us + plan.minute_us // 2, plan.begins_us(minute + 1))

    def _flag(
        self, code: str, severity: str, reason: str, from_us: int, to_us: int, track: int, **numbers: float
    ) -> None:
        last = self.sitting.chains.at(track).next_sequence - 1
        span = RecordSpan(track, max(0, last - 3), last)
        self.sitting.entry(Track.FLAGS, r.FlagEntry(code, severity, reason, 1, from_us, to_us, numbers, (span,)), to_us)

    def _lose(self, from_us: int, to_us: int) -> None:
        """Ten records of each track that were never written."""
        for track in (Track.SCREEN, Track.WEBCAM, Track.AUDIO):
            first = self.sitting.chains.at(track).next_sequence
            hashes = tuple(bytes([number]) * 32 for number in range(10))
            for hashed in hashes:
                self.sitting.chains.append(track, hashed)
                self.sitting.marks.add(track, self.sitting.chains.at(track).next_sequence - 1, hashed)
                self.sitting.lanes[1].append(HOLE)
            self.sitting.signed(r.Gap(track, first, first + 9, hashes, from_us, to_us, "disk_full"), to_us)
