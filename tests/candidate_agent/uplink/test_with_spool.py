"""Recorder, spool and uplink together against the small server: cut lines, a restart, a damaged record, the end."""

import asyncio
from pathlib import Path

from candidate_agent.base.clock import SystemClock
from candidate_agent.spool.log import segment_path
from candidate_agent.spool.recorder import Recorder
from candidate_agent.spool.store import Spool
from candidate_agent.uplink.sender import Uplink
from exam_protocol.chain import Chains, record_hash
from exam_protocol.evidence import HOLE
from exam_protocol.keys import WrapKey
from exam_protocol.records import Codec, End, Gap, Lane, LogEntry, Media, Track, parse_header, read_signed
from exam_protocol.signing import SigningKey

from .conftest import SmallServer, Wait, listening

SESSION = bytes(range(16))
DEVICE = SigningKey.generate()
PROCTOR = WrapKey.generate()


class Agent:
    def __init__(self, directory: Path, server: SmallServer) -> None:
        clock = SystemClock()
        self.spool = Spool(
            directory, segment_bytes=20_000, ballast_bytes=1000, sync_interval_s=0.005,
            on_synced=lambda: self.uplink.wake(),
        )  # fmt: skip
        self.recorder = Recorder(self.spool, DEVICE, clock, SESSION)
        self.uplink = Uplink(
            server_url=server.url, server_key=server.key.public_key, session_id=SESSION, token="t", device=DEVICE,
            outbox=self.spool, emit=lambda _: None, clock=clock, on_damaged=self.recorder.declare_damaged,
        )  # fmt: skip

    def open(self) -> None:
        self.spool.open()
        self.recorder.open_session(
            ticket_hash=bytes(32), wrap_key=bytes(32), build="1", machine="simulated", package_hash=bytes(32),
            roster_version=1, zone="UTC", wall_ms=1_700_000_000_000,
        )  # fmt: skip
        self.recorder.new_epoch({"ada": PROCTOR.public_key}, 1, bytes(32))

    def record(self, count: int) -> None:
        for number in range(count):
            media = Media(Codec.H264, 640, 480, bytes([number % 256]) * 2000)
            self.recorder.media(Track.SCREEN, media, key_frame=number % 30 == 0, taken_us=number)
            if number % 10 == 0:
                self.recorder.entry(Track.LOG, LogEntry("event", str(number), number))

    def flip(self, position: int) -> None:
        self.spool.sync()
        row = self.spool.describe(Lane.MEDIA, position)
        assert row is not None
        path = segment_path(self.spool._directory, Lane.MEDIA, row.segment)
        data = bytearray(path.read_bytes())
        data[row.offset + 100] ^= 4
        path.write_bytes(data)

    def is_drained(self) -> bool:
        return self.spool.backlog() == (0, 0)


async def test_all_that_was_recorded_arrives_and_chains_and_what_was_damaged_is_declared(
    tmp_path: Path, wait: Wait
) -> None:
    server = SmallServer(cut_after=[20, 50, 3, 90], device_key=DEVICE.public_key)
    async with listening(server):
        agent = Agent(tmp_path, server)
        agent.open()
        first_run = asyncio.ensure_future(agent.uplink.run())
        agent.record(100)
        await wait(lambda: len(server.stored[1]) > 50)
        first_run.cancel()
        await asyncio.gather(first_run, return_exceptions=True)
        agent.record(60)
        agent.flip(145)
        agent.spool.close()

        agent = Agent(tmp_path, server)
        agent.open()
        second_run = asyncio.ensure_future(agent.uplink.run())
        agent.record(50)
        agent.recorder.end("done", True)
        await wait(agent.is_drained)
        second_run.cancel()
        await asyncio.gather(second_run, return_exceptions=True)
        heads = agent.spool.heads()
        agent.spool.close()
    assert server.duplicates == 0
    ledger = [read_signed(r, DEVICE.public_key)[1] for r in server.stored[0] if parse_header(r).track == Track.LEDGER]
    damaged = [body for body in ledger if isinstance(body, Gap) and body.reason == "damaged"]
    assert [(gap.track, gap.first, gap.last) for gap in damaged] == [(Track.SCREEN, 144, 144)]
    assert [index for index, record in enumerate(server.stored[1]) if record == HOLE] == [144]
    assert sum(isinstance(body, End) for body in ledger) == 1
    assert chained(server, damaged[0].hashes[0]).heads() == heads


def chained(server: SmallServer, hash_of_damaged: bytes) -> Chains:
    """Heads as somebody computes them who has only what the server stored."""
    chains = Chains(SESSION)
    for stored in server.stored.values():
        for record in stored:
            if record == HOLE:
                chains.append(Track.SCREEN, hash_of_damaged)
                continue
            header = parse_header(record)
            assert header.sequence == chains.at(header.track).next_sequence
            chains.append(header.track, record_hash(record))
    return chains
