"""One lane of one agent: handshake, records in, acks out. Created by `app` for each WebSocket on /agent.

What arrives is judged by the session's ledger, handed to the committer and acked when it is durable. The only thing a
lane ever waits for is the disk.
"""

import asyncio
import logging
import os
import secrets
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.websockets import WebSocket

from exam_protocol import messages as m
from exam_protocol.channel import (
    ChannelState,
    Closed,
    MessageReceived,
    ProofReceived,
    RecordReceived,
    ServerChannel,
)  # fmt: skip
from exam_protocol.errors import ProtocolError
from exam_protocol.records import Lane
from exam_protocol.signing import Signer
from server_stub.bus import SessionUpdated, ToAgent, agent_topic, exam_topic
from server_stub.clock import Clock
from server_stub.committer import Committer
from server_stub.line import LINGER_S, Line, receive
from server_stub.live import LiveSession, Sessions
from server_stub.ports import Bus
from server_stub.store import Store
from server_stub.tokens import Tokens

HANDSHAKE_S = 15.0
IDLE_S = 60.0  # the control lane checks in every 5 s
ANSWER_S = 2.0  # what an agent has to say that it is there when another one comes
FOUND_BYTES = 1 << 16  # of a refused record that are kept with the finding

log = logging.getLogger("proctor-server")


@dataclass(frozen=True, slots=True)
class Ingest:
    """What every lane works with. `greet`: what an agent is told when its control lane opens; `greeted`: it was."""

    signer: Signer
    tokens: Tokens
    sessions: Sessions
    store: Store
    committer: Committer
    bus: Bus
    clock: Clock
    greet: Callable[[LiveSession], list[m.AgentMessage]]
    greeted: Callable[[bytes], Awaitable[None]]


