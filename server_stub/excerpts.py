"""Stored media of a few seconds: the ciphertext as it stands in a session's lane file, for a console that plays a flag.

Where each track can be played from is kept in memory per session, and grows with the file. Called by `routes` in worker
threads; what is read is cut off at MOST_BYTES.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from exam_protocol.evidence import FRAME, HOLE, frame
from exam_protocol.records import Header, Lane, RecordFlag, Track, parse_header
from server_stub.ports import Blobs

MOST_SESSIONS = 32  # whose index is kept
MOST_BYTES = 64 << 20  # of one answer
MOST_READ_BYTES = 256 << 20  # where a track fell silent, nothing says that no more of it comes
STEP_US, STEP_RECORDS = 1_000_000, 512  # starts closer together than this are one
LATE_US = 60_000_000  # records of all tracks stand in the order in which they were made, up to this
PIECE_BYTES = 1 << 18


@dataclass(frozen=True, slots=True)
class Start:
    """Decoding can begin here: `offset` is that of the record's frame."""

    at_us: int
    sequence: int
    offset: int


@dataclass(slots=True)
class _Index:
    lock: threading.Lock = field(default_factory=threading.Lock)
    size_bytes: int = 0
    starts: dict[int, list[Start]] = field(default_factory=dict)

    def note(self, header: Header, offset: int) -> None:
        if not header.flags & RecordFlag.KEY_FRAME and header.track != Track.AUDIO:
            return
        starts = self.starts.setdefault(header.track, [])
        last = starts[-1] if starts else None
        if (
            last is None
            or header.media_time_us - last.at_us >= STEP_US
            or header.sequence - last.sequence >= STEP_RECORDS
        ):
            starts.append(Start(header.media_time_us, header.sequence, offset))


class Excerpts:
    """`size_of`: how many bytes of a session's media are durable."""

    def __init__(self, blobs: Blobs, size_of: Callable[[bytes], int]) -> None:
        self._blobs, self._size_of = blobs, size_of
        self._indexes: OrderedDict[bytes, _Index] = OrderedDict()
        self._lock = threading.Lock()

    def by_sequence(self, session_id: bytes, track: int, first: int, last: int) -> Iterator[bytes]:
        """Framed records `first` to `last` of a track, in pieces; those that are stored."""
        size, starts = self._starts(session_id, track)
        offset = max((start.offset for start in starts if start.sequence <= first), default=0)
        return _pieces(_wanted(self._records(session_id, offset, size), track, lambda h: h.sequence >= first, last))

    def by_time(self, session_id: bytes, track: int, from_us: int, to_us: int) -> Iterator[bytes]:
        """Framed records of a track from where it can be played at `from_us` up to `to_us`, in pieces."""
        size, starts = self._starts(session_id, track)
        before = [start for start in starts if start.at_us <= from_us] or starts[:1]
        if not before:
            return iter(())
        begin = before[-1]
        records = _until(self._records(session_id, begin.offset, size), track, to_us)
        return _pieces(_wanted(records, track, lambda h: h.sequence >= begin.sequence))

    def _starts(self, session_id: bytes, track: int) -> tuple[int, list[Start]]:
        index, size = self._index(session_id), self._size_of(session_id)
        with index.lock:
            if size > index.size_bytes:
                for offset, _, record in self._records(session_id, index.size_bytes, size):
                    if record != HOLE:
                        index.note(parse_header(record), offset)
                index.size_bytes = size
            return size, list(index.starts.get(track, ()))

    def _index(self, session_id: bytes) -> _Index:
        with self._lock:
            index = self._indexes.setdefault(session_id, _Index())
            self._indexes.move_to_end(session_id)
            if len(self._indexes) > MOST_SESSIONS:
                self._indexes.popitem(last=False)
            return index

    def _records(self, session_id: bytes, offset: int, size: int) -> Iterator[tuple[int, int, bytes]]:
        """(offset, position, record) of all that stands in the file from `offset` on."""
        data, at = b"", 0
        for chunk in self._blobs.read(session_id, Lane.MEDIA, size, offset):
            data, offset, at = data[at:] + chunk, offset + at, 0
            while len(data) - at >= FRAME.size:
                position, length = FRAME.unpack_from(data, at)
                end = at + FRAME.size + length
                if end > len(data):
                    break
                yield offset + at, position, data[at + FRAME.size : end]
                at = end


_Records = Iterator[tuple[int, int, bytes]]


def _until(records: _Records, track: int, to_us: int) -> _Records:
    for offset, position, record in records:
        if record != HOLE:
            header = parse_header(record)
            if header.media_time_us > to_us + (0 if header.track == track else LATE_US):
                return
        yield offset, position, record


def _wanted(records: _Records, track: int, fits: Callable[[Header], bool], last: int | None = None) -> Iterator[bytes]:
    size = begin = 0
    for offset, position, record in records:
        begin = begin or offset
        if offset - begin > MOST_READ_BYTES:
            return
        if record == HOLE or (header := parse_header(record)).track != track:
            continue
        if last is not None and header.sequence > last:
            return
        if fits(header):
            size += len(record)
            if size > MOST_BYTES:
                return
            yield frame(position, record)
        if header.sequence == last:
            return


def _pieces(frames: Iterator[bytes]) -> Iterator[bytes]:
    held: list[bytes] = []
    size = 0
    for data in frames:
        held.append(data)
        size += len(data)
        if size >= PIECE_BYTES:
            yield b"".join(held)
            held, size = [], 0
    if held:
        yield b"".join(held)
