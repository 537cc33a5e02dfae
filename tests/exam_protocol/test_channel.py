"""One lane's connection at both ends: who may open it, in which order, and that no record is lost or doubled."""

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from exam_protocol import channel as c
from exam_protocol import messages as m
from exam_protocol.channel import AgentChannel, ChannelState, ServerChannel
from exam_protocol.errors import ProtocolError
from exam_protocol.records import Track
from exam_protocol.sealing import EpochSealer
from exam_protocol.signing import SigningKey
from tests.exam_protocol import samples

SESSION = bytes(range(16))
SERVER, DEVICE = SigningKey.from_seed(b"S" * 32), SigningKey.from_seed(b"D" * 32)


def agent_end(**changes: object) -> AgentChannel:
    usual: dict[str, object] = {
        "lane": 0, "session_id": SESSION, "token": "token", "device": DEVICE, "server_key": SERVER.public_key,
        "nonce": b"a" * 16, "instance": b"i" * 16,
    }  # fmt: skip
    return AgentChannel(**(usual | changes))  # type: ignore[arg-type]


def server_end(**changes: object) -> ServerChannel:
    usual: dict[str, object] = {"server": SERVER, "nonce": b"s" * 16}
    return ServerChannel(**(usual | changes))  # type: ignore[arg-type]


def pump(agent: AgentChannel, server: ServerChannel) -> list[c.Event]:
    """Carries everything both ways once; the agent's events."""
    for frame in agent.take_output():
        server.receive(frame)
    for frame in server.take_output():
        agent.receive(frame)
    return agent.take_events()


def opened(durable: int = 0) -> tuple[AgentChannel, ServerChannel]:
    agent, server = agent_end(), server_end()
    agent.start()
    pump(agent, server)
    pump(agent, server)
    assert isinstance(server.take_events()[0], c.ProofReceived)
    assert server.accept(DEVICE.public_key, durable, 1_000)
    assert pump(agent, server) == [c.Opened(durable, 1_000)]
    assert server.take_events() == [c.Opened(durable, 1_000)]
    return agent, server


def closing_code(events: list[c.Event]) -> str:
    return next(event.code for event in events if isinstance(event, c.Closed))


def test_a_handshake_opens_both_ends_at_the_durable_position() -> None:
    agent, server = opened(durable=41)
    assert (agent.state, server.state) == (ChannelState.OPEN, ChannelState.OPEN)
    assert agent.next_position == 42 and agent.has_room


def test_a_record_arrives_once_and_its_ack_frees_the_window() -> None:
    agent, server = opened()
    agent.send_record(1, b"record")
    pump(agent, server)
    assert server.take_events() == [c.RecordReceived(1, b"record")]
    assert agent.in_flight_bytes == 6
    server.ack(1)
    assert pump(agent, server) == [c.Acked(1)] and agent.in_flight_bytes == 0


def test_a_hole_of_one_byte_travels_as_a_record() -> None:
    agent, server = opened()
    agent.send_record(1, b"\0")
    pump(agent, server)
    assert server.take_events() == [c.RecordReceived(1, b"\0")]


def test_the_window_closes_at_a_mebibyte_and_one_record_may_always_go() -> None:
    agent, _ = opened()
    agent.send_record(1, bytes(c.WINDOW_BYTES * 2))
    assert not agent.has_room
    agent.receive(m.encode(m.Ack(1)))
    assert agent.has_room


def test_a_foreign_server_is_refused_before_anything_is_proved() -> None:
    agent, server = agent_end(server_key=SigningKey.generate().public_key), server_end()
    agent.start()
    assert closing_code(pump(agent, server)) == "server_foreign" and agent.take_output() == []


def test_a_server_that_only_names_the_right_key_is_refused() -> None:
    agent = agent_end()
    agent.start()
    agent.receive(m.encode(m.Challenge(1, (), b"s" * 16, SERVER.public_key, b"x" * 64)))
    assert closing_code(agent.take_events()) == "bad_signature"


