"""Every control message: JSON tagged by "type", decoded tolerantly. Pure; agent <-> server <-> console.

Binary WebSocket frames are records: agent -> server 8 bytes of lane position (big endian) and the record; server ->
console the record alone. Positions count from 1 in each lane.
"""

from typing import Literal

import msgspec

from exam_protocol import codec
from exam_protocol.errors import ProtocolError
from exam_protocol.policy import ExamAccess, UnixMs
from exam_protocol.signing import SignedDocument

SUBPROTOCOL_AGENT = "proctoring-agent.v1"
SUBPROTOCOL_CONSOLE = "proctoring-console.v1"
COMMAND_LIFETIME_MS = 30_000
PROBE_CHARACTERS = 16 << 10


class _Message(msgspec.Struct, frozen=True, tag_field="type"):
    pass


# --- agent and server: handshake of each connection -----------------------------------------------------------------


class Hello(_Message, frozen=True, tag="hello"):
    min: int
    max: int
    features: tuple[str, ...]
    build: str
    nonce: bytes  # 16 bytes


class Challenge(_Message, frozen=True, tag="challenge"):
    """`signature` by the server key: DOMAIN_SERVER over agent nonce | server nonce."""

    version: int
    features: tuple[str, ...]
    nonce: bytes
    server_key: bytes
    signature: bytes


class Proof(_Message, frozen=True, tag="proof"):
    """`signature` by the device key: DOMAIN_AGENT over both nonces | session id | lane byte | instance."""

    token: str
    session_id: bytes
    lane: int
    instance: bytes  # 16 bytes, new at each process start
    signature: bytes


class Welcome(_Message, frozen=True, tag="welcome"):
    durable_position: int  # the last lane position the server keeps; the agent goes on after it
    server_time_ms: int


class Refused(_Message, frozen=True, tag="refused"):
    code: str
    text: str


# --- agent and server: while it runs --------------------------------------------------------------------------------


class Ack(_Message, frozen=True, tag="ack"):
    """All records up to this lane position are durable."""

    position: int


class Lease(_Message, frozen=True, tag="lease"):
    """The server knows this session; the exam may be shown for `valid_s` from now (policy may allow longer)."""

    valid_s: int


class KeyFrameWanted(_Message, frozen=True, tag="key_frame_wanted"):
    track: int


class Watched(_Message, frozen=True, tag="watched"):
    """Who has this session open now, for the candidate's live panel."""

    proctors: tuple[str, ...]


class Queue(_Message, frozen=True, tag="queue"):
    """Where this session stands among those of its exam that wait to be admitted, from 1 on. Proctors need not keep
    to it."""

    place: int
    waiting: int


class CommandMessage(_Message, frozen=True, tag="command"):
    document: SignedDocument  # domain DOMAIN_COMMAND, payload Command


class RosterMessage(_Message, frozen=True, tag="roster"):
    document: SignedDocument


class ReceiptMessage(_Message, frozen=True, tag="receipt"):
    document: SignedDocument  # domain DOMAIN_RECEIPT, payload Receipt, by the server key


class Ping(_Message, frozen=True, tag="ping"):
    """Agent: how long is the way. Server: are you there, another one is at the door. The answer is a Pong."""

    id: int


class Pong(_Message, frozen=True, tag="pong"):
    id: int
    server_time_ms: int  # the clock of whoever answers


class Probe(_Message, frozen=True, tag="probe"):
    """Before the exam: `data` is thrown away and counted; the answer is a Pong. Measures the line."""

    id: int
    data: str


class ProbeWanted(_Message, frozen=True, tag="probe_wanted"):
    """Before the exam, agent to server: the answer is a Probe of `characters` of chance, at most PROBE_CHARACTERS."""

    id: int
    characters: int


AgentMessage = (
    Hello | Challenge | Proof | Welcome | Refused | Ack | Lease | KeyFrameWanted | Watched | CommandMessage
    | RosterMessage | ReceiptMessage | Ping | Pong | Probe | ProbeWanted | Queue
)  # fmt: skip


class UnknownMessage(msgspec.Struct, frozen=True):
    """A message of a type this version does not know: skipped, counted."""

    type: str


def encode(message: object) -> str:
    return codec.encode(message).decode()


def decode_agent(text: str) -> AgentMessage | UnknownMessage:
    """Raises ProtocolError `damaged` or `too_large`; a type nobody knows is an UnknownMessage."""
    try:
        return codec.decode(text, AgentMessage)
    except ProtocolError as error:
        if error.code != "damaged":
            raise
        unknown: UnknownMessage = codec.decode(text, UnknownMessage)
        if unknown.type in _KNOWN:
            raise
        return unknown


_KNOWN = frozenset({
    "hello", "challenge", "proof", "welcome", "refused", "ack", "lease", "key_frame_wanted", "watched", "command",
    "roster", "receipt", "ping", "pong", "probe", "probe_wanted", "queue",
})  # fmt: skip


# --- signed payloads ------------------------------------------------------------------------------------------------


