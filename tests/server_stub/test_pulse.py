"""Leases, receipts and the judgement of a quiet line come by the clock; the clock is turned here, all else is real."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from exam_protocol import codec
from exam_protocol import messages as m
from exam_protocol.records import Lane
from exam_protocol.signing import SigningKey
from server_stub.app import Server
from server_stub.bus import SessionUpdated, ToAgent, agent_topic, exam_topic
from server_stub.clock import Clock
from server_stub.live import LINK_QUIET_S, LiveSession
from server_stub.rows import SessionRow
from server_stub.settings import Settings
from tests.server_stub.client import Agent, Office, until


class TurnedClock(Clock):
    def __init__(self) -> None:
        self.ahead_s = 0.0

    def monotonic_s(self) -> float:
        return super().monotonic_s() + self.ahead_s


class Heard:
    """A connection that is only there."""

    instance, last_heard_s = b"i" * 16, 0.0

    def acked(self, position: int) -> None:
        self.position = position

    def close(self, code: str, text: str) -> None:
        self.code = code


@dataclass(slots=True)
class Rig:
    server: Server
    clock: TurnedClock
    agent: Agent
    live: LiveSession
    told: list[object]  # the agent
    news: list[object]  # the consoles


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    clock, agent = TurnedClock(), Agent(Office())
    server = Server(Settings(tmp_path, "root"), SigningKey.generate(), clock)
    row = SessionRow(agent.session_id, "exam", "Kim", agent.device.public_key, agent.wrap.public_key)
    async with server.running():
        server.registry.enrol(b"c" * 32, row)
        live = await server.sessions.open(agent.session_id)
        assert live is not None
        rig = Rig(server, clock, agent, live, [], [])
        server.bus.subscribe(agent_topic(agent.session_id), rig.told.append)
        server.bus.subscribe(exam_topic("exam"), rig.news.append)
        yield rig


def store(rig: Rig) -> None:
    rig.agent.open()
    for position, record in enumerate(rig.agent.lanes[Lane.CONTROL], 1):
        accepted = rig.live.ledger.take(Lane.CONTROL, record)
        rig.server.committer.add(rig.live, Lane.CONTROL, position, record, accepted)


def told(rig: Rig, kind: type) -> list[m.AgentMessage]:
    messages = [event.message for event in rig.told if isinstance(event, ToAgent)]
    return [message for message in messages if isinstance(message, kind)]


async def test_a_lease_and_a_receipt_over_what_is_new_come_every_ten_seconds(rig: Rig) -> None:
    store(rig)
    await until(lambda: rig.live.receipt_due, "the commit")
    rig.clock.ahead_s += 10
    receipts = await until(lambda: told(rig, m.ReceiptMessage), "a receipt")
    receipt: m.Receipt = codec.decode(receipts[0].document.payload, m.Receipt)
    assert not receipt.complete
    assert [entry.next_sequence for entry in receipt.tracks] == [2]
    rig.clock.ahead_s += 10
    await until(lambda: len(told(rig, m.Lease)) == 2, "the second lease")
    assert len(told(rig, m.ReceiptMessage)) == 1


async def test_a_line_that_is_open_but_silent_counts_as_lost_and_comes_back(rig: Rig) -> None:
    rig.live.connections[Lane.CONTROL] = Heard()
    rig.live.last_heard_s = rig.clock.monotonic_s()
    await until(lambda: rig.live.info().connected, "link up")
    rig.clock.ahead_s += LINK_QUIET_S
    await until(lambda: not rig.live.info().connected, "link lost")
    rig.live.last_heard_s = rig.clock.monotonic_s()
    await until(lambda: rig.live.info().connected, "link back")
    assert rig.news == [SessionUpdated(rig.agent.session_id)] * 3


async def test_a_session_that_nobody_uses_is_forgotten_and_read_again(rig: Rig) -> None:
    store(rig)
    await until(lambda: rig.live.lanes.get(Lane.CONTROL), "the commit")
    rig.clock.ahead_s += 3600
    await until(lambda: rig.server.sessions.get(rig.agent.session_id) is None, "forgotten")
    again = await rig.server.sessions.open(rig.agent.session_id)
    assert again is not None
    assert (again.lanes, again.tracks) == (rig.live.lanes, rig.live.tracks)
