"""Fragmented MP4 (CMAF: ISO/IEC 23000-19 over 14496-12) of one track, from frames that are encoded already.

A fragment is a run of frames with its own start time: where nothing was recorded the next fragment simply starts later.
An index at the front (`sidx`) makes the file seekable. Called by `movies`.
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

UNITY = b"".join(n.to_bytes(4, "big") for n in (1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30))
KEY_FLAGS, OTHER_FLAGS = 0x02000000, 0x01010000  # depends on no other; depends on others, no sync sample
MOST_TICKS = (1 << 32) - 1
MOST_ROWS, MOST_ROW_BYTES, STARTS_WITH_KEY = 50_000, (1 << 31) - 1, 0x90000000  # of the index
PRE_SKIP = 312  # samples that libopus needs to begin; what was said comes out of the decoder this much later


@dataclass(frozen=True, slots=True)
class Sample:
    data: bytes
    ticks: int
    is_key: bool


@dataclass(slots=True)
class _Run:
    """What one entry of the index covers: a key frame and all that needs it."""

    start: int
    ticks: int
    size_bytes: int


class CmafFile:
    """`sound`: of that many channels, 0 for pictures. Times in ticks of `clock_hz`. `add` in order, then `close`."""

    def __init__(self, path: Path, clock_hz: int, sound: int = 0) -> None:
        self.path = path
        self._clock_hz = clock_hz
        self._sound = sound
        self._entries: list[bytes] = []
        self._runs: list[_Run] = []
        self._size = (0, 0)
        self._number = 0
        self._body_path = path.with_suffix(".part")
        self._body = self._body_path.open("wb")

    def describe(self, width: int, height: int, configuration: bytes) -> int:
        """The number of this kind of sample: another size or configuration is another one of the same track."""
        if self._sound:
            entry = _sound_entry(self._sound)
        else:
            self._size = max(self._size[0], width), max(self._size[1], height)
            entry = _picture_entry(width, height, configuration)
        if entry not in self._entries:
            self._entries.append(entry)
        return self._entries.index(entry) + 1

    def add(self, start: int, samples: Sequence[Sample], kind: int) -> None:
        """A fragment. One that does not begin with a key frame belongs to the one before it."""
        self._number += 1
        head = _moof(self._number, start, samples, kind)
        size = len(head) + 8 + sum(len(sample.data) for sample in samples)
        self._body.write(head + (size - len(head)).to_bytes(4, "big") + b"mdat")
        for sample in samples:
            self._body.write(sample.data)
        ticks = sum(sample.ticks for sample in samples)
        if samples[0].is_key or not self._runs:
            self._runs.append(_Run(start, ticks, size))
        else:
            run = self._runs[-1]
            run.ticks, run.size_bytes = start + ticks - run.start, run.size_bytes + size

    def close(self) -> None:
        self._body.close()
        with self.path.open("wb") as file, self._body_path.open("rb") as body:
            file.write(_box(b"ftyp", b"iso6\0\0\0\0iso6cmfcmp41") + self._moov() + self._sidx())
            shutil.copyfileobj(body, file, 1 << 20)
        self._body_path.unlink()

    def abandon(self) -> None:
        """Nothing of a file that was not closed stays behind."""
        self._body.close()
        self._body_path.unlink(missing_ok=True)

    def _moov(self) -> bytes:
        length = self._runs[-1].start + self._runs[-1].ticks if self._runs else 0
        skipped = PRE_SKIP if self._sound else 0
        kind, noun, media_head = (
            (b"soun", b"sound\0", _full(b"smhd", 0, 0, _u16(0, 0))) if self._sound
            else (b"vide", b"pictures\0", _full(b"vmhd", 0, 1, _u16(0, 0, 0, 0)))
        )  # fmt: skip
        stbl = _box(
            b"stbl",
            _full(b"stsd", 0, 0, _u32(len(self._entries)) + b"".join(self._entries)),
            *(_full(name, 0, 0, _u32(0)) for name in (b"stts", b"stsc")),
            _full(b"stsz", 0, 0, _u32(0, 0)),
            _full(b"stco", 0, 0, _u32(0)),
        )
        data_here = _box(b"dinf", _full(b"dref", 0, 0, _u32(1) + _full(b"url ", 0, 1, b"")))
        media = _box(
            b"mdia",
            _full(b"mdhd", 1, 0, bytes(16) + _u32(self._clock_hz) + bytes(8) + _u16(0x55C4, 0)),
            _full(b"hdlr", 0, 0, bytes(4) + kind + bytes(12) + noun),
            _box(b"minf", media_head, data_here, stbl),
        )
        track_head = (
            bytes(16) + _u32(1, 0) + bytes(8 + 8) + _u16(0, 0, 0x0100 if self._sound else 0, 0) + UNITY
            + _u32(self._size[0] << 16, self._size[1] << 16)
        )  # fmt: skip
        edits = _box(b"edts", _full(b"elst", 1, 0, _u32(1) + _u64(0, skipped) + _u16(1, 0)))
        return _box(
            b"moov",
            _full(b"mvhd", 1, 0, bytes(16) + _u32(self._clock_hz) + bytes(8) + _u32(1 << 16) + _u16(0x0100, 0)
                  + bytes(8) + UNITY + bytes(24) + _u32(2)),
            _box(b"trak", _full(b"tkhd", 1, 3, track_head), *((edits,) if skipped else ()), media),
            _box(b"mvex", _full(b"mehd", 1, 0, _u64(length)), _full(b"trex", 0, 0, _u32(1, 1, 0, 0, 0))),
        )  # fmt: skip

    def _sidx(self) -> bytes:
        """Each run lasts until the next one begins: the index knows no gaps, the fragments do."""
        step = max(1, -(-len(self._runs) // MOST_ROWS))
        runs = [self._runs[at : at + step] for at in range(0, len(self._runs), step)]
        last = self._runs[-1:]
        ends = [group[0].start for group in runs[1:]] + [run.start + run.ticks for run in last]
        rows = b"".join(
            _u32(min(sum(run.size_bytes for run in group), MOST_ROW_BYTES),
                 min(max(end - group[0].start, 0), MOST_TICKS), STARTS_WITH_KEY)
            for group, end in zip(runs, ends, strict=True)
        )  # fmt: skip
        start = self._runs[0].start if self._runs else 0
        return _full(b"sidx", 1, 0, _u32(1, self._clock_hz) + _u64(start, 0) + _u16(0, len(runs)) + rows)


def _moof(number: int, start: int, samples: Sequence[Sample], kind: int) -> bytes:
    rows = b"".join(
        _u32(min(sample.ticks, MOST_TICKS), len(sample.data), KEY_FLAGS if sample.is_key else OTHER_FLAGS)
        for sample in samples
    )

    def with_offset(offset: int) -> bytes:
        track = _box(
            b"traf",
            _full(b"tfhd", 0, 0x020002, _u32(1, kind)),
            _full(b"tfdt", 1, 0, _u64(start)),
            _full(b"trun", 0, 0x000701, _u32(len(samples), offset) + rows),
        )
        return _box(b"moof", _full(b"mfhd", 0, 0, _u32(number)), track)

    return with_offset(len(with_offset(0)) + 8)


def _picture_entry(width: int, height: int, configuration: bytes) -> bytes:
    head = bytes(6) + _u16(1) + bytes(16) + _u16(width, height) + _u32(0x480000, 0x480000, 0) + _u16(1) + bytes(32)
    return _box(b"avc1", head + _u16(24, 0xFFFF), _box(b"avcC", configuration))


def _sound_entry(channels: int) -> bytes:
    """Opus in ISO BMFF: its clock is always 48 kHz."""
    head = bytes(6) + _u16(1) + bytes(8) + _u16(channels, 16, 0, 0) + _u32(48_000 << 16)
    opus = bytes((0, channels)) + _u16(PRE_SKIP) + _u32(48_000) + _u16(0) + b"\0"
    return _box(b"Opus", head, _box(b"dOps", opus))


def _box(name: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return (len(body) + 8).to_bytes(4, "big") + name + body


def _full(name: bytes, version: int, flags: int, body: bytes) -> bytes:
    return _box(name, bytes((version,)) + flags.to_bytes(3, "big"), body)


def _u16(*numbers: int) -> bytes:
    return b"".join(number.to_bytes(2, "big") for number in numbers)


def _u32(*numbers: int) -> bytes:
    return b"".join(number.to_bytes(4, "big") for number in numbers)


def _u64(*numbers: int) -> bytes:
    return b"".join(number.to_bytes(8, "big") for number in numbers)
