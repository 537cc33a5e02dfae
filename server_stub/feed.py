"""What one console is still to be sent: bounded, and dropping pictures to the next key frame. Pure; `console` sends it.

Overflow rule: queued media of a (session, track) is dropped as a whole and its live stream goes on at the next key
frame, told by ConsoleDropped. Everything else is never dropped; where even that grows too long, the console is cut.
"""

from collections import deque
from dataclasses import dataclass

from exam_protocol import messages as m
from exam_protocol.records import MEDIA_TRACKS, Header, RecordFlag, Track

MAX_MEDIA_RECORDS = 512
MAX_MEDIA_BYTES = 16 << 20
MAX_OTHER_ITEMS = 4096
MAX_OTHER_BYTES = 64 << 20

StreamKey = tuple[bytes, int]  # session, track


@dataclass(frozen=True, slots=True)
class Replay:
    """The stored control lane of a session up to `through_bytes`, only these tracks."""

    session_id: bytes
    tracks: frozenset[int]
    through_bytes: int


@dataclass(frozen=True, slots=True)
class Text:
    message: m.ConsoleMessage


@dataclass(frozen=True, slots=True)
class Changed:
    """The newest SessionInfo of this session, whatever it is by then."""

    session_id: str


@dataclass(frozen=True, slots=True)
class Record:
    data: bytes
    stream: StreamKey | None  # None: control, never dropped


class Feed:
    def __init__(self) -> None:
        self._items: deque[Replay | Text | Changed | Record] = deque()
        self._changed: dict[str, m.SessionInfo] = {}
        self._awaiting_key: dict[StreamKey, int] = {}  # records left out since
        self._media_records = self._media_bytes = 0
        self._other_items = self._other_bytes = 0
        self.dropped = 0

    @property
    def is_overfull(self) -> bool:
        return self._other_items > MAX_OTHER_ITEMS or self._other_bytes > MAX_OTHER_BYTES

    def text(self, message: m.ConsoleMessage) -> None:
        self._put(Text(message))

    def replay(self, replay: Replay) -> None:
        self._put(replay)

    def changed(self, session: m.SessionInfo) -> None:
        """Many changes that were not yet sent become one."""
        if session.session_id not in self._changed:
            self._put(Changed(session.session_id))
        self._changed[session.session_id] = session

    def start(self, stream: StreamKey) -> None:
        """Live from the next key frame on."""
        self._awaiting_key[stream] = 0

    def stop(self, session_id: bytes) -> None:
        """Nothing more of this session is wanted."""
        for stream in [stream for stream in self._awaiting_key if stream[0] == session_id]:
            del self._awaiting_key[stream]
        for track in MEDIA_TRACKS:
            self._drop_queued((session_id, track))

    def record(self, header: Header, data: bytes) -> bool:
        """True where media was dropped, so that a new key frame is worth asking for."""
        if header.track not in MEDIA_TRACKS:
            self._put(Record(data, None))
            return False
        return self._media((header.session_id, header.track), header, data)

    def take(self) -> Replay | m.ConsoleMessage | bytes | None:
        """The next thing to send; None: nothing for now."""
        if not self._items:
            return None
        item = self._items.popleft()
        self._count(item, -1)
        if isinstance(item, Record):
            return item.data
        if isinstance(item, Changed):
            return m.SessionChanged(self._changed.pop(item.session_id))
        return item.message if isinstance(item, Text) else item

    # --- media --------------------------------------------------------------------------------------------------

    def _media(self, stream: StreamKey, header: Header, data: bytes) -> bool:
        is_key = bool(header.flags & RecordFlag.KEY_FRAME) or header.track == Track.AUDIO
        if stream in self._awaiting_key and not is_key:
            self._awaiting_key[stream] += bool(self._awaiting_key[stream])
            return False
        has_dropped = self._is_full(len(data))
        if has_dropped:
            dropped = self._drop_queued(stream)
            if self._is_full(len(data)) or not is_key:
                self._left_out(stream, dropped + 1)
                return True
            self._left_out(stream, dropped)
        self._resume(stream)
        self._put(Record(data, stream))
        return has_dropped

    def _is_full(self, more_bytes: int) -> bool:
        return self._media_records >= MAX_MEDIA_RECORDS or self._media_bytes + more_bytes > MAX_MEDIA_BYTES

    def _left_out(self, stream: StreamKey, count: int) -> None:
        self._awaiting_key[stream] = self._awaiting_key.get(stream, 0) + count
        self.dropped += count

    def _resume(self, stream: StreamKey) -> None:
        count = self._awaiting_key.pop(stream, 0)
        if count:
            self.text(m.ConsoleDropped(stream[0].hex(), stream[1], count))

    def _drop_queued(self, stream: StreamKey) -> int:
        gone = [item for item in self._items if isinstance(item, Record) and item.stream == stream]
        if gone:
            for item in gone:
                self._count(item, -1)
            self._items = deque(
                item for item in self._items if not (isinstance(item, Record) and item.stream == stream)
            )
        return len(gone)

    # --- the queue ----------------------------------------------------------------------------------------------

    def _put(self, item: Replay | Text | Changed | Record) -> None:
        self._items.append(item)
        self._count(item, 1)

    def _count(self, item: Replay | Text | Changed | Record, sign: int) -> None:
        size = len(item.data) if isinstance(item, Record) else 0
        if isinstance(item, Record) and item.stream is not None:
            self._media_records += sign
            self._media_bytes += sign * size
        else:
            self._other_items += sign
            self._other_bytes += sign * size
