"""A server that acknowledges late, twice, in the wrong order or never: each record arrives once, nobody is stuck."""

import asyncio
from dataclasses import dataclass, field

import pytest
from websockets.asyncio.server import ServerConnection

from candidate_agent.session.events import LeaseRenewed, LinkDown, LinkUp
from candidate_agent.uplink import lane
from candidate_agent.uplink.sender import CommandReceived
from exam_protocol import messages as m
from exam_protocol.channel import RecordReceived, ServerChannel
from exam_protocol.signing import SignedDocument

from .conftest import SmallServer, Wait, listening
from .test_sender import Box, running, some_records

COUNT = 40


@dataclass
class Unkind(SmallServer):
    """`manner`: late, twice, backwards or beyond; kind after `faults` of them."""

    manner: str = ""
    faults: int = 3
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def happened(self, socket: ServerConnection, channel: ServerChannel, lane: list[int], event: object) -> None:
        unkind = isinstance(event, RecordReceived) and self.faults > 0
        self.acks = not unkind
        super().happened(socket, channel, lane, event)
        if isinstance(event, RecordReceived) and unkind:
            self.faults -= 1
            self.unkind(socket, channel, event.position)

    def unkind(self, socket: ServerConnection, channel: ServerChannel, position: int) -> None:
        if self.manner == "late":
            task = asyncio.ensure_future(self.later(socket, channel, position))
            self.tasks.add(task)
            return
        said = {"twice": (position, position), "backwards": (position, position - 1), "beyond": (position + 99,)}
        for ack in said[self.manner]:
            channel._output.append(m.encode(m.Ack(ack)))

    async def later(self, socket: ServerConnection, channel: ServerChannel, position: int) -> None:
        await asyncio.sleep(0.3)
        channel.ack(position)
        await self.flush(socket, channel)


@pytest.mark.parametrize("manner", ["late", "twice", "backwards", "beyond"])
async def test_acknowledgements_that_come_so_lose_and_double_nothing(wait: Wait, manner: str) -> None:
    server, box = Unkind(manner=manner), Box({0: some_records(COUNT), 1: []})
    async with listening(server), running(server, box):
        await wait(lambda: box.freed[0] == COUNT)
        await asyncio.gather(*server.tasks)
    assert server.stored[0] == box.records[0] and server.duplicates == 0


async def test_a_server_that_takes_the_line_and_never_greets_is_said_and_tried_again(
    wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lane, "SILENCE_S", 0.3)

    class Mute(SmallServer):
        mute = True

        async def flush(self, socket: ServerConnection, channel: ServerChannel) -> None:
            if not self.mute:
                await super().flush(socket, channel)

    server, box = Mute(), Box({0: [b"a"], 1: []})
    async with listening(server), running(server, box) as sitting:
        await wait(lambda: LinkDown("link_lost", "The line to the exam server was lost.") in sitting.events)
        server.mute = False
        await wait(lambda: box.freed[0] == 1)
    assert server.stored[0] == [b"a"] and LinkUp() in sitting.events


async def test_what_the_server_says_twice_is_handed_on_as_often_and_in_its_order(wait: Wait) -> None:
    """That a command counts once is the gate's doing: test_commands."""
    document = SignedDocument(b"{}", bytes(32), bytes(64))
    said = (m.CommandMessage(document), m.Lease(60), m.CommandMessage(document), m.Lease(60))
    server, box = SmallServer(greet=said), Box()
    async with listening(server), running(server, box) as sitting:
        await wait(lambda: len(sitting.events) == 5)
    command = CommandReceived(document)
    assert sitting.events[1:5] == [command, LeaseRenewed(60), command, LeaseRenewed(60)]
