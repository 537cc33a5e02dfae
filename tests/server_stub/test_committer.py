"""Group commit: what comes together is stored together, what comes alone does not wait, nothing is told before it is
durable.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import pytest

from exam_protocol.records import Header, Lane, RecordType, Track
from server_stub.bus import InProcessBus, RecordsStored, records_topic
from server_stub.clock import Clock
from server_stub.committer import BURST_S, DISTANCE_S, Committer, gather_s
from server_stub.ledger import Accepted
from server_stub.live import LiveSession
from server_stub.rows import LaneRow, SessionRow, TrackRow
from tests.server_stub.client import until

SESSION = bytes(range(16))


class Disk:
    """State and blobs in one: counts commits, keeps what was appended."""

    def __init__(self) -> None:
        self.commits = 0
        self.appended: dict[tuple[bytes, int], bytes] = {}

    def append(self, session_id: bytes, lane: int, data: bytes) -> None:
        self.appended[session_id, lane] = self.appended.get((session_id, lane), b"") + data

    def commit(self, sessions: Iterable[SessionRow], lanes: Iterable[LaneRow], tracks: Iterable[TrackRow]) -> None:
        self.commits += 1


class Room:
    def __init__(self) -> None:
        self.disk, self.bus = Disk(), InProcessBus()
        self.live = LiveSession(SessionRow(SESSION, "exam", "Kim", b"", b""), {}, {})
        self.committer = Committer(self.disk, self.disk, self.bus, Clock(), lambda live: None)  # type: ignore[arg-type]
        self.told: list[int] = []
        self.bus.subscribe(records_topic(SESSION), self._hear)

    def _hear(self, event: object) -> None:
        assert isinstance(event, RecordsStored)
        assert self.disk.commits, "told before it was stored"
        self.told += [header.sequence for header, _ in event.records]

    def arrives(self, position: int) -> None:
        header = Header(RecordType.DATA, Track.SCREEN_SMALL, 0, 1, position - 1, 0, SESSION, 3)
        accepted = Accepted(header, (), self.live.durable, 0)
        self.committer.add(self.live, Lane.MEDIA, position, header.pack() + b"abc", accepted)


@asynccontextmanager
async def running() -> AsyncIterator[Room]:
    room = Room()
    task = asyncio.create_task(room.committer.run())
    yield room
    room.committer.stop()
    await task


def test_what_comes_alone_waits_only_for_what_was_sent_with_it() -> None:
    assert gather_s(10.0) == gather_s(DISTANCE_S) == BURST_S


@pytest.mark.parametrize("since_last_s", [0.0, DISTANCE_S / 2])
def test_groups_begin_at_a_distance_however_much_arrives(since_last_s: float) -> None:
    assert since_last_s + gather_s(since_last_s) == pytest.approx(DISTANCE_S)


async def test_what_comes_together_is_stored_in_one_commit_and_told_in_order() -> None:
    async with running() as room:
        for position in range(1, 6):
            room.arrives(position)
        await until(lambda: len(room.told) == 5, "all are told")
        assert (room.disk.commits, room.told) == (1, [0, 1, 2, 3, 4])
        room.arrives(6)
        await until(lambda: len(room.told) == 6, "the last one is told")
        assert room.disk.commits == 2


async def test_what_was_gathered_when_the_server_stops_is_still_stored() -> None:
    async with running() as room:
        room.arrives(1)
    assert (room.disk.commits, room.told) == (1, [0])