def test_a_challenge_for_another_connection_is_refused() -> None:
    old, server = agent_end(nonce=b"o" * 16), server_end()
    old.start()
    server.receive(old.take_output()[0])
    agent = agent_end()
    agent.start()
    agent.receive(server.take_output()[0])
    assert closing_code(agent.take_events()) == "bad_signature"


def test_another_device_is_refused_and_told() -> None:
    agent, server = agent_end(device=SigningKey.generate()), server_end()
    agent.start()
    pump(agent, server)
    pump(agent, server)
    assert not server.accept(DEVICE.public_key, 0, 0)
    assert closing_code(pump(agent, server)) == "bad_signature" and server.state is ChannelState.CLOSED


def test_a_proof_for_another_lane_is_refused() -> None:
    agent, server = agent_end(lane=1), server_end()
    agent.start()
    pump(agent, server)
    proof = m.decode_agent(str(agent.take_output()[0]))
    assert isinstance(proof, m.Proof)
    server.receive(m.encode(m.Proof(proof.token, proof.session_id, 0, proof.instance, proof.signature)))
    assert not server.accept(DEVICE.public_key, 0, 0)


@pytest.mark.parametrize(
    "proof",
    [
        m.Proof("t", SESSION, 999, SESSION, b"x" * 64), m.Proof("t", SESSION, -1, SESSION, b"x" * 64),
        m.Proof("t", SESSION[:-1], 0, SESSION, b"x" * 64), m.Proof("t", SESSION, 0, SESSION + b"x", b"x" * 64),
    ],
)  # fmt: skip
def test_a_proof_that_could_be_read_two_ways_is_damaged(proof: m.Proof) -> None:
    agent, server = agent_end(), server_end()
    agent.start()
    pump(agent, server)
    server.receive(m.encode(proof))
    assert closing_code(server.take_events()) == "damaged" and not server.accept(DEVICE.public_key, 0, 0)


@pytest.mark.parametrize("nonce", [b"", b"n" * 15, b"n" * 17])
def test_a_nonce_has_sixteen_bytes_on_both_sides(nonce: bytes) -> None:
    server = server_end()
    server.receive(m.encode(m.Hello(1, 1, (), "", nonce)))
    assert closing_code(server.take_events()) == "damaged"
    agent = agent_end()
    agent.start()
    signature = SERVER.sign(b"server-hello/v1", b"a" * 16 + nonce)
    agent.receive(m.encode(m.Challenge(1, (), nonce, SERVER.public_key, signature)))
    assert closing_code(agent.take_events()) == "damaged"


@pytest.mark.parametrize(
    ("theirs", "code"), [((2, 3), "version_too_new"), ((0, 0), "version_too_old"), ((5, 1), "version_too_new")]
)
def test_an_older_and_a_newer_version_are_refused_by_name(theirs: tuple[int, int], code: str) -> None:
    agent, server = agent_end(min_version=theirs[0], max_version=theirs[1]), server_end()
    agent.start()
    assert closing_code(pump(agent, server)) == code and closing_code(server.take_events()) == code


def test_a_server_cannot_choose_a_version_that_was_not_offered() -> None:
    agent = agent_end()
    agent.start()
    signature = SERVER.sign(b"server-hello/v1", b"a" * 16 + b"s" * 16)
    agent.receive(m.encode(m.Challenge(2, (), b"s" * 16, SERVER.public_key, signature)))
    assert closing_code(agent.take_events()) == "version_too_new"


@pytest.mark.parametrize("position", [-1, 1 << 63])
def test_a_position_that_cannot_be_does_not_open(position: int) -> None:
    agent, server = agent_end(), server_end()
    agent.start()
    pump(agent, server)
    agent.receive(m.encode(m.Welcome(position, 0)))
    assert closing_code(agent.take_events()) == "damaged"


@pytest.mark.parametrize("position", [2, -1])
def test_an_ack_of_what_was_not_sent_closes(position: int) -> None:
    agent, _ = opened()
    agent.send_record(1, b"record")
    agent.receive(m.encode(m.Ack(position)))
    assert closing_code(agent.take_events()) == "out_of_turn"


