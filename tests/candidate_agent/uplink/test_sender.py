"""Every record arrives exactly once and in order, whatever the line does; a refusal is heard, and no storm follows."""

import asyncio
import contextlib
import random
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import pytest

from candidate_agent.base.clock import SystemClock
from candidate_agent.base.errors import ServerError, StorageError
from candidate_agent.session.events import LeaseRenewed, LinkDown, LinkRefused, LinkUp, PlaceChanged, WatchersChanged
from candidate_agent.uplink import backoff, lane, line
from candidate_agent.uplink.sender import CommandReceived, KeyFrameAsked, ReceiptReceived, RosterReceived, Uplink
from exam_protocol import messages as m
from exam_protocol.signing import SignedDocument, SigningKey

from .conftest import SmallServer, Wait, listening

DEVICE = SigningKey.generate()


@dataclass
class Box:
    """An outbox in memory. A None stands for a damaged record."""

    records: dict[int, list[bytes | None]] = field(default_factory=lambda: {0: [], 1: []})
    freed: dict[int, int] = field(default_factory=lambda: {0: 0, 1: 0})

    def last_position(self, lane: int) -> int:
        return len(self.records[lane])

    def synced_position(self, lane: int) -> int:
        return len(self.records[lane])

    def read(self, lane: int, position: int) -> bytes | None:
        return self.records[lane][position - 1]

    def free(self, lane: int, through: int) -> None:
        self.freed[lane] = max(self.freed[lane], through)


@dataclass
class Sitting:
    uplink: Uplink
    box: Box
    events: list[object]
    damaged: list[tuple[int, int]]
    task: "asyncio.Future[None]"


@contextlib.asynccontextmanager
async def running(
    server: SmallServer, box: Box, *, server_key: bytes = b"", emit: Callable[[object], None] | None = None,
    on_damaged: Callable[[int, int], None] | None = None, media_stays: Callable[[], bool] = lambda: False,
) -> AsyncIterator[Sitting]:  # fmt: skip
    server.device_key = DEVICE.public_key
    events: list[object] = []
    damaged: list[tuple[int, int]] = []
    uplink = Uplink(
        server_url=server.url, server_key=server_key or server.key.public_key, session_id=bytes(16), token="t",
        device=DEVICE, outbox=box, emit=emit or events.append, clock=SystemClock(),
        on_damaged=on_damaged or (lambda lane, position: damaged.append((lane, position))), media_stays=media_stays,
    )  # fmt: skip
    task = asyncio.ensure_future(uplink.run())
    try:
        yield Sitting(uplink, box, events, damaged, task)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def some_records(count: int, size: int = 300) -> list[bytes | None]:
    return [number.to_bytes(4, "big") * (size // 4) for number in range(count)]


async def test_both_lanes_arrive_in_order_and_are_freed_when_durable(wait: Wait) -> None:
    box = Box({0: some_records(50), 1: some_records(500, 8000)})
    server = SmallServer()
    async with listening(server), running(server, box) as sitting:
        await wait(lambda: box.freed == {0: 50, 1: 500})
        assert server.stored == box.records
        assert sitting.events == [LinkUp()]
        assert sitting.uplink.stats["media_records"] == 500


async def test_records_that_come_later_are_sent_when_woken(wait: Wait) -> None:
    box, server = Box(), SmallServer()
    async with listening(server), running(server, box) as sitting:
        await wait(lambda: sitting.events == [LinkUp()])
        box.records[1].append(b"late")
        sitting.uplink.wake()
        async with asyncio.timeout(0.5):  # sooner than the idle look
            await wait(lambda: box.freed[1] == 1)


async def test_pictures_and_sound_that_stay_here_go_nowhere_while_words_do_and_all_of_them_afterwards(
    wait: Wait,
) -> None:
    stays = [True]
    box, server = Box({0: some_records(50), 1: some_records(20, 8000)}), SmallServer()
    async with listening(server), running(server, box, media_stays=lambda: stays[0]) as sitting:
        await wait(lambda: box.freed[0] == 50)
        box.records[0] += some_records(5)
        sitting.uplink.wake()
        assert await sitting.uplink.probe() > 0  # over the lane that carries nothing
        await wait(lambda: box.freed[0] == 55)
        assert server.stored[1] == [] and sitting.uplink.stats["media_records"] == 0
        stays[0] = False
        await wait(lambda: box.freed[1] == 20)
        assert server.stored == box.records and server.duplicates == 0


async def test_a_probe_without_a_line_finds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "GLANCE_S", 0.05)
    async with running(SmallServer(port=1), Box()) as sitting:
        assert await sitting.uplink.probe() == 0


@pytest.mark.parametrize("seed", range(4))
async def test_a_line_cut_at_random_records_loses_and_doubles_nothing(wait: Wait, seed: int) -> None:
    chance = random.Random(seed)
    box = Box({0: some_records(60), 1: some_records(400, 4000)})
    server = SmallServer(cut_after=[chance.randrange(1, 60) for _ in range(8)])
    async with listening(server), running(server, box):
        await wait(lambda: box.freed == {0: 60, 1: 400})
    assert (server.stored, server.duplicates, server.cut_after) == (box.records, 0, [])


class Mangler:
    """A TCP relay that passes so many bytes towards the server and then drops the connection mid-record."""

    def __init__(self, target_port: int, budgets: list[int]) -> None:
        self.target_port, self.budgets, self.port = target_port, budgets, 0

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self.target_port)
        budget = self.budgets.pop(0) if self.budgets else 1 << 40

        async def pass_on(source: asyncio.StreamReader, sink: asyncio.StreamWriter, left: int) -> None:
            while left > 0 and (data := await source.read(min(4096, left))):
                left -= len(data)
                sink.write(data)
                await sink.drain()
            up_writer.transport.abort()
            writer.transport.abort()

        with contextlib.suppress(OSError):
            await asyncio.gather(pass_on(reader, up_writer, budget), pass_on(up_reader, writer, 1 << 40))


