"""One candidate of bench/canvas: joined by a real launch link, with the real Recorder, Spool and Uplink, and a stamp at
each step of a picture. In a peer's window the same packets go over a bare WebSocket instead. Used by `real` and
`simulated`, which bring the packets.

The parent speaks by lines on the standard input: `sealed`, `bare`, and what else the child knows; its end is the end.
"""

import asyncio
import bisect
import contextlib
import json
import struct
import sys
import time
from collections.abc import Callable
from pathlib import Path

from websockets.asyncio.client import connect

from candidate_agent.base.clock import SystemClock
from candidate_agent.config import Config, parse_link
from candidate_agent.joining import Join, enrol, prepare
from candidate_agent.session.events import LinkUp
from candidate_agent.spool.recorder import Recorder
from candidate_agent.spool.store import Spool
from candidate_agent.uplink.sender import KeyFrameAsked, Uplink, UplinkEvent
from exam_protocol import policy
from exam_protocol.records import Lane, Media, Track, parse_header
from exam_protocol.version import BUILD

SMALL = (Track.SCREEN_SMALL, Track.WEBCAM_SMALL)
BARE = struct.Struct(">BBBxHHIQ")
"""candidate, track, key frame, width, height, sequence, taken (Unix microseconds); the packet follows."""


def now_ms() -> float:
    return time.time_ns() / 1e6


class Stamps:
    """When each record of the media lane was where, Unix milliseconds. Filled on several threads, each its own part."""

    def __init__(self) -> None:
        self.written: list[tuple[int, float, float, float]] = []  # position, taken, encoded, written
        self.synced: list[tuple[int, float]] = []  # through position, when
        self.sent: dict[int, tuple[int, int, float]] = {}  # position -> track, sequence, when

    def rows(self) -> list[tuple[int, int, list[float]]]:
        """(track, sequence, [taken, encoded, written, synced, sent]) of every small picture that left."""
        rows = []
        throughs = [through for through, _ in self.synced]
        for position, *before in self.written:
            at = bisect.bisect_left(throughs, position)
            if at < len(self.synced) and position in self.sent:
                track, sequence, sent = self.sent[position]
                if track in SMALL:
                    rows.append((track, sequence, [*before, self.synced[at][1], sent]))
        return rows


class NotedOutbox:
    """The spool, as the uplink sees it; reading a record is when it is sent."""

    def __init__(self, spool: Spool, stamps: Stamps) -> None:
        self._spool, self._stamps = spool, stamps
        self.last_position, self.synced_position, self.free = spool.last_position, spool.synced_position, spool.free

    def read(self, lane: int, position: int) -> bytes | None:
        record = self._spool.read(lane, position)
        if record is not None and lane == Lane.MEDIA:
            header = parse_header(record)
            self._stamps.sent[position] = header.track, header.sequence, now_ms()
        return record


class BareLine:
    """The peer: packets as they are, to whoever relays them."""

    def __init__(self, url: str, number: int) -> None:
        self._url, self._number = url, number
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[bytes] = asyncio.Queue(1000)
        self._sequences: dict[int, int] = {}
        self.is_open = asyncio.Event()

    def send(self, track: int, media: Media, *, key_frame: bool, taken_us: int) -> None:
        """Any thread."""
        sequence = self._sequences[track] = self._sequences.get(track, -1) + 1
        head = BARE.pack(self._number, track, key_frame, media.width, media.height, sequence, taken_us)
        self._loop.call_soon_threadsafe(self._queue.put_nowait, head + media.data)

    async def run(self) -> None:
        async with connect(self._url, compression=None, ping_interval=None, proxy=None, open_timeout=60) as socket:
            self.is_open.set()
            while True:
                await socket.send(await self._queue.get())


