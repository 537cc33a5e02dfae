"""The connection of one lane, without I/O: handshake, positions, window, acknowledgement, resume. Both ends.

Three doors: `receive` (what arrived), `take_output` (what to send), `take_events` (what it means). The agent's end and
the server's end share one set of states:  NEW -> HELLO -> PROOF -> OPEN -> CLOSED.
"""

from dataclasses import dataclass
from enum import Enum

from exam_protocol import messages as m
from exam_protocol import version
from exam_protocol.codec import MAX_RECORD_BYTES
from exam_protocol.errors import ProtocolError
from exam_protocol.records import Lane
from exam_protocol.signing import DOMAIN_AGENT, DOMAIN_SERVER, Signer, verify

POSITION_BYTES = 8
WINDOW_BYTES = 1 << 20  # unacknowledged bytes on the line at most; one record may always be


class ChannelState(Enum):
    NEW = "new"
    HELLO = "hello"
    PROOF = "proof"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Opened:
    """Handshake done. Agent: send on after `durable_position`."""

    durable_position: int
    server_time_ms: int


@dataclass(frozen=True, slots=True)
class ProofReceived:
    """Server: decide with `accept` or `refuse`. `accept` checks the signature against the key the token names."""

    proof: m.Proof


@dataclass(frozen=True, slots=True)
class RecordReceived:
    position: int
    record: bytes


@dataclass(frozen=True, slots=True)
class Acked:
    position: int


@dataclass(frozen=True, slots=True)
class MessageReceived:
    message: m.AgentMessage


@dataclass(frozen=True, slots=True)
class Closed:
    """The channel is over; `code` says why (`server_foreign`, `version_too_old`, what the server refused with ...)."""

    code: str
    text: str


Event = Opened | ProofReceived | RecordReceived | Acked | MessageReceived | Closed


class _Channel:
    def __init__(self) -> None:
        self.state = ChannelState.NEW
        self._output: list[str | bytes] = []
        self._events: list[Event] = []

    def take_output(self) -> list[str | bytes]:
        output, self._output = self._output, []
        return output

    def take_events(self) -> list[Event]:
        events, self._events = self._events, []
        return events

    def receive(self, data: str | bytes) -> None:
        """One WebSocket message. Never raises: what does not fit closes the channel with a code."""
        if self.state is ChannelState.CLOSED:
            return
        try:
            if isinstance(data, bytes):
                self._binary(data)
            else:
                self._text(m.decode_agent(data))
        except ProtocolError as error:
            self.close(error.code, error.text)

    def close(self, code: str, text: str) -> None:
        """Ends the channel, telling the other side why where it can be told."""
        if self.state is not ChannelState.CLOSED:
            self.state = ChannelState.CLOSED
            self._events.append(Closed(code, text))
            if self._tells_why:
                self._output.append(m.encode(m.Refused(code, text)))

    def send(self, message: m.AgentMessage) -> None:
        if self.state is ChannelState.OPEN:
            self._output.append(m.encode(message))

    _tells_why = False

    def _binary(self, data: bytes) -> None:
        raise ProtocolError("out_of_turn", "Bytes arrived where none were expected.")

    def _text(self, message: m.AgentMessage | m.UnknownMessage) -> None:
        if isinstance(message, m.UnknownMessage):
            return
        if isinstance(message, m.Refused):
            self.state = ChannelState.CLOSED
            self._events.append(Closed(message.code, message.text))
            return
        self._known(message)

    def _known(self, message: m.AgentMessage) -> None:
        raise ProtocolError("out_of_turn", "A message arrived out of turn.")


def _check_length(value: bytes) -> None:
    """Nonces, session and instance have 16 bytes, so that what is signed over them reads in one way only."""
    if len(value) != 16:
        raise ProtocolError("damaged", "A nonce, session or instance has 16 bytes.")


def proof_payload(agent_nonce: bytes, server_nonce: bytes, session_id: bytes, lane: int, instance: bytes) -> bytes:
    return agent_nonce + server_nonce + session_id + bytes([lane]) + instance