class Command(msgspec.Struct, frozen=True):
    """What a proctor signs. `kind` is clear for the server; `sealed` is a CommandBody to the agent's wrap key."""

    command_id: str
    session_id: bytes
    counter: int  # per proctor and session, always rising
    issued_ms: int
    expires_ms: int
    proctor: str
    kind: str
    sealed: bytes


class TrackDurable(msgspec.Struct, frozen=True):
    track: int
    next_sequence: int
    head: bytes


class Receipt(msgspec.Struct, frozen=True):
    session_id: bytes
    tracks: tuple[TrackDurable, ...]
    complete: bool  # END arrived, and everything it counts
    server_time_ms: UnixMs


class _Body(msgspec.Struct, frozen=True, tag_field="kind"):
    pass


class ChatBody(_Body, frozen=True, tag="chat"):
    text: str


class AdmitBody(_Body, frozen=True, tag="admit"):
    access: ExamAccess


class RefuseBody(_Body, frozen=True, tag="refuse"):
    reason: str


class AskAgainBody(_Body, frozen=True, tag="ask_again"):
    step: str  # id_card or room
    reason: str


class InterventionBody(_Body, frozen=True, tag="intervention"):
    code: str  # of the catalogue
    level: str  # reminder, warning, final
    text: str


class PauseBody(_Body, frozen=True, tag="pause"):
    reason: str


class ResumeBody(_Body, frozen=True, tag="resume"):
    text: str = ""


class EndBody(_Body, frozen=True, tag="end"):
    reason: str
    override_reason: str = ""  # needed where fewer warnings than the policy asks were delivered


class FlagDecisionBody(_Body, frozen=True, tag="flag_decision"):
    """What a person makes of a flag; the latest counts. The candidate sees nothing of it."""

    sequence: int  # of the flag's record on the FLAGS track
    decision: Literal["confirmed", "dismissed"]
    reason: str


class RaiseFlagBody(_Body, frozen=True, tag="raise_flag"):
    """A flag of the proctor's own: it is recorded as PROCTOR_RAISED."""

    text: str
    severity: Literal["info", "low", "medium", "high"]


CommandBody = (
    ChatBody | AdmitBody | RefuseBody | AskAgainBody | InterventionBody | PauseBody | ResumeBody | EndBody
    | FlagDecisionBody | RaiseFlagBody
)  # fmt: skip


# --- enrolment over HTTP --------------------------------------------------------------------------------------------


class EnrolRequest(msgspec.Struct, frozen=True):
    """POST /api/enrol. `proof`: DOMAIN_ENROL over code_hash | package_hash | wrap_key | session_id | nonce."""

    code: str
    package_hash: bytes
    device_key: bytes
    wrap_key: bytes
    session_id: bytes
    nonce: bytes
    proof: bytes
    min: int
    max: int


class Enrolled(msgspec.Struct, frozen=True):
    """Payload of the answer, a SignedDocument of the server key in DOMAIN_ENROLLED."""

    nonce: bytes
    token: str
    ticket: SignedDocument
    roster: SignedDocument
    server_time_ms: int


# --- console and server ---------------------------------------------------------------------------------------------


class SessionInfo(msgspec.Struct, frozen=True):
    """What the server knows of a session, in clear."""

    session_id: str  # hexadecimal
    exam_id: str
    candidate_name: str
    state: str
    state_reason: str
    connected: bool
    device_key: bytes
    wrap_key: bytes
    opened_ms: int
    last_seen_ms: int
    gaps: int
    complete: bool


class ConsoleWelcome(_Message, frozen=True, tag="console_welcome"):
    proctor: str
    package: SignedDocument
    roster: SignedDocument
    sessions: tuple[SessionInfo, ...]
    server_time_ms: int


class SessionChanged(_Message, frozen=True, tag="session_changed"):
    session: SessionInfo


class Watch(_Message, frozen=True, tag="watch"):
    """First every record of the tracks outside MEDIA_TRACKS so far, then new ones; media live from a key frame on."""

    session_id: str
    tracks: tuple[int, ...]


class Unwatch(_Message, frozen=True, tag="unwatch"):
    session_id: str


class SendCommand(_Message, frozen=True, tag="send_command"):
    document: SignedDocument


class CommandRelayed(_Message, frozen=True, tag="command_relayed"):
    """What became of a command: relayed (handed to the agent), held (agent away, kept until it expires), refused."""

    command_id: str
    outcome: str
    code: str = ""


class ConsoleDropped(_Message, frozen=True, tag="console_dropped"):
    """This console read too slowly: records were left out, live goes on at the next key frame."""

    session_id: str
    track: int
    count: int


ConsoleMessage = (
    ConsoleWelcome | SessionChanged | Watch | Unwatch | SendCommand | CommandRelayed | ConsoleDropped | RosterMessage
    | Ping | Pong | Refused
)  # fmt: skip


def decode_console(text: str) -> ConsoleMessage:
    """Raises ProtocolError `damaged` or `too_large`."""
    return codec.decode(text, ConsoleMessage)
