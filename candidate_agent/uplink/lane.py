"""One lane's connection, for ever: connect, handshake, send in order, free what is durable, give up when silent, again.

`exam_protocol.channel` decides; this drives it with a WebSocket. Three coroutines share a connection: one reads, one
sends (alone, so that order holds), one watches for silence. `sender` owns two of these.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NoReturn, Protocol

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, WebSocketException

from candidate_agent.base.clock import Clock
from candidate_agent.uplink.backoff import (
    SECOND_AGENT_S,
    SILENCE_S,
    connect_timeout_s,
    delay_s,
    silence_limit_s,
)
from candidate_agent.uplink.transport import Address, open_socket
from exam_protocol import messages as m
from exam_protocol.channel import Acked, AgentChannel, ChannelState, Closed, Event, MessageReceived, Opened
from exam_protocol.evidence import HOLE
from exam_protocol.signing import Signer

FATAL = frozenset({
    "server_foreign", "version_too_old", "version_too_new", "token_invalid", "bad_signature", "spool_behind",
})  # fmt: skip
SECOND_AGENT = "second_agent"
WATCH_INTERVAL_S = 0.25
IDLE_LOOK_S = 1.0  # how often the outbox is looked at when nobody wakes us
NONCE_BYTES = 16


class Outbox(Protocol):
    """Records in order, per lane, from position 1."""

    def last_position(self, lane: int) -> int: ...

    def synced_position(self, lane: int) -> int: ...

    def read(self, lane: int, position: int) -> bytes | None: ...

    def free(self, lane: int, through: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Identity:
    """Who connects, where, and whom it expects there. `instance` is new at each process start."""

    address: Address
    server_key: bytes
    session_id: bytes
    token: str
    device: Signer
    instance: bytes


@dataclass(frozen=True, slots=True)
class Hearer:
    """What a lane tells its owner, in the loop."""

    event: Callable[[int, Opened | MessageReceived | Closed], None]
    damaged: Callable[[int, int], None]


class _Over(Exception):
    def __init__(self, closed: Closed) -> None:
        super().__init__(closed.code)
        self.closed = closed


LOST = Closed("link_lost", "The line to the exam server was lost.")
FAULT = Closed("link_fault", "Something on this computer broke the line; it is tried again.")
UNREACHABLE = Closed("server_unreachable", "The exam server cannot be reached.")


class LaneLine:
    """All methods in the loop's thread."""

    def __init__(
        self, lane: int, identity: Identity, outbox: Outbox, hearer: Hearer, clock: Clock,
        random_bytes: Callable[[int], bytes], stays: Callable[[], bool] = lambda: False,
    ) -> None:  # fmt: skip
        """`stays()`: no record is sent for now."""
        self._lane, self._identity, self._outbox, self._hearer = lane, identity, outbox, hearer
        self._clock, self._random_bytes, self._stays = clock, random_bytes, stays
        self._wanted = asyncio.Event()
        self._channel: AgentChannel | None = None
        self._in_flight: deque[tuple[int, int]] = deque()  # (position, bytes)
        self._progress_us = 0
        self._has_progressed = False
        self.stats = {"connections": 0, "records": 0, "bytes": 0, "holes": 0, "acked": 0, "faults": 0}

    def wake(self) -> None:
        self._wanted.set()

    def send(self, message: m.AgentMessage) -> None:
        """Dropped where there is no open connection."""
        if self._channel is not None:
            self._channel.send(message)
            self._wanted.set()

    async def run(self) -> None:
        """Until cancelled; returns when the server refuses for good."""
        attempt = 0
        while True:
            self._has_progressed = False
            closed = await self._connection(attempt)
            attempt = 0 if self._has_progressed else attempt + 1
            self._hearer.event(self._lane, closed)
            if closed.code in FATAL:
                return
            pause_s = delay_s(attempt, int.from_bytes(self._random_bytes(2), "big") / 0xFFFF)
            await asyncio.sleep(SECOND_AGENT_S if closed.code == SECOND_AGENT else pause_s)

    async def _connection(self, attempt: int) -> Closed:
        try:
            socket = await open_socket(self._identity.address, connect_timeout_s(attempt))
        except (OSError, WebSocketException):
            return UNREACHABLE
        who = self._identity
        channel = self._channel = AgentChannel(
            lane=self._lane, session_id=who.session_id, token=who.token, device=who.device,
            server_key=who.server_key, nonce=self._random_bytes(NONCE_BYTES), instance=who.instance,
        )  # fmt: skip
        self.stats["connections"] += 1
        try:
            channel.start()
            return await self._talk(socket, channel)
        finally:
            self._channel = None
            self._in_flight.clear()
            socket.transport.abort()

    async def _talk(self, socket: ClientConnection, channel: AgentChannel) -> Closed:
        """Not by a task group: that of Python 3.11 forgets that it was cancelled when a task of its own fails at the
        same moment, and the lane would never end."""
        self._progress_us = self._clock.monotonic_us()
        parts = (self._read(socket, channel), self._pump(socket, channel), self._watch(channel))
        tasks = [asyncio.ensure_future(part) for part in parts]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
        return self._why(ended)

    def _why(self, ended: Sequence[BaseException]) -> Closed:
        errors = [error for error in ended if not isinstance(error, asyncio.CancelledError)]
        if any(not isinstance(error, (_Over, ConnectionClosed, OSError)) for error in errors):
            self.stats["faults"] += 1  # a full disk, a surprise in what was heard: counted, and the line is made anew
            return FAULT
        return next((error.closed for error in errors if isinstance(error, _Over)), LOST)

    # --- reading ------------------------------------------------------------------------------------------------------

    async def _read(self, socket: ClientConnection, channel: AgentChannel) -> NoReturn:
        async for data in socket:
            channel.receive(data)
            for event in channel.take_events():
                self._happened(event)
            self._wanted.set()
        raise _Over(LOST)

    def _happened(self, event: Event) -> None:
        if isinstance(event, Opened):
            self._opened(event)
        elif isinstance(event, Acked):
            self._acked(event.position)
        elif isinstance(event, MessageReceived):
            self._hearer.event(self._lane, event)
        elif isinstance(event, Closed):
            raise _Over(event)

    def _opened(self, event: Opened) -> None:
        if event.durable_position > self._outbox.last_position(self._lane):
            raise _Over(Closed("spool_behind", "The server has more of this session than this computer."))
        self._outbox.free(self._lane, event.durable_position)
        self._hearer.event(self._lane, event)

    def _acked(self, position: int) -> None:
        self._progress_us, self._has_progressed = self._clock.monotonic_us(), True
        self.stats["acked"] = position
        while self._in_flight and self._in_flight[0][0] <= position:
            self._in_flight.popleft()
        self._outbox.free(self._lane, position)

    # --- sending ------------------------------------------------------------------------------------------------------

    async def _pump(self, socket: ClientConnection, channel: AgentChannel) -> NoReturn:
        while True:
            self._wanted.clear()
            more = self._take_record(channel)
            for data in channel.take_output():
                await socket.send(data)
            if not more:
                await self._wait()

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(IDLE_LOOK_S):
                await self._wanted.wait()
        except TimeoutError:
            pass

    def _take_record(self, channel: AgentChannel) -> bool:
        """Hands the channel one record, if there is one and it has room."""
        if self._stays() or not channel.has_room:
            return False
        if channel.next_position > self._outbox.synced_position(self._lane):
            return False
        position = channel.next_position
        record = self._outbox.read(self._lane, position)
        if record is None:
            self.stats["holes"] += 1
            self._hearer.damaged(self._lane, position)
            record = HOLE
        if not self._in_flight:
            self._progress_us = self._clock.monotonic_us()
        channel.send_record(position, record)
        self._in_flight.append((position, len(record)))
        self.stats["records"] += 1
        self.stats["bytes"] += len(record)
        return True

    # --- silence ------------------------------------------------------------------------------------------------------

    async def _watch(self, channel: AgentChannel) -> NoReturn:
        """A connection without acknowledgements is dead, whatever TCP says. The handshake has ten seconds."""
        while True:
            await asyncio.sleep(WATCH_INTERVAL_S)
            silent_s = (self._clock.monotonic_us() - self._progress_us) / 1_000_000
            if channel.state is not ChannelState.OPEN:
                limit_s = SILENCE_S
            elif self._in_flight:
                limit_s = silence_limit_s(self._in_flight[0][1])
            else:
                continue
            if silent_s > limit_s:
                raise _Over(LOST)