class AgentChannel(_Channel):
    """The agent's end. `nonce` and `instance` are 16 random bytes each, given by the caller."""

    def __init__(
        self, *, lane: int, session_id: bytes, token: str, device: Signer, server_key: bytes, nonce: bytes,
        instance: bytes, min_version: int = version.PROTOCOL_MIN, max_version: int = version.PROTOCOL_MAX,
    ) -> None:  # fmt: skip
        super().__init__()
        self._lane, self._session_id, self._token = lane, session_id, token
        self._device, self._server_key = device, server_key
        self._nonce, self._instance = nonce, instance
        self._min, self._max = min_version, max_version
        self._sent = self._acked = 0
        self._in_flight: list[tuple[int, int]] = []  # (position, bytes), oldest first

    def start(self) -> None:
        self.state = ChannelState.HELLO
        self._output.append(m.encode(m.Hello(self._min, self._max, version.FEATURES, version.BUILD, self._nonce)))

    @property
    def in_flight_bytes(self) -> int:
        return sum(size for _, size in self._in_flight)

    @property
    def has_room(self) -> bool:
        """Whether another record may be sent now."""
        return self.state is ChannelState.OPEN and (not self._in_flight or self.in_flight_bytes < WINDOW_BYTES)

    @property
    def next_position(self) -> int:
        return self._sent + 1

    def send_record(self, position: int, record: bytes) -> None:
        """Positions must follow on. The caller asks `has_room` first."""
        if self.state is not ChannelState.OPEN or position != self._sent + 1:
            raise ValueError(f"record {position} after {self._sent} in state {self.state.value}")
        self._sent = position
        self._in_flight.append((position, len(record)))
        self._output.append(position.to_bytes(POSITION_BYTES, "big") + record)

    def _known(self, message: m.AgentMessage) -> None:
        if self.state is ChannelState.HELLO and isinstance(message, m.Challenge):
            self._challenged(message)
        elif self.state is ChannelState.PROOF and isinstance(message, m.Welcome):
            if not 0 <= message.durable_position < 1 << 63:
                raise ProtocolError("damaged", f"Position {message.durable_position} cannot be.")
            self.state = ChannelState.OPEN
            self._sent = self._acked = message.durable_position
            self._events.append(Opened(message.durable_position, message.server_time_ms))
        elif self.state is ChannelState.OPEN and isinstance(message, m.Ack):
            self._acknowledged(message.position)
        elif self.state is ChannelState.OPEN and not isinstance(message, m.Hello | m.Challenge | m.Proof | m.Welcome):
            self._events.append(MessageReceived(message))
        else:
            super()._known(message)

    def _challenged(self, challenge: m.Challenge) -> None:
        if challenge.server_key != self._server_key:
            raise ProtocolError("server_foreign", "This is not the server that your institution named.")
        _check_length(challenge.nonce)
        verify(self._server_key, DOMAIN_SERVER, self._nonce + challenge.nonce, challenge.signature)
        version.agree(challenge.version, challenge.version, self._min, self._max)
        self.state = ChannelState.PROOF
        payload = proof_payload(self._nonce, challenge.nonce, self._session_id, self._lane, self._instance)
        signature = self._device.sign(DOMAIN_AGENT, payload)
        self._output.append(m.encode(m.Proof(self._token, self._session_id, self._lane, self._instance, signature)))

    def _acknowledged(self, position: int) -> None:
        if position < self._acked or position > self._sent:
            raise ProtocolError("out_of_turn", f"Position {position} was acknowledged, {self._sent} was sent.")
        self._acked = position
        self._in_flight = [entry for entry in self._in_flight if entry[0] > position]
        self._events.append(Acked(position))


class ServerChannel(_Channel):
    """The server's end. `nonce` is 16 random bytes."""

    _tells_why = True

    def __init__(
        self, *, server: Signer, nonce: bytes,
        min_version: int = version.PROTOCOL_MIN, max_version: int = version.PROTOCOL_MAX,
    ) -> None:  # fmt: skip
        super().__init__()
        self._server, self._nonce = server, nonce
        self._min, self._max = min_version, max_version
        self._agent_nonce = b""
        self._proof: m.Proof | None = None
        self._received = self._acked = 0
        self.state = ChannelState.HELLO

    def accept(self, device_key: bytes, durable_position: int, server_time_ms: int) -> bool:
        """Opens the channel if the proof is by `device_key`; closes it with `bad_signature` otherwise."""
        if self.state is not ChannelState.PROOF or self._proof is None:
            return False
        proof = self._proof
        payload = proof_payload(self._agent_nonce, self._nonce, proof.session_id, proof.lane, proof.instance)
        try:
            verify(device_key, DOMAIN_AGENT, payload, proof.signature)
        except ProtocolError as error:
            self.close(error.code, error.text)
            return False
        self.state = ChannelState.OPEN
        self._received = self._acked = durable_position
        self._output.append(m.encode(m.Welcome(durable_position, server_time_ms)))
        self._events.append(Opened(durable_position, server_time_ms))
        return True

    def refuse(self, code: str, text: str) -> None:
        self.close(code, text)

    def ack(self, position: int) -> None:
        """Says that everything up to `position` is durable."""
        if self.state is ChannelState.OPEN and self._acked < position <= self._received:
            self._acked = position
            self._output.append(m.encode(m.Ack(position)))

    def _binary(self, data: bytes) -> None:
        if self.state is not ChannelState.OPEN:
            return super()._binary(data)
        if len(data) > MAX_RECORD_BYTES + POSITION_BYTES or len(data) <= POSITION_BYTES:
            raise ProtocolError("too_large", f"A record frame of {len(data)} bytes arrived.")
        position = int.from_bytes(data[:POSITION_BYTES], "big")
        if position != self._received + 1:
            raise ProtocolError("out_of_order", f"Record {position} arrived where {self._received + 1} was expected.")
        self._received = position
        self._events.append(RecordReceived(position, data[POSITION_BYTES:]))

    def _known(self, message: m.AgentMessage) -> None:
        if self.state is ChannelState.HELLO and isinstance(message, m.Hello):
            chosen = version.agree(message.min, message.max, self._min, self._max)
            _check_length(message.nonce)
            self._agent_nonce = message.nonce
            signature = self._server.sign(DOMAIN_SERVER, self._agent_nonce + self._nonce)
            self._output.append(
                m.encode(m.Challenge(chosen, version.FEATURES, self._nonce, self._server.public_key, signature))
            )
            self.state = ChannelState.PROOF
        elif self.state is ChannelState.PROOF and isinstance(message, m.Proof) and self._proof is None:
            _check_length(message.session_id)
            _check_length(message.instance)
            if message.lane not in (Lane.CONTROL, Lane.MEDIA):
                raise ProtocolError("damaged", f"There is no lane {message.lane}.")
            self._proof = message
            self._events.append(ProofReceived(message))
        elif self.state is ChannelState.OPEN and not isinstance(
            message, m.Hello | m.Challenge | m.Proof | m.Welcome | m.Ack
        ):
            self._events.append(MessageReceived(message))
        else:
            super()._known(message)
