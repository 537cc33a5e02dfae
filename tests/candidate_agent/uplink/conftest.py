"""A small real server: WebSockets on a free port, the server's end of the channel, and ways to be unkind."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import pytest
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from exam_protocol import messages as m
from exam_protocol.channel import Closed, MessageReceived, ProofReceived, RecordReceived, ServerChannel
from exam_protocol.messages import SUBPROTOCOL_AGENT
from exam_protocol.signing import SigningKey

Wait = Callable[[Callable[[], bool]], Awaitable[None]]


@dataclass
class SmallServer:
    """Stores records per lane. `cut_after`: connections are dropped once so many more records came, then the next."""

    key: SigningKey = field(default_factory=SigningKey.generate)
    device_key: bytes = b""
    stored: dict[int, list[bytes]] = field(default_factory=lambda: {0: [], 1: []})
    duplicates: int = 0
    cut_after: list[int] = field(default_factory=list)
    refuse: tuple[str, str] | None = None
    acks: bool = True
    versions: tuple[int, int] = (1, 1)
    greet: tuple[m.AgentMessage, ...] = ()
    sends: bool = True  # what is asked for with ProbeWanted
    asks: bool = False  # on both lanes, whether somebody is there
    answers: set[tuple[int, int]] = field(default_factory=set)  # lane, id
    handshakes: int = 0
    live: set[ServerConnection] = field(default_factory=set)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def handle(self, socket: ServerConnection) -> None:
        assert socket.request is not None and socket.request.path == "/agent"
        assert socket.subprotocol == SUBPROTOCOL_AGENT
        self.live.add(socket)
        channel = ServerChannel(
            server=self.key, nonce=bytes(16), min_version=self.versions[0], max_version=self.versions[1]
        )
        lane = [0]
        try:
            async for data in socket:
                channel.receive(data)
                for event in channel.take_events():
                    if isinstance(event, Closed):
                        await self.flush(socket, channel)
                        return
                    self.happened(socket, channel, lane, event)
                await self.flush(socket, channel)
        except ConnectionClosed:
            pass
        finally:
            self.live.discard(socket)

    async def flush(self, socket: ServerConnection, channel: ServerChannel) -> None:
        for output in channel.take_output():
            await socket.send(output)

    def happened(self, socket: ServerConnection, channel: ServerChannel, lane: list[int], event: object) -> None:
        if isinstance(event, ProofReceived):
            self.handshakes += 1
            lane[0] = event.proof.lane
            if self.refuse is not None:
                channel.refuse(*self.refuse)
                return
            channel.accept(self.device_key, len(self.stored[lane[0]]), 1_700_000_005_000)
            if self.asks:
                channel.send(m.Ping(5 + lane[0]))
            if lane[0] == 0:
                for message in self.greet:
                    channel.send(message)
        elif isinstance(event, RecordReceived):
            stored = self.stored[lane[0]]
            self.duplicates += event.position != len(stored) + 1
            stored.append(event.record)
            if self.cut_after:
                self.cut_after[0] -= 1
                if self.cut_after[0] <= 0:
                    self.cut_after.pop(0)
                    socket.transport.abort()  # the record is stored, its acknowledgement never leaves
                    return
            if self.acks:
                channel.ack(event.position)
        elif isinstance(event, MessageReceived) and isinstance(event.message, m.Pong):
            self.answers.add((lane[0], event.message.id))
        elif isinstance(event, MessageReceived) and isinstance(event.message, m.Ping | m.Probe):
            channel.send(m.Pong(event.message.id, 1_700_000_005_000))
        elif isinstance(event, MessageReceived) and isinstance(event.message, m.ProbeWanted) and self.sends:
            channel.send(m.Probe(event.message.id, "x" * event.message.characters))

    def drop_all(self) -> None:
        for socket in tuple(self.live):
            socket.transport.abort()


@contextlib.asynccontextmanager
async def listening(server: SmallServer, port: int = 0) -> AsyncIterator[Server]:
    async with serve(
        server.handle, "127.0.0.1", port, subprotocols=[Subprotocol(SUBPROTOCOL_AGENT)], compression=None,
        ping_interval=None, max_size=9 << 20,
    ) as running:  # fmt: skip
        server.port = next(iter(running.sockets)).getsockname()[1]
        try:
            yield running
        finally:
            server.drop_all()


@pytest.fixture
def wait() -> Wait:
    """Waits in the loop for a condition, at most ten seconds."""

    async def until(condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not condition():  # noqa: ASYNC110  any condition, not only an event
                await asyncio.sleep(0.005)

    return until
