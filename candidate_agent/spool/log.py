"""Segment files: how records lie on disk, how they are written, read back and scanned after a crash. Used by `store`.

A frame is position u64 | length u32 | CRC-32 u32 over position, length and record | record. A segment is named by its
lane and first position. The CRC finds where a torn tail begins; later damage is found by the SHA-256 in the index.
"""

import os
import struct
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from exam_protocol.codec import MAX_RECORD_BYTES

FRAME = struct.Struct(">QII")
_KEY = struct.Struct(">QI")
SUFFIX = ".segment"

Write = Callable[[int, memoryview], int]


def segment_path(directory: Path, lane: int, first: int) -> Path:
    return directory / f"lane{lane}-{first:016d}{SUFFIX}"


def segments(directory: Path, lane: int) -> list[int]:
    """First positions of a lane's segments, in order."""
    prefix = f"lane{lane}-"
    return sorted(int(path.stem.removeprefix(prefix)) for path in directory.glob(f"{prefix}*{SUFFIX}"))


def frame(position: int, record: bytes) -> bytes:
    crc = zlib.crc32(record, zlib.crc32(_KEY.pack(position, len(record))))
    return FRAME.pack(position, len(record), crc) + record


@dataclass(frozen=True, slots=True)
class Scanned:
    """A whole record in a segment; `offset` is where the record begins, after its frame head."""

    position: int
    offset: int
    record: bytes


def scan(path: Path, start: int) -> Iterator[Scanned]:
    """Whole records from byte `start` on; ends silently where the tail is torn."""
    with path.open("rb") as file:
        file.seek(start)
        while len(head := file.read(FRAME.size)) == FRAME.size:
            position, length, crc = FRAME.unpack(head)
            record = file.read(length) if length <= MAX_RECORD_BYTES else b""
            if len(record) != length or zlib.crc32(record, zlib.crc32(_KEY.pack(position, length))) != crc:
                return
            yield Scanned(position, file.tell() - length, record)


def read_at(path: Path, offset: int, length: int) -> bytes:
    """The bytes that are there: fewer than `length`, or none, if the file is shorter or gone."""
    try:
        with path.open("rb", buffering=0) as file:
            file.seek(offset)
            return file.read(length) or b""
    except FileNotFoundError:
        return b""


def sync_file(handle: int) -> None:
    """Returns when the data is on the disk itself, as far as the system can promise it."""
    if sys.platform == "darwin":
        import fcntl

        fcntl.fcntl(handle, fcntl.F_FULLFSYNC)
    elif sys.platform == "linux":
        os.fdatasync(handle)
    else:
        os.fsync(handle)


class SegmentWriter:
    """One open segment of one lane. Not thread safe."""

    def __init__(self, path: Path, first: int, write: Write) -> None:
        self.path, self.first, self.size_bytes = path, first, 0
        self._write = write
        flags = os.O_RDWR | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
        self.handle = os.open(path, flags, 0o600)

    def append(self, position: int, record: bytes) -> int:
        """Offset of the record. Raises OSError, having cut off what was half written."""
        start, view = self.size_bytes, memoryview(frame(position, record))
        try:
            while view:
                view = view[self._write(self.handle, view) :]
        except OSError:
            os.ftruncate(self.handle, start)
            os.lseek(self.handle, start, os.SEEK_SET)
            raise
        self.size_bytes = start + FRAME.size + len(record)
        return start + FRAME.size

    def close(self) -> None:
        os.close(self.handle)