@pytest.mark.parametrize(
    "message", [m.Hello(1, 1, (), "", SESSION), samples.MESSAGES["proof"], m.Ack(0), m.Welcome(0, 0)]
)
def test_the_handshake_cannot_be_begun_again(message: object) -> None:
    _, server = opened()
    server.receive(m.encode(message))
    assert closing_code(server.take_events()) == "out_of_turn"


def test_records_before_the_handshake_close_the_channel() -> None:
    server = server_end()
    server.receive(bytes(100))
    assert closing_code(server.take_events()) == "out_of_turn"


def test_bytes_to_the_agent_close_its_channel() -> None:
    agent, _ = opened()
    agent.receive(b"bytes")
    assert closing_code(agent.take_events()) == "out_of_turn"


def test_messages_go_both_ways_and_unknown_ones_are_skipped() -> None:
    agent, server = opened()
    server.send(m.Lease(30))
    agent.send(m.Ping(1))
    assert pump(agent, server) == [c.MessageReceived(m.Lease(30))]
    assert server.take_events() == [c.MessageReceived(m.Ping(1))]
    agent.receive('{"type":"of_next_year"}')
    assert agent.take_events() == [] and agent.state is ChannelState.OPEN


def test_a_closed_channel_is_silent() -> None:
    agent, server = opened()
    server.refuse("second_agent", "Another agent runs.")
    assert closing_code(pump(agent, server)) == "second_agent"
    server.receive(bytes(20))
    agent.send(m.Ping(1))
    assert server.take_events()[1:] == [] and agent.take_output() == [] and server.take_output() == []


def test_sending_out_of_order_is_the_callers_mistake() -> None:
    agent, _ = opened()
    with pytest.raises(ValueError, match="record 3 after 0"):
        agent.send_record(3, b"record")


def test_no_record_is_accepted_from_the_agent_after_a_wrong_position() -> None:
    _, server = opened()
    server.receive((2).to_bytes(8, "big") + b"record")
    server.receive((1).to_bytes(8, "big") + b"record")
    events = server.take_events()
    assert closing_code(events) == "out_of_order" and not any(isinstance(e, c.RecordReceived) for e in events)


FRAMES = st.one_of(
    st.binary(max_size=60), st.text(max_size=60),
    st.sampled_from([m.encode(message) for message in samples.MESSAGES.values()]),
)  # fmt: skip


@given(st.lists(FRAMES, max_size=6), st.integers(0, 3))
def test_no_frame_in_any_state_raises(frames: list[str | bytes], stage: int) -> None:
    agent, server = opened() if stage == 3 else (agent_end(), server_end())
    if stage in (1, 2):
        agent.start()
    if stage == 2:
        pump(agent, server)
    for frame in frames:
        agent.receive(frame)
        server.receive(frame)
        server.accept(DEVICE.public_key, 0, 0)
        if agent.state is ChannelState.OPEN and stage < 2:
            pytest.fail("a channel opened before the server had proved itself")


