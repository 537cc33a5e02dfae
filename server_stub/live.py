"""Sessions in memory: what was received, what is durable, and who is connected. Used on the event loop only.

A session whose ledger and disk may differ (a refused record, a failed write) is spoiled: its connections close, and the
next one reads the database afresh. So memory never runs ahead of the disk for longer than one commit.
"""

import asyncio
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol

from exam_protocol.errors import ProtocolError
from exam_protocol.messages import SessionInfo
from exam_protocol.records import Lane
from server_stub.clock import Clock
from server_stub.ledger import Ledger
from server_stub.ports import Blobs, State
from server_stub.rows import LaneRow, SessionRow, TrackRow

MAX_PENDING_RECORDS = 256
MAX_PENDING_BYTES = 4 << 20
LINK_QUIET_S = 12.0  # the agent checks in every 5 s; nothing for this long is a lost link
FORGET_AFTER_S = 600.0


class Connection(Protocol):
    """What a session knows of an agent's connection."""

    instance: bytes
    last_heard_s: float

    async def answers(self) -> bool: ...

    def acked(self, position: int) -> None: ...

    def close(self, code: str, text: str) -> None: ...


class Pending:
    """What one lane received and has not stored yet: bounded by waiting."""

    def __init__(self) -> None:
        self.records = 0
        self.size_bytes = 0
        self._changed = asyncio.Event()

    def add(self, size_bytes: int) -> None:
        self.records += 1
        self.size_bytes += size_bytes

    def remove(self, records: int, size_bytes: int) -> None:
        self.records -= records
        self.size_bytes -= size_bytes
        self._changed.set()

    async def room(self) -> None:
        while self.records >= MAX_PENDING_RECORDS or self.size_bytes >= MAX_PENDING_BYTES:
            await self._change()

    async def settled(self) -> None:
        while self.records:
            await self._change()

    async def _change(self) -> None:
        self._changed.clear()
        await self._changed.wait()


class LiveSession:
    def __init__(self, row: SessionRow, lanes: dict[int, LaneRow], tracks: dict[int, TrackRow]) -> None:
        self.session_id = row.session_id
        self.durable, self.lanes, self.tracks = row, lanes, tracks
        self.ledger = Ledger(row, tracks, {lane: entry.holes for lane, entry in lanes.items()})
        self.pending = {int(lane): Pending() for lane in Lane}
        self.connections: dict[int, Connection] = {}
        self.last_heard_s = 0.0  # on the control lane
        self.link_up = False
        self.receipt_due = False
        self.received = 0  # records, both lanes
        self.is_spoiled = False
        self.is_unwritable = False  # a write failed: what was received after it must not be written either

    def lane(self, lane: int) -> LaneRow:
        return self.lanes.get(lane) or LaneRow(self.session_id, lane)

    def info(self) -> SessionInfo:
        return self.durable.info(self.link_up)

    def holes(self) -> int:
        return sum(entry.holes for entry in self.lanes.values())

    def link_changed(self, now_s: float) -> bool:
        """Judges the control lane anew."""
        before = self.link_up
        self.link_up = Lane.CONTROL in self.connections and now_s - self.last_heard_s < LINK_QUIET_S
        return self.link_up != before

    def completed(self) -> None:
        self.durable = replace(self.durable, complete=True)
        self.ledger.session = replace(self.ledger.session, complete=True)

    def spoil(self, code: str, text: str) -> None:
        self.is_spoiled = True
        for connection in list(self.connections.values()):
            connection.close(code, text)

    async def settled(self) -> None:
        for pending in self.pending.values():
            await pending.settled()


class Sessions:
    """Every session that was connected lately."""

    def __init__(self, state: State, blobs: Blobs, clock: Clock) -> None:
        self._state, self._blobs, self._clock = state, blobs, clock
        self._live: dict[bytes, LiveSession] = {}
        self._opening: dict[bytes, asyncio.Lock] = {}

    def __iter__(self) -> Iterator[LiveSession]:
        return iter(list(self._live.values()))

    def get(self, session_id: bytes) -> LiveSession | None:
        return self._live.get(session_id)

    def info(self, session_id: bytes) -> SessionInfo | None:
        live = self._live.get(session_id)
        if live is not None:
            return live.info()
        row = self._state.session(session_id)
        return None if row is None else row.info(connected=False)

    def media_bytes(self, session_id: bytes) -> int:
        """How much of the media lane is durable."""
        live = self._live.get(session_id)
        lanes = self._state.lanes(session_id) if live is None else live.lanes
        return lanes[Lane.MEDIA].size_bytes if Lane.MEDIA in lanes else 0

    def arrived(self, session_id: bytes) -> dict[int, int]:
        """The next sequence of each track of which something is durable."""
        live = self._live.get(session_id)
        tracks = self._state.tracks(session_id) if live is None else dict(live.tracks)
        return {track: row.next_sequence for track, row in tracks.items()}

    async def open(self, session_id: bytes) -> LiveSession | None:
        """The session, from memory or the database; None if unknown. Raises ProtocolError `server_storage`."""
        async with self._opening.setdefault(session_id, asyncio.Lock()):
            live = self._live.get(session_id)
            if live is not None and not live.is_spoiled:
                return live
            if live is not None:
                await live.settled()
            try:
                loaded = await asyncio.to_thread(self._load, session_id)
            except (OSError, sqlite3.Error) as error:
                raise ProtocolError("server_storage", "The server cannot read this session at the moment.") from error
            if loaded is None:
                self._opening.pop(session_id, None)
                return None
            loaded.last_heard_s = self._clock.monotonic_s()
            self._live[session_id] = loaded
            return loaded

    def forget_idle(self, now_s: float) -> None:
        for live in self:
            is_idle = not live.connections and now_s - live.last_heard_s > FORGET_AFTER_S
            if is_idle and not any(pending.records for pending in live.pending.values()):
                del self._live[live.session_id]
                self._opening.pop(live.session_id, None)

    def _load(self, session_id: bytes) -> LiveSession | None:
        row = self._state.session(session_id)
        if row is None:
            return None
        lanes = self._state.lanes(session_id)
        for entry in (lanes.get(lane) or LaneRow(session_id, lane) for lane in Lane):
            if self._blobs.cut(session_id, entry.lane, entry.size_bytes) != entry.size_bytes:
                raise ProtocolError(
                    "server_storage", "The server has lost a part of this session. Please call for help."
                )
        return LiveSession(row, lanes, self._state.tracks(session_id))