async def test_a_line_cut_in_the_middle_of_a_record_loses_and_doubles_nothing(wait: Wait) -> None:
    box = Box({0: some_records(60), 1: some_records(300, 4000)})
    server = SmallServer()
    async with listening(server):
        relay = Mangler(server.port, [70_123, 1_500, 200, 333_333, 12_345])
        async with await asyncio.start_server(relay.handle, "127.0.0.1", 0) as running_relay:
            server.port = running_relay.sockets[0].getsockname()[1]
            async with running(server, box):
                await wait(lambda: box.freed == {0: 60, 1: 300})
    assert (server.stored, server.duplicates, relay.budgets) == (box.records, 0, [])


async def test_a_damaged_record_becomes_a_hole_and_is_declared(wait: Wait) -> None:
    box, server = Box({0: [], 1: [b"one", None, b"three"]}), SmallServer()
    async with listening(server), running(server, box) as sitting:
        await wait(lambda: box.freed[1] == 3)
        assert server.stored[1] == [b"one", b"\0", b"three"]
        assert sitting.damaged == [(1, 2)]


async def test_what_the_server_already_has_is_freed_and_not_sent_again(wait: Wait) -> None:
    box = Box({0: [], 1: some_records(10)})
    server = SmallServer(stored={0: [], 1: [record for record in some_records(4) if record]})
    async with listening(server), running(server, box) as sitting:
        await wait(lambda: box.freed[1] == 10)
        assert (server.stored, sitting.uplink.stats["media_records"]) == (box.records, 6)


async def test_a_server_that_is_down_is_found_when_it_comes_up(wait: Wait) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    box, server = Box({0: [b"a"], 1: []}), SmallServer(port=port)
    async with running(server, box) as sitting:
        await wait(lambda: len(sitting.events) == 1)
        async with listening(server, port):
            await wait(lambda: box.freed[0] == 1)
        await wait(lambda: isinstance(sitting.events[-1], LinkDown))
    assert [type(event) for event in sitting.events] == [LinkDown, LinkUp, LinkDown]
    assert sitting.events[0] == LinkDown("server_unreachable", "The exam server cannot be reached.")


async def test_a_line_without_acknowledgements_is_given_up_and_made_anew(
    wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lane, "silence_limit_s", lambda _: 0.2)
    box, server = Box({0: [b"a"], 1: []}), SmallServer(acks=False)
    async with listening(server), running(server, box) as sitting:
        await wait(lambda: server.handshakes > 2)
        server.acks = True
        await wait(lambda: box.freed[0] == 1)
        assert LinkDown("link_lost", "The line to the exam server was lost.") in sitting.events
    assert server.stored[0] == [b"a"]


@pytest.mark.parametrize("code", ["token_invalid", "bad_signature", "version_too_old"])
async def test_a_refusal_for_good_is_told_once_and_ends_the_line(code: str) -> None:
    server = SmallServer(refuse=(code, "No."))
    async with listening(server), running(server, Box()) as sitting:
        async with asyncio.timeout(5):
            await sitting.task
    refusals = [event for event in sitting.events if isinstance(event, LinkRefused)]
    assert refusals == [LinkRefused(code, "No.")]
    assert server.handshakes <= 2


async def test_another_servers_key_is_refused_by_us() -> None:
    server = SmallServer()
    async with listening(server), running(server, Box(), server_key=bytes(32)) as sitting:
        async with asyncio.timeout(5):
            await sitting.task
    assert any(isinstance(event, LinkRefused) and event.code == "server_foreign" for event in sitting.events)
    assert server.handshakes == 0


async def test_a_server_of_a_later_protocol_is_refused_with_its_code() -> None:
    server = SmallServer(versions=(2, 3))
    async with listening(server), running(server, Box()) as sitting:
        async with asyncio.timeout(5):
            await sitting.task
    assert any(isinstance(event, LinkRefused) and event.code.startswith("version_") for event in sitting.events)


