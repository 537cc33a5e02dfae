"""Encoded frames -> MP4 files, one per media track, without encoding again. Called by `export`.

A movie starts at its first frame. A still screen sends nothing for a long time: a frame lasts until the next one, the
last until the end of the whole recording. Holes in the sound stay holes. A new picture size starts a new file.
"""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import msgspec

from exam_evidence.findings import track_name
from exam_protocol.records import Codec, Header, Media, RecordFlag

VIDEO_CLOCK_HZ = (
    90_000  # MP4 keeps durations in 32 bits: in microseconds a screen that stands still for 36 minutes breaks it
)
SOUND_CLOCK_HZ = 48_000
SOUND_JITTER = SOUND_CLOCK_HZ // 25  # 40 ms: less is the clock, more is a hole
MICROSECONDS = 1_000_000


class MovieFile(msgspec.Struct, frozen=True):
    """Times are media times of the session; `skipped` frames could not be decoded for want of an earlier one."""

    file: str
    track: str
    start_us: int
    end_us: int
    frames: int
    skipped: int


@dataclass(slots=True)
class _Waiting:
    """A packet waits for the next one to know its duration."""

    data: bytes
    at: int
    is_key: bool


class _Movie:
    """One MP4 file. Times in ticks of `clock_hz` since the first frame."""

    def __init__(self, path: Path, media: Media, start_us: int) -> None:
        self.path, self.start_us = path, start_us
        self.size = (media.width, media.height)
        self.frames = self.end_us = 0
        self._media, self._last = media, -1
        self._waiting: _Waiting | None = None
        self._sound = media.codec is Codec.OPUS
        self._clock_hz = SOUND_CLOCK_HZ if self._sound else VIDEO_CLOCK_HZ
        self._container: Any = None
        self._stream: Any = None

    def add(self, time_us: int, data: bytes, *, is_key: bool) -> None:
        at = self._ticks(time_us)
        if self._waiting:
            length = packet_ticks(self._waiting.data) if self._sound else 0
            after = self._waiting.at + (length or 1)
            at = after if at < after or (self._sound and at - after < SOUND_JITTER) else at
            self._write(self._waiting, length or at - self._waiting.at)
        self._waiting = _Waiting(data, at, is_key)

    def close(self, end_us: int) -> None:
        """Sound ends with its last packet, pictures with the recording."""
        if self._waiting:
            until = max(self._ticks(end_us), self._waiting.at + 1)
            length = packet_ticks(self._waiting.data) if self._sound else until - self._waiting.at
            self._write(self._waiting, length)
            self.end_us = self.start_us + (self._waiting.at + length) * MICROSECONDS // self._clock_hz
        if self._container:
            self._container.close()

    def _ticks(self, time_us: int) -> int:
        return (time_us - self.start_us) * self._clock_hz // MICROSECONDS

    def _write(self, waiting: _Waiting, duration: int) -> None:
        if self._container is None:
            self._open()
        packet = av.Packet(waiting.data)
        packet.stream = self._stream
        packet.time_base = Fraction(1, self._clock_hz)
        packet.pts = packet.dts = waiting.at
        packet.duration = duration
        packet.is_keyframe = waiting.is_key
        self._container.mux_one(packet)
        self.frames += 1

    def _open(self) -> None:
        """Sound takes its head from an encoder of the same kind: MP4 wants one, and Opus packets carry none."""
        self._container = av.open(str(self.path), "w", format="mp4")
        if self._sound:
            layout = "stereo" if self._media.width == 2 else "mono"
            self._stream = self._container.add_stream("libopus", rate=SOUND_CLOCK_HZ, layout=layout)
            self._stream.time_base = Fraction(1, SOUND_CLOCK_HZ)
        else:
            self._stream = self._container.add_mux_stream("h264", width=self.size[0], height=self.size[1])
            self._stream.time_base = Fraction(1, VIDEO_CLOCK_HZ)


class Movies:
    """All movies of a session. `add` in order of each track, then `close` once."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._running: dict[int, _Movie] = {}
        self._done: list[tuple[int, _Movie]] = []
        self._following: dict[int, int] = {}
        self._waits_for_key: dict[int, bool] = {}
        self._skipped: dict[int, int] = {}
        self._end_us = 0

    def add(self, header: Header, media: Media) -> None:
        track = header.track
        self._end_us = max(self._end_us, header.media_time_us)
        follows = header.sequence == self._following.get(track, 0)
        self._following[track] = header.sequence + 1
        is_key = media.codec is Codec.OPUS or bool(header.flags & RecordFlag.KEY_FRAME)
        if is_key:
            self._waits_for_key[track] = False
        elif not follows:
            self._waits_for_key[track] = True
        if self._waits_for_key.get(track, not is_key):
            self._skipped[track] = self._skipped.get(track, 0) + 1
            return
        self._movie(track, header, media).add(header.media_time_us, media.data, is_key=is_key)

    def close(self) -> tuple[MovieFile, ...]:
        for track, movie in sorted(self._running.items()):
            movie.close(self._end_us)
            self._done.append((track, movie))
        return tuple(
            MovieFile(movie.path.name, track_name(track), movie.start_us, movie.end_us, movie.frames, skipped)
            for track, movie in sorted(self._done, key=lambda pair: (pair[0], pair[1].start_us))
            for skipped in (self._skipped.get(track, 0),)
        )

    def _movie(self, track: int, header: Header, media: Media) -> _Movie:
        movie = self._running.get(track)
        if movie and movie.size != (media.width, media.height):
            movie.close(header.media_time_us)
            self._done.append((track, movie))
            movie = None
        if movie is None:
            part = 1 + sum(1 for number, _ in self._done if number == track)
            name = track_name(track) + (f"-{part}" if part > 1 else "") + ".mp4"
            movie = self._running[track] = _Movie(self._directory / name, media, header.media_time_us)
        return movie


def packet_ticks(packet: bytes) -> int:
    """Length of an Opus packet in samples at 48 kHz, from its first bytes (RFC 6716, section 3.1)."""
    if not packet:
        return 0
    config, count_code = packet[0] >> 3, packet[0] & 3
    if config < 12:
        frame = (480, 960, 1920, 2880)[config & 3]
    elif config < 16:
        frame = (480, 960)[config & 1]
    else:
        frame = (120, 240, 480, 960)[config & 3]
    frames = (1, 2, 2, packet[1] & 63 if len(packet) > 1 else 0)[count_code]
    return frame * frames