class AgentLane:
    def __init__(self, ingest: Ingest, socket: WebSocket) -> None:
        self._ingest, self._socket = ingest, socket
        self._channel = ServerChannel(server=ingest.signer, nonce=os.urandom(16))
        self._line = Line(socket)
        self._live: LiveSession | None = None
        self._lane = 0
        self._unsubscribe: Callable[[], None] = lambda: None
        self.instance = b""
        self.last_heard_s = 0.0
        self._answer: asyncio.Future[bool] | None = None

    async def run(self) -> None:
        await self._socket.accept(subprotocol=m.SUBPROTOCOL_AGENT)
        sender = asyncio.create_task(self._line.run())
        try:
            await self._receive_until_over()
        finally:
            self._leave()
            self._line.end()
            await _linger(sender)

    # --- called by others on the loop ---------------------------------------------------------------------------

    async def answers(self) -> bool:
        """Whether an agent is at the other end, and not only a connection that nobody closed: a killed one is silent,
        whatever its system still sends for it."""
        answer = self._answer = self._answer or asyncio.get_running_loop().create_future()
        self._channel.send(m.Ping(0))
        self._flush()
        await asyncio.wait({answer}, timeout=ANSWER_S)
        return answer.done() and answer.result()

    def _answered(self, is_there: bool) -> None:
        answer, self._answer = self._answer, None
        if answer is not None:
            answer.set_result(is_there)

    def acked(self, position: int) -> None:
        self._channel.ack(position)
        self._flush()

    def close(self, code: str, text: str) -> None:
        self._channel.close(code, text)
        self._flush()
        self._line.end()

    def _hear(self, event: object) -> None:
        if isinstance(event, ToAgent):
            self._channel.send(event.message)
            self._flush()

    def _flush(self) -> None:
        self._line.send(self._channel.take_output())

    # --- what arrives -------------------------------------------------------------------------------------------

    async def _receive_until_over(self) -> None:
        while self._channel.state is not ChannelState.CLOSED and not self._line.is_over:
            data = await self._next()
            if data is None:
                return
            self._heard()
            self._channel.receive(data)
            for event in self._channel.take_events():
                await self._on(event)
            self._flush()

    async def _next(self) -> str | bytes | None:
        is_open = self._live is not None
        try:
            async with asyncio.timeout((IDLE_S if self._lane == Lane.CONTROL else None) if is_open else HANDSHAKE_S):
                return await receive(self._socket)
        except TimeoutError:
            self.close("idle", "Nothing was heard for a long time.")
            return None

    def _heard(self) -> None:
        self.last_heard_s = self._ingest.clock.monotonic_s()
        if self._live is not None and self._lane == Lane.CONTROL:
            self._live.last_heard_s = self.last_heard_s

    async def _on(self, event: object) -> None:
        if isinstance(event, RecordReceived):
            await self._record(event)
        elif isinstance(event, ProofReceived):
            await self._proof(event.proof)
        elif isinstance(event, MessageReceived):
            self._message(event.message)
        elif isinstance(event, Closed):
            log.info("lane_closed %s lane=%d %s", self._name, self._lane, event.code)

    @property
    def _name(self) -> str:
        return self._live.session_id.hex()[:8] if self._live is not None else "-"

    def _message(self, message: m.AgentMessage) -> None:
        if isinstance(message, m.Ping | m.Probe):
            self._channel.send(m.Pong(message.id, self._ingest.clock.wall_ms()))
        elif isinstance(message, m.ProbeWanted):
            characters = min(max(message.characters, 0), m.PROBE_CHARACTERS)
            self._channel.send(m.Probe(message.id, secrets.token_hex(characters // 2)))
        elif isinstance(message, m.Pong):
            self._answered(True)

    async def _record(self, event: RecordReceived) -> None:
        live = self._live
        if live is None or live.is_spoiled or self._channel.state is not ChannelState.OPEN:
            return
        try:
            accepted = live.ledger.take(self._lane, event.record)
        except ProtocolError as error:
            await self._found(live, error, event)
            return
        self._ingest.committer.add(live, self._lane, event.position, event.record, accepted)
        await live.pending[self._lane].room()

    async def _found(self, live: LiveSession, error: ProtocolError, event: RecordReceived) -> None:
        """A record that cannot be true: kept as a finding, not as evidence."""
        log.warning("finding %s lane=%d %s", self._name, self._lane, error.code)
        live.spoil(error.code, error.text)
        now_ms, sample = self._ingest.clock.wall_ms(), event.record[:FOUND_BYTES]
        finding = (live.session_id, error.code, self._lane, event.position, now_ms, error.text, sample)
        try:
            await asyncio.to_thread(self._ingest.store.add_finding, *finding)
        except sqlite3.Error:
            log.error("finding_not_stored %s", self._name)

    # --- coming and going ---------------------------------------------------------------------------------------

    async def _proof(self, proof: m.Proof) -> None:
        try:
            live = await self._known(proof)
            await self._only_agent(live, proof)
            await live.pending[proof.lane].settled()
            if live.is_spoiled:
                raise ProtocolError("server_storage", "The server could not store. Please try again.")
        except ProtocolError as error:
            self._channel.refuse(error.code, error.text)
            return
        position = live.lane(proof.lane).position
        if self._channel.accept(live.durable.device_key, position, self._ingest.clock.wall_ms()):
            self._join(live, proof)
            if proof.lane == Lane.CONTROL:
                self._flush()
                await self._ingest.greeted(live.session_id)

    async def _known(self, proof: m.Proof) -> LiveSession:
        """Raises ProtocolError `token_invalid`, `token_expired`, `server_storage`, `damaged`."""
        if proof.lane not in tuple(Lane) or len(proof.instance) != 16:
            raise ProtocolError("damaged", "There is no such lane.")
        live = await self._ingest.sessions.open(proof.session_id)
        if live is None:
            raise ProtocolError("token_invalid", "This session is not known here.")
        self._ingest.tokens.check(
            proof.token, session_id=proof.session_id, device_key=live.durable.device_key,
            now_ms=self._ingest.clock.wall_ms(),
        )  # fmt: skip
        return live

    async def _only_agent(self, live: LiveSession, proof: m.Proof) -> None:
        """Another program that is there keeps its place; one that does not answer gives way to its restart."""
        others = [other for other in live.connections.values() if other.instance != proof.instance]
        if any(await asyncio.gather(*(other.answers() for other in others))):
            raise ProtocolError("second_agent", "This exam is already open in another program or on another computer.")

    def _join(self, live: LiveSession, proof: m.Proof) -> None:
        for lane, other in list(live.connections.items()):
            if lane == proof.lane or other.instance != proof.instance:
                other.close("replaced", "This connection was replaced by a newer one.")
        self._live, self._lane, self.instance = live, proof.lane, proof.instance
        live.connections[proof.lane] = self
        self._heard()
        if proof.lane != Lane.CONTROL:
            return
        self._unsubscribe = self._ingest.bus.subscribe(agent_topic(live.session_id), self._hear)
        for message in self._ingest.greet(live):
            self._channel.send(message)
        if live.link_changed(self.last_heard_s):
            self._ingest.bus.publish(exam_topic(live.durable.exam_id), SessionUpdated(live.session_id))

    def _leave(self) -> None:
        self._answered(False)
        self._unsubscribe()
        live = self._live
        if live is not None and live.connections.get(self._lane) is self:
            del live.connections[self._lane]
            if live.link_changed(self._ingest.clock.monotonic_s()):
                self._ingest.bus.publish(exam_topic(live.durable.exam_id), SessionUpdated(live.session_id))


async def _linger(sender: "asyncio.Task[None]") -> None:
    """Lets the last words go out, but not for ever."""
    _, still = await asyncio.wait({sender}, timeout=LINGER_S)
    for task in still:
        task.cancel()