class LineMachine(RuleBasedStateMachine):
    """A spool, a line that fails in every way, and a server that keeps what is durable.

    The agent may go on only from what the server says is durable; the server opens each record before it keeps it.
    """

    @initialize()
    def begin(self) -> None:
        self.sealer = EpochSealer(SESSION, 1, b"k" * 32)
        self.outbox: list[bytes] = []
        self.durable: list[bytes] = []
        self.acked = 0
        self.tampered = False
        self.connect()

    def connect(self) -> None:
        self.agent = agent_end(nonce=os.urandom(16), instance=os.urandom(16))
        self.server = server_end(nonce=os.urandom(16))
        self.received: list[bytes] = []
        self.line: list[bytes] = []
        self.tampered = False
        self.agent.start()
        for _ in range(2):
            pump(self.agent, self.server)
        self.server.take_events()
        assert self.server.accept(DEVICE.public_key, len(self.durable), 0)
        events = pump(self.agent, self.server)
        assert events == [c.Opened(len(self.durable), 0)]
        self.server.take_events()

    def alive(self) -> bool:
        return self.agent.state is ChannelState.OPEN and self.server.state is ChannelState.OPEN

    @rule(size=st.integers(0, 40))
    def write(self, size: int) -> None:
        self.outbox.append(self.sealer.seal(Track.SCREEN, len(self.outbox), 0, 0, bytes(size)))

    @precondition(lambda self: self.agent.state is ChannelState.OPEN and self.agent.next_position <= len(self.outbox))
    @rule()
    def send(self) -> None:
        if self.agent.has_room:
            position = self.agent.next_position
            self.agent.send_record(position, self.outbox[position - 1])
            self.line += [frame for frame in self.agent.take_output() if isinstance(frame, bytes)]

    @precondition(lambda self: self.line)
    @rule()
    def deliver(self) -> None:
        self.server.receive(self.line.pop(0))
        for event in self.server.take_events():
            if isinstance(event, c.RecordReceived):
                self.keep(event)

    def keep(self, event: c.RecordReceived) -> None:
        try:
            header, _ = self.sealer.open(event.record)
            if header.sequence != event.position - 1:
                raise ProtocolError("out_of_order", "A sound record stands where another one belongs.")
        except ProtocolError as error:
            self.server.close(error.code, error.text)
            return
        assert event.position == len(self.durable) + len(self.received) + 1
        self.received.append(event.record)

    @precondition(lambda self: self.received)
    @rule(data=st.data())
    def make_durable(self, data: st.DataObject) -> None:
        count = data.draw(st.integers(1, len(self.received)))
        self.durable += self.received[:count]
        self.received = self.received[count:]
        self.server.ack(len(self.durable))
        for frame in self.server.take_output():
            self.agent.receive(frame)
        for event in self.agent.take_events():
            self.acked = event.position if isinstance(event, c.Acked) else self.acked

    @rule()
    def cut(self) -> None:
        """The line breaks: what was under way or not yet durable is gone."""
        self.connect()

    @precondition(lambda self: self.line and self.alive())
    @rule(data=st.data(), how=st.sampled_from(["flip", "truncate", "duplicate", "swap", "splice"]))
    def tamper(self, data: st.DataObject, how: str) -> None:
        at = data.draw(st.integers(0, len(self.line) - 1))
        frame = self.line[at]
        if how == "flip":
            where = data.draw(st.integers(0, len(frame) - 1))
            bit = 1 << data.draw(st.integers(0, 7))
            self.line[at] = frame[:where] + bytes([frame[where] ^ bit]) + frame[where + 1 :]
        elif how == "truncate":
            self.line[at] = frame[: data.draw(st.integers(0, len(frame) - 1))]
        elif how == "duplicate":
            self.line.insert(at, frame)
        elif how == "swap" and at + 1 < len(self.line) and frame != self.line[at + 1]:
            self.line[at : at + 2] = [self.line[at + 1], frame]
        elif how == "splice" and len(self.outbox) > 1:
            position = int.from_bytes(frame[:8], "big")
            other = self.outbox[position % len(self.outbox)]
            if frame[8:] == other:
                return
            self.line[at] = frame[:8] + other
        else:
            return
        self.tampered = True

    @invariant()
    def nothing_is_lost_doubled_or_changed(self) -> None:
        if hasattr(self, "outbox"):
            assert self.durable == self.outbox[: len(self.durable)]
            assert self.acked <= len(self.durable)

    @invariant()
    def tampering_is_detected_once_it_has_arrived(self) -> None:
        if hasattr(self, "outbox") and self.tampered and not self.line:
            assert self.server.state is ChannelState.CLOSED

    def teardown(self) -> None:
        """After the last fault an honest line brings everything, exactly once."""
        if not hasattr(self, "outbox"):
            return
        self.connect()
        while len(self.durable) < len(self.outbox):
            self.send()
            while self.line:
                self.deliver()
            self.durable += self.received
            self.received = []
            self.server.ack(len(self.durable))
            pump(self.agent, self.server)
        assert self.durable == self.outbox


LineMachine.TestCase.settings = settings(max_examples=50, stateful_step_count=40, deadline=None)
TestLine = LineMachine.TestCase
