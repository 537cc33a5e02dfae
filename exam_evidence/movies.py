"""Encoded frames -> MP4 files, one per media track, without encoding again. Called by `export`.

A movie starts at its first frame. A picture lasts until the next one; a still screen is repeated every five seconds, so
that where nothing came for much longer, and where records are missing, there is a gap. A new picture size goes on in
the same file.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from exam_evidence.annexb import picture
from exam_evidence.cmaf import CmafFile, Sample
from exam_evidence.findings import track_name
from exam_protocol.errors import ProtocolError
from exam_protocol.records import Codec, Gap, Header, Media, RecordFlag

VIDEO_CLOCK_HZ = 90_000  # durations have 32 bits: in microseconds a screen that stands still for 36 minutes breaks it
SOUND_CLOCK_HZ = 48_000
SOUND_JITTER = SOUND_CLOCK_HZ // 25  # 40 ms: less is the clock, more is a hole
MICROSECONDS = 1_000_000
STILL_US, SILENT_US = 5_000_000, 12_000_000  # how long a picture holds; after how long its absence is a gap
MOST_SOUND_TICKS = 5760  # 120 ms, RFC 6716
LONGEST_US = 30 * 86_400 * MICROSECONDS
MOST_RUN_BYTES, SOUND_RUN = 64 << 20, 160
MOST_ROWS = 10_000  # gaps and parts that are named of one film


class MovieGap(msgspec.Struct, frozen=True):
    """Media times of the session. `reason`: as the device declared it, else `missing` or `nothing_recorded`."""

    from_us: int
    to_us: int
    reason: str


class MoviePart(msgspec.Struct, frozen=True):
    """From here on the pictures have this size; sound: 0 by 0."""

    from_us: int
    width: int
    height: int


class MovieFile(msgspec.Struct, frozen=True):
    """Times are media times of the session; `skipped` frames could not be decoded for want of an earlier one."""

    file: str
    track: str
    start_us: int
    end_us: int
    frames: int
    skipped: int
    gaps: tuple[MovieGap, ...] = ()
    parts: tuple[MoviePart, ...] = ()

    @property
    def recorded_us(self) -> int:
        """Its length without its gaps."""
        return self.end_us - self.start_us - sum(gap.to_us - gap.from_us for gap in self.gaps)


@dataclass(slots=True)
class _Waiting:
    """A frame waits for the next one to know how long it lasts."""

    data: bytes
    at: int
    is_key: bool
    kind: int
    ticks: int  # of sound; 0: until the next


class _Movie:
    """One file. Times in ticks of its clock since the first frame."""

    def __init__(self, path: Path, track: int, media: Media, start_us: int, declared: Sequence[Gap]) -> None:
        self.start_us = start_us
        self.codec = media.codec
        self.frames = self.end_us = 0
        self.gaps: list[MovieGap] = []
        self.parts: list[MoviePart] = []
        self.path = path
        self._track = track
        self._declared = declared
        self._sound = (2 if media.width == 2 else 1) if media.codec is Codec.OPUS else 0
        self._clock_hz = SOUND_CLOCK_HZ if self._sound else VIDEO_CLOCK_HZ
        self._file = CmafFile(path, self._clock_hz, self._sound)
        self._sets = b""
        self._waiting: _Waiting | None = None
        self._run: list[Sample] = []
        self._run_start = self._run_bytes = 0
        self._run_kind = 0

    def add(self, time_us: int, media: Media, *, is_key: bool, missing: tuple[int, int] | None) -> None:
        """`missing`: first and last sequence that should have come before. Raises ProtocolError `damaged`."""
        coming = self._sound_frame(media) if self._sound else self._picture(time_us, media, is_key=is_key)
        coming.at = self._ticks(time_us)
        if before := self._waiting:
            until, gap = self._until(before, coming.at, missing is not None)
            coming.at = max(coming.at, until) if gap else until
            self._write(before, (before.ticks or until - before.at))
            if gap:
                self._flush()
                self._note_gap(self._time_us(until), self._time_us(coming.at), missing)
        self._waiting = coming

    def _until(self, before: _Waiting, at: int, missing: bool) -> tuple[int, bool]:
        """When the frame before ends (at most: when the coming one begins), and whether there is a gap after it."""
        if before.ticks:
            end = before.at + before.ticks
            return end, at - end >= SOUND_JITTER
        at = max(at, before.at + 1)
        still, silent = STILL_US * self._clock_hz // MICROSECONDS, SILENT_US * self._clock_hz // MICROSECONDS
        if at - before.at > silent or missing:
            usual = self._run[-1].ticks if self._run else still
            end = before.at + min(still, usual if missing else still, at - before.at)
            return end, end < at
        return at, False

    def close(self, end_us: int) -> None:
        """Sound ends with its last packet, pictures with the recording, unless nothing more came for long before."""
        if last := self._waiting:
            until = last.at + last.ticks if last.ticks else self._until(last, self._ticks(end_us), False)[0]
            self._write(last, until - last.at)
            self._flush()
            self.end_us = self._time_us(until)
            if not last.ticks and end_us - self.end_us > SILENT_US - STILL_US:
                self._note_gap(self.end_us, end_us, None)
                self.end_us = end_us
        self._file.close()

    def abandon(self) -> None:
        self._file.abandon()

    def _sound_frame(self, media: Media) -> _Waiting:
        ticks = packet_ticks(media.data)
        if not 0 < ticks <= MOST_SOUND_TICKS:
            raise ProtocolError("damaged", "A sound record holds no sound.")
        if not self.parts:
            self.parts.append(MoviePart(self.start_us, 0, 0))
        return _Waiting(media.data, 0, True, self._file.describe(0, 0, b""), ticks)

    def _picture(self, time_us: int, media: Media, *, is_key: bool) -> _Waiting:
        taken = picture(media.data)
        self._sets = taken.sets or self._sets
        if not self._sets:
            raise ProtocolError("damaged", "A picture came before anything that says how to decode it.")
        size = (media.width, media.height)
        if not self.parts or (self.parts[-1].width, self.parts[-1].height) != size:
            if len(self.parts) == MOST_ROWS:
                raise ProtocolError("damaged", "The pictures change their size more often than a screen can.")
            self.parts.append(MoviePart(time_us, *size))
        return _Waiting(taken.data, 0, is_key, self._file.describe(*size, self._sets), 0)

    def _ticks(self, time_us: int) -> int:
        return max(0, time_us - self.start_us) * self._clock_hz // MICROSECONDS

    def _time_us(self, ticks: int) -> int:
        return self.start_us + ticks * MICROSECONDS // self._clock_hz

    def _write(self, frame: _Waiting, ticks: int) -> None:
        full = self._run_bytes > MOST_RUN_BYTES or (self._sound and len(self._run) >= SOUND_RUN)
        if self._run and (full or frame.kind != self._run_kind or (frame.is_key and not self._sound)):
            self._flush()
        if not self._run:
            self._run_start, self._run_kind = frame.at, frame.kind
        self._run.append(Sample(frame.data, ticks, frame.is_key))
        self._run_bytes += len(frame.data)
        self.frames += 1

    def _flush(self) -> None:
        if self._run:
            self._file.add(self._run_start, self._run, self._run_kind)
        self._run, self._run_bytes = [], 0

    def _note_gap(self, from_us: int, to_us: int, missing: tuple[int, int] | None) -> None:
        if len(self.gaps) < MOST_ROWS:
            reason = self._reason(from_us, to_us, missing) or ("missing" if missing else "nothing_recorded")
            self.gaps.append(MovieGap(from_us, to_us, reason))

    def _reason(self, from_us: int, to_us: int, missing: tuple[int, int] | None) -> str:
        for gap in self._declared:
            same_records = missing and gap.first <= missing[1] and gap.last >= missing[0]
            if gap.track == self._track and (same_records or (gap.from_us < to_us and gap.to_us > from_us)):
                return gap.reason
        return ""


class Movies:
    """All movies of a session. `add` in order of each track, then `close` once. `declared`: the gaps of the ledger."""

    def __init__(self, directory: Path, declared: Sequence[Gap] = ()) -> None:
        self._directory = directory
        self._declared = declared
        self._running: dict[int, _Movie] = {}
        self._following: dict[int, int] = {}
        self._lost_since: dict[int, int] = {}  # the first sequence that is missing before the next frame
        self._waits_for_key: dict[int, bool] = {}
        self._skipped: dict[int, int] = {}
        self._end_us = 0

    def add(self, header: Header, media: Media) -> None:
        """Raises ProtocolError `damaged`: the record is left out, and everything that needs it."""
        track = header.track
        if header.media_time_us > LONGEST_US:
            raise ProtocolError("damaged", "A record's time is later than any exam.")
        self._end_us = max(self._end_us, header.media_time_us)
        expected = self._following.get(track, 0)
        self._following[track] = header.sequence + 1
        is_key = media.codec is Codec.OPUS or bool(header.flags & RecordFlag.KEY_FRAME)
        if header.sequence != expected:
            self._lose(track, expected)
        if not is_key and self._waits_for_key.get(track, True):
            self._skipped[track] = self._skipped.get(track, 0) + 1
            return
        try:
            self._show(track, header, media, is_key=is_key)
        except ProtocolError:
            self._lose(track, header.sequence)
            raise

    def _lose(self, track: int, sequence: int) -> None:
        self._waits_for_key[track] = True
        self._lost_since.setdefault(track, sequence)

    def _show(self, track: int, header: Header, media: Media, *, is_key: bool) -> None:
        movie = self._movie(track, header, media)
        lost = self._lost_since.get(track)
        missing = None if lost is None else (lost, header.sequence - 1)
        movie.add(header.media_time_us, media, is_key=is_key, missing=missing)
        self._waits_for_key[track] = False
        self._lost_since.pop(track, None)

    def _movie(self, track: int, header: Header, media: Media) -> _Movie:
        movie = self._running.get(track)
        if movie is None:
            path = self._directory / f"{track_name(track)}.mp4"
            movie = self._running[track] = _Movie(path, track, media, header.media_time_us, self._declared)
        if movie.codec is not media.codec:
            raise ProtocolError("damaged", "Sound and pictures stand on one track.")
        return movie

    def abandon(self) -> None:
        """After an error; after `close` it does nothing."""
        for movie in self._running.values():
            movie.abandon()

    def close(self) -> tuple[MovieFile, ...]:
        for movie in self._running.values():
            movie.close(self._end_us)
        found = sorted(self._running.items())
        for _, movie in found:
            if not movie.frames:
                movie.path.unlink()
        return tuple(
            MovieFile(
                movie.path.name, track_name(track), movie.start_us, movie.end_us, movie.frames,
                self._skipped.get(track, 0), tuple(movie.gaps), tuple(movie.parts),
            )
            for track, movie in found if movie.frames
        )  # fmt: skip


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