async def test_a_second_agent_is_told_once_and_tries_slowly(wait: Wait, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lane, "SECOND_AGENT_S", 0.1)
    server = SmallServer(refuse=("second_agent", "Another one is connected."))
    async with listening(server), running(server, Box()) as sitting:
        await wait(lambda: server.handshakes > 4)
        assert [type(event) for event in sitting.events].count(LinkRefused) == 1
        server.refuse = None
        await wait(lambda: sitting.events[-1] == LinkUp())
    assert backoff.SECOND_AGENT_S >= backoff.LONGEST_S


async def test_a_server_that_has_more_than_we_do_ends_the_line() -> None:
    server = SmallServer(stored={0: [], 1: [b"x", b"y"]})
    async with listening(server), running(server, Box({0: [], 1: [b"x"]})) as sitting:
        async with asyncio.timeout(5):
            await sitting.task
    assert any(isinstance(event, LinkRefused) and event.code == "spool_behind" for event in sitting.events)


async def test_a_server_that_asks_whether_we_are_there_is_answered_on_the_same_lane(wait: Wait) -> None:
    server = SmallServer(asks=True)
    async with listening(server), running(server, Box()):
        await wait(lambda: server.answers == {(0, 5), (1, 6)})


async def test_messages_become_events(wait: Wait) -> None:
    document = SignedDocument(b"p", bytes(32), bytes(64))
    server = SmallServer(greet=(
        m.Lease(60), m.Watched(("Ada",)), m.KeyFrameWanted(1), m.CommandMessage(document), m.RosterMessage(document),
        m.ReceiptMessage(document), m.Queue(2, 5),
    ))  # fmt: skip
    async with listening(server), running(server, Box()) as sitting:
        await wait(lambda: len(sitting.events) == 8)
    assert sitting.events == [
        LinkUp(), LeaseRenewed(60), WatchersChanged(("Ada",)), KeyFrameAsked(1), CommandReceived(document),
        RosterReceived(document), ReceiptReceived(document), PlaceChanged(2, 5),
    ]  # fmt: skip


async def test_the_line_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    server = SmallServer()
    async with listening(server), running(server, Box()) as sitting:
        figures = await sitting.uplink.measure()
    assert figures.up_bps > 1e6
    assert figures.down_bps is not None and figures.down_bps > 1e6
    assert 0 < figures.rtt_ms < 1000 and figures.jitter_ms >= 0
    assert figures.skew_ms < 0  # the small server's clock stands in the past
    assert abs(sitting.uplink.server_clock.now_ms() - SystemClock().wall_ms() - figures.skew_ms) < 1000


async def test_a_server_of_an_older_version_leaves_only_the_download_unmeasured(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("candidate_agent.uplink.line.DOWN_ANSWER_S", 0.2)
    server = SmallServer(sends=False)
    async with listening(server), running(server, Box()) as sitting:
        figures = await sitting.uplink.measure()
    assert figures.down_bps is None and figures.up_bps > 1e6


async def test_a_line_that_is_down_cannot_be_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("candidate_agent.uplink.sender.MEASURE_WAIT_S", 0.05)
    server = SmallServer(port=1)
    async with running(server, Box()) as sitting:
        with pytest.raises(ServerError) as caught:
            await sitting.uplink.measure()
    assert caught.value.code == "server_unreachable"


async def test_a_disk_that_fails_once_does_not_end_the_line(wait: Wait) -> None:
    class Failing(Box):
        faults = 2

        def free(self, lane: int, through: int) -> None:
            if self.faults:
                self.faults -= 1
                raise StorageError("spool_damaged", "The index cannot be read.")
            super().free(lane, through)

    box, server = Failing({0: some_records(3), 1: some_records(3)}), SmallServer()
    async with listening(server), running(server, box) as sitting:
        await wait(lambda: box.freed == {0: 3, 1: 3})
        assert not sitting.task.done()


async def test_damage_that_cannot_be_declared_yet_is_declared_later(wait: Wait) -> None:
    """On a full disk the gap has no room: the hole is not sent before it has."""
    box, server, tries = Box({0: [], 1: [b"one", None]}), SmallServer(), []

    def declare(lane: int, position: int) -> None:
        tries.append(position)
        if len(tries) < 3:
            raise StorageError("disk_full", "The disk is full.")

    async with listening(server), running(server, box, on_damaged=declare) as sitting:
        await wait(lambda: box.freed[1] == 2)
        assert tries == [2, 2, 2] and not sitting.task.done()


async def test_a_surprise_in_what_is_heard_does_not_end_the_line(wait: Wait) -> None:
    def ears(event: object) -> None:
        if isinstance(event, LeaseRenewed):
            raise ValueError("a roster with a key that is none")

    box, server = Box({0: [], 1: some_records(3)}), SmallServer(greet=(m.Lease(60),))
    async with listening(server), running(server, box, emit=ears) as sitting:
        await wait(lambda: server.handshakes > 3)
        server.greet = ()
        await wait(lambda: box.freed[1] == 3)
        assert not sitting.task.done()
