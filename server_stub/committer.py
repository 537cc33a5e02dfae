"""Group commit: what arrived on all lanes goes to the lane files, then into one transaction, and only then is acked.

One task; while one group is being written the next gathers. A record that comes alone is not kept waiting, since a
proctor may be looking: only the distance between groups is bounded. Nothing here waits for a console or an agent.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from exam_protocol.evidence import FRAME, frame
from exam_protocol.records import Lane
from server_stub.bus import RecordsStored, SessionUpdated, exam_topic, records_topic
from server_stub.clock import Clock
from server_stub.ledger import Accepted, is_complete
from server_stub.live import LiveSession
from server_stub.ports import Blobs, Bus, State
from server_stub.rows import LaneRow, SessionRow, TrackRow

DISTANCE_S = 0.015  # between the beginnings of two groups, so that many records share one fdatasync
BURST_S = 0.001  # what was sent together arrives together
WRITERS = 8

log = logging.getLogger("proctor-server")


@dataclass(frozen=True, slots=True)
class Arrival:
    """`order` counts through both lanes of a session."""

    order: int
    position: int
    record: bytes
    accepted: Accepted


@dataclass(slots=True)
class LaneBatch:
    live: LiveSession
    lane: int
    arrivals: list[Arrival]

    @property
    def size_bytes(self) -> int:
        return sum(len(arrival.record) for arrival in self.arrivals)


def gather_s(since_last_s: float) -> float:
    """How long the next group gathers, the last one having begun `since_last_s` ago."""
    return max(BURST_S, DISTANCE_S - since_last_s)


class Committer:
    def __init__(
        self, state: State, blobs: Blobs, bus: Bus, clock: Clock, on_complete: Callable[[LiveSession], None]
    ) -> None:
        self._state, self._blobs, self._bus, self._clock = state, blobs, bus, clock
        self._on_complete = on_complete
        self._gathered: dict[tuple[bytes, int], LaneBatch] = {}
        self._wake = asyncio.Event()
        self._is_stopping = False

    def add(self, live: LiveSession, lane: int, position: int, record: bytes, accepted: Accepted) -> None:
        """Whoever adds asks `live.pending[lane].room()` first."""
        live.pending[lane].add(len(record))
        live.received += 1
        batch = self._gathered.setdefault((live.session_id, lane), LaneBatch(live, lane, []))
        batch.arrivals.append(Arrival(live.received, position, record, accepted))
        self._wake.set()

    async def run(self) -> None:
        """Until `stop`, and then what was gathered is still written."""
        began_s = -DISTANCE_S
        with ThreadPoolExecutor(WRITERS, thread_name_prefix="lane") as writers:
            while self._gathered or not self._is_stopping:
                await self._wake.wait()
                await asyncio.sleep(gather_s(self._clock.monotonic_s() - began_s))
                began_s = self._clock.monotonic_s()
                if not self._is_stopping:
                    self._wake.clear()
                await self._commit(writers)

    def stop(self) -> None:
        self._is_stopping = True
        self._wake.set()

    async def _commit(self, writers: ThreadPoolExecutor) -> None:
        batches, self._gathered = list(self._gathered.values()), {}
        good = [batch for batch in batches if not batch.live.is_unwritable]
        stored = await asyncio.to_thread(self._write, good, writers) if good else {}
        for batch in batches:
            self._settle(batch, stored)

    # --- in a worker thread -------------------------------------------------------------------------------------

    def _write(self, batches: list[LaneBatch], writers: ThreadPoolExecutor) -> "dict[bytes, Stored]":
        """The rows of every session whose records are durable now; a session that is missing failed."""
        outcomes = [self._append(batches[0])] if len(batches) == 1 else list(writers.map(self._append, batches))
        failed = {batch.live.session_id for batch, ok in zip(batches, outcomes, strict=True) if not ok}
        stored: dict[bytes, Stored] = {}
        for batch in batches:
            if batch.live.session_id not in failed:
                stored.setdefault(batch.live.session_id, Stored(batch.live.durable)).add(batch, self._clock.wall_ms())
        try:
            self._state.commit(
                [rows.session for rows in stored.values()],
                [lane for rows in stored.values() for lane in rows.lanes.values()],
                [track for rows in stored.values() for track in rows.tracks.values()],
            )
        except sqlite3.Error as error:
            log.error("commit_failed %s", getattr(error, "sqlite_errorname", ""))
            return {}
        return stored

    def _append(self, batch: LaneBatch) -> bool:
        data = b"".join(frame(arrival.position, arrival.record) for arrival in batch.arrivals)
        try:
            self._blobs.append(batch.live.session_id, batch.lane, data)
        except OSError as error:
            log.error("append_failed errno=%s", error.errno)
            return False
        return True

    # --- back on the loop ---------------------------------------------------------------------------------------

    def _settle(self, batch: LaneBatch, stored: "dict[bytes, Stored]") -> None:
        live, rows = batch.live, stored.get(batch.live.session_id)
        if rows is None:
            live.is_unwritable = True
            live.spoil("server_storage", "The server cannot store at the moment. Nothing is lost; it is tried again.")
        else:
            self._stored(batch, rows)
        live.pending[batch.lane].remove(len(batch.arrivals), batch.size_bytes)

    def _stored(self, batch: LaneBatch, rows: "Stored") -> None:
        live = batch.live
        is_news = replace(rows.session, last_seen_ms=0) != replace(live.durable, last_seen_ms=0)
        live.durable = replace(rows.session, complete=live.durable.complete)
        live.lanes[batch.lane] = rows.lanes[batch.lane]
        live.tracks.update(rows.tracks)
        live.receipt_due = True
        connection = live.connections.get(batch.lane)
        if connection is not None:
            connection.acked(batch.arrivals[-1].position)
        heard = tuple((a.accepted.header, a.record) for a in batch.arrivals if a.accepted.header is not None)
        self._bus.publish(records_topic(live.session_id), RecordsStored(live.session_id, heard))
        if is_news:
            self._bus.publish(exam_topic(live.durable.exam_id), SessionUpdated(live.session_id))
        if not live.durable.complete and is_complete(live.durable, live.tracks, live.holes()):
            self._on_complete(live)


class Stored:
    """The last rows of one session in one group."""

    def __init__(self, session: SessionRow) -> None:
        self.session = session
        self.lanes: dict[int, LaneRow] = {}
        self.tracks: dict[int, TrackRow] = {}
        self._order: dict[int, int] = {}

    def add(self, batch: LaneBatch, now_ms: int) -> None:
        last = batch.arrivals[-1]
        size_bytes = batch.live.lane(batch.lane).size_bytes + batch.size_bytes + FRAME.size * len(batch.arrivals)
        self.lanes[batch.lane] = LaneRow(
            batch.live.session_id, batch.lane, last.position, size_bytes, last.accepted.holes
        )
        for arrival in batch.arrivals:
            for row in arrival.accepted.tracks:
                if arrival.order > self._order.get(row.track, 0):
                    self._order[row.track], self.tracks[row.track] = arrival.order, row
        if batch.lane == Lane.CONTROL:  # the only lane that changes what is known of a session
            self.session = last.accepted.session
        self.session = replace(self.session, last_seen_ms=now_ms)