class Candidate:
    """A media sink. `ask_key(track)`: the server or a new window wants a key frame."""

    def __init__(self, join: Join, bare: BareLine, machine: str) -> None:
        self._clock = SystemClock()
        self._machine = machine
        self._stamps = Stamps()
        self._join, self._bare = join, bare
        self._spool = Spool(join.directory / "spool", on_synced=self._synced)
        self._recorder = Recorder(self._spool, join.file.device(), self._clock, join.file.session_id)
        self._uplink: Uplink | None = None
        self._linked = asyncio.Event()
        self._wall_us = time.time_ns() // 1000 - self._clock.monotonic_us()
        self.ask_key: Callable[[int], None] = lambda track: None
        self.is_sealed = True

    # --- as a sink ------------------------------------------------------------------------------------------------

    def media(self, track: int, media: Media, *, key_frame: bool, taken_us: int) -> None:
        encoded_ms, wall_us = now_ms(), taken_us + self._wall_us
        if not self.is_sealed:
            self._bare.send(track, media, key_frame=key_frame, taken_us=wall_us)
            return
        self._recorder.media(track, media, key_frame=key_frame, taken_us=taken_us)
        self._stamps.written.append((self._spool.last_position(Lane.MEDIA), wall_us / 1000, encoded_ms, now_ms()))

    def _synced(self) -> None:
        self._stamps.synced.append((self._spool.synced_position(Lane.MEDIA), now_ms()))
        if self._uplink is not None:
            self._uplink.wake()

    # --- life -----------------------------------------------------------------------------------------------------

    async def run(self, brings: "Brings") -> None:
        """`brings` starts what makes the packets, and gives what hears the parent's other words."""
        self._spool.open()
        self._open()
        self._uplink = self._line()
        tasks = [asyncio.ensure_future(part) for part in (self._uplink.run(), self._bare.run(), self._tick())]
        try:
            await self._linked.wait()
            await self._bare.is_open.wait()
            with brings(self) as hear:
                say("ready")
                await self._obey(hear)
            for task in tasks:
                if task.done():
                    task.result()  # a line that broke ends the benchmark: half of the packets are no peer
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._spool.close()

    def _open(self) -> None:
        join = self._join
        assert join.file.ticket is not None and join.file.roster is not None, "enrolled"
        self._recorder.open_session(
            ticket_hash=policy.document_hash(join.file.ticket), wrap_key=join.file.wrap().public_key, build=BUILD,
            machine=self._machine, package_hash=policy.document_hash(join.file.package),
            roster_version=join.roster.version, zone="UTC", wall_ms=self._clock.wall_ms(),
        )  # fmt: skip
        recipients = policy.wrap_recipients(join.package, join.roster, self._clock.wall_ms())
        self._recorder.new_epoch(recipients, join.roster.version, policy.document_hash(join.file.roster))
        self._recorder.state("running")

    def _line(self) -> Uplink:
        join = self._join
        return Uplink(
            server_url=join.package.server_url, server_key=join.package.server_key, session_id=join.file.session_id,
            token=join.file.token, device=join.file.device(), outbox=NotedOutbox(self._spool, self._stamps),
            emit=self._hear, clock=self._clock, on_damaged=self._recorder.declare_damaged,
        )  # fmt: skip

    def _hear(self, event: UplinkEvent) -> None:
        if isinstance(event, LinkUp):
            self._linked.set()
        elif isinstance(event, KeyFrameAsked):
            self.ask_key(event.track)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(1)
            await asyncio.to_thread(self._recorder.tick)

    async def _obey(self, hear: Callable[[str], None]) -> None:
        while line := await asyncio.to_thread(sys.stdin.readline):
            word = line.strip()
            if word in ("sealed", "bare"):
                self.is_sealed = word == "sealed"
                for track in SMALL:
                    self.ask_key(track)
            else:
                hear(word)

    def stamps(self) -> dict[str, object]:
        return {"session": self._join.file.session_id.hex(), "rows": self._stamps.rows()}


Brings = Callable[[Candidate], contextlib.AbstractContextManager[Callable[[str], None]]]


def say(word: str) -> None:
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


async def take_part(arguments: list[str], machine: str, brings: Brings) -> None:
    """`arguments`: a home directory, a launch link, the bare relay's address, the candidate's number."""
    home, link, bare_url, number = arguments
    join = prepare(Config(Path(home)), parse_link(link), SystemClock())
    await enrol(join)
    candidate = Candidate(join, BareLine(bare_url, int(number)), machine)
    await candidate.run(brings)
    say(json.dumps(candidate.stamps()))
