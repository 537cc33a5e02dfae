"""The durable unit: a 44-byte clear header and a body. Pure; read and written by agent, server, console and verifier.

Body of DATA: an SFrame ciphertext whose extra authenticated data is the header (`sealing`). Body of every other type:
JSON of one struct below and a 64-byte Ed25519 signature of the device key over header and JSON. Layout, big endian:

    version u8 | type u8 | track u8 | flags u8 | epoch u32 | sequence u64 | media_time_us u64 | session 16 bytes
    | body_length u32

Sequences count from 0 per track without holes; the signed records form a track of their own (LEDGER).
"""

import hashlib
import struct
from enum import IntEnum, IntFlag

import msgspec

from exam_protocol import codec
from exam_protocol.errors import ProtocolError
from exam_protocol.signing import DOMAIN_RECORD, Signer, verify

HEADER = struct.Struct(">BBBBIQQ16sI")
HEADER_BYTES = 44
SIGNATURE_BYTES = 64
RECORD_VERSION = 1


class RecordType(IntEnum):
    OPEN = 1
    EPOCH = 2
    DATA = 3
    CHECK = 4
    GAP = 5
    END = 6
    STATE = 7


class Track(IntEnum):
    CONTROL = 0  # chat, commands received, their results
    SCREEN = 1
    WEBCAM = 2
    AUDIO = 3
    FLAGS = 4
    LOG = 5  # session log: consent, checks, states
    CAMERA2 = 6
    IDENTITY = 7  # identity pictures and room scan
    SCREEN_SMALL = 8
    WEBCAM_SMALL = 9
    SCREEN_2 = 10  # further displays, where an exam allows them
    SCREEN_2_SMALL = 11
    SCREEN_3 = 12
    SCREEN_3_SMALL = 13
    LEDGER = 255  # the signed records


class Lane(IntEnum):
    """Two ordered streams, each on a connection of its own, so that a word never waits behind a picture."""

    CONTROL = 0
    MEDIA = 1


SCREEN_TRACKS = (
    (Track.SCREEN, Track.SCREEN_SMALL), (Track.SCREEN_2, Track.SCREEN_2_SMALL), (Track.SCREEN_3, Track.SCREEN_3_SMALL),
)  # fmt: skip
"""Of each display in turn: the full layer, the small one."""

SMALL_TRACKS = frozenset({Track.WEBCAM_SMALL, *(small for _, small in SCREEN_TRACKS)})
"""What a proctor sees live of everybody."""

MEDIA_TRACKS = frozenset({Track.WEBCAM, Track.AUDIO, Track.CAMERA2, Track.WEBCAM_SMALL}.union(*SCREEN_TRACKS))


def lane_of(track: int) -> Lane:
    return Lane.MEDIA if track in MEDIA_TRACKS else Lane.CONTROL


class RecordFlag(IntFlag):
    NONE = 0
    KEY_FRAME = 1  # decoding can start here


class Header(msgspec.Struct, frozen=True):
    type: RecordType
    track: int
    flags: int
    epoch: int
    sequence: int
    media_time_us: int  # since the session's zero, see Open.wall_ms
    session_id: bytes
    body_length: int

    def pack(self) -> bytes:
        return HEADER.pack(
            RECORD_VERSION, self.type, self.track, self.flags, self.epoch, self.sequence, self.media_time_us,
            self.session_id, self.body_length,
        )  # fmt: skip


def parse_header(data: bytes) -> Header:
    """The header of a record. Raises ProtocolError `damaged` or `version_too_new`; does not look at the body."""
    if len(data) < HEADER_BYTES:
        raise ProtocolError("damaged", "A record is shorter than its header.")
    version, kind, track, flags, epoch, sequence, media_time_us, session_id, length = HEADER.unpack_from(data)
    if version != RECORD_VERSION:
        raise ProtocolError("version_too_new", f"A record has version {version}; this build reads {RECORD_VERSION}.")
    try:
        record_type, known_track = RecordType(kind), Track(track)
    except ValueError as error:
        raise ProtocolError("damaged", f"A record has type {kind} on track {track}.") from error
    if (record_type is RecordType.DATA) == (known_track is Track.LEDGER):
        raise ProtocolError("damaged", f"A record of type {record_type.name} stands on track {known_track.name}.")
    return Header(record_type, known_track, flags, epoch, sequence, media_time_us, session_id, length)


def split(record: bytes) -> tuple[Header, bytes]:
    """Header and body. Raises ProtocolError `damaged` where the length does not fit, `too_large` above 8 MiB."""
    if len(record) > codec.MAX_RECORD_BYTES:
        raise ProtocolError("too_large", f"A record of {len(record)} bytes arrived.")
    header = parse_header(record)
    if len(record) != HEADER_BYTES + header.body_length:
        raise ProtocolError("damaged", "A record's length does not match its header.")
    return header, record[HEADER_BYTES:]


# --- signed records: bodies -----------------------------------------------------------------------------------------


class Wrap(msgspec.Struct, frozen=True):
    """An epoch key sealed to one recipient by HPKE (80 bytes)."""

    recipient: str
    sealed: bytes


class TrackHead(msgspec.Struct, frozen=True):
    """Chain head of a track after `next_sequence` records."""

    track: int
    next_sequence: int
    head: bytes


class Open(msgspec.Struct, frozen=True, tag="open"):
    session_id: bytes
    ticket_hash: bytes
    device_key: bytes
    wrap_key: bytes  # X25519: proctors seal commands to it
    build: str
    machine: str  # "linux/x11", or "simulated": said, never hidden
    package_hash: bytes
    roster_version: int
    wall_ms: int  # Unix time at media time zero
    zone: str


class Epoch(msgspec.Struct, frozen=True, tag="epoch"):
    epoch: int
    commitment: bytes
    heads: tuple[TrackHead, ...]
    roster_version: int
    roster_hash: bytes
    wraps: tuple[Wrap, ...]


class Marks(msgspec.Struct, frozen=True):
    """The first 4 bytes of SHA-256 of each record of a track from `first` on, one after the other.

    A head proves that nothing changed; marks let a verifier without keys say which record did.
    """

    track: int
    first: int
    digests: bytes


class Check(msgspec.Struct, frozen=True, tag="check", omit_defaults=True):
    heads: tuple[TrackHead, ...]
    wall_ms: int
    marks: tuple[Marks, ...] = ()  # of the records since the checkpoint before; absent in JSON when empty


class Gap(msgspec.Struct, frozen=True, tag="gap"):
    """A declared hole: records first..last of a track (none if last < first) are missing or were never made.

    `hashes` are SHA-256 of the missing records, where the agent still knows them, so that the chain goes on.
    """

    track: int
    first: int
    last: int
    hashes: tuple[bytes, ...]
    from_us: int
    to_us: int
    reason: str  # disk_full, damaged, muted_by_policy, device_lost, restarted


class End(msgspec.Struct, frozen=True, tag="end"):
    heads: tuple[TrackHead, ...]
    reason: str
    restored: bool
    wall_ms: int


class State(msgspec.Struct, frozen=True, tag="state"):
    """What the server must know of a session: joined, waiting, admitted, running, paused, ended."""

    state: str
    reason: str
    wall_ms: int


Signed = Open | Epoch | Check | Gap | End | State
_TYPE_OF: dict[type, RecordType] = {
    Open: RecordType.OPEN, Epoch: RecordType.EPOCH, Check: RecordType.CHECK,
    Gap: RecordType.GAP, End: RecordType.END, State: RecordType.STATE,
}  # fmt: skip


def sign_record(
    body: Signed, signer: Signer, *, session_id: bytes, epoch: int, sequence: int, media_time_us: int
) -> bytes:
    """A whole signed record on the LEDGER track."""
    text = codec.encode(body)
    header = Header(
        _TYPE_OF[type(body)], Track.LEDGER, 0, epoch, sequence, media_time_us, session_id, len(text) + SIGNATURE_BYTES
    ).pack()
    return header + text + signer.sign(DOMAIN_RECORD, header + text)


def read_signed(record: bytes, device_key: bytes | None) -> tuple[Header, Signed]:
    """Header and body of a signed record whose signature holds.

    `device_key` None reads the key from the record itself, which only OPEN carries. Raises ProtocolError `damaged`,
    `bad_signature`.
    """
    header, body = split(record)
    if header.type is RecordType.DATA or len(body) < SIGNATURE_BYTES:
        raise ProtocolError("damaged", "A signed record was expected.")
    text, signature = body[:-SIGNATURE_BYTES], body[-SIGNATURE_BYTES:]
    value: Signed = codec.decode(text, Signed, limit_bytes=codec.MAX_RECORD_BYTES)
    if _TYPE_OF[type(value)] is not header.type:
        raise ProtocolError("damaged", "A signed record's type does not match its content.")
    if device_key is None:
        if not isinstance(value, Open):
            raise ProtocolError("damaged", "The first record of a session is OPEN.")
        device_key = value.device_key
    verify(device_key, DOMAIN_RECORD, record[: HEADER_BYTES + len(text)], signature)
    return header, value


# --- sealed records: what is inside -----------------------------------------------------------------------------------

MEDIA = struct.Struct(">BBHH")
MEDIA_BYTES = 6


class Codec(IntEnum):
    H264 = 1  # Annex B, parameter sets in band
    OPUS = 2


class Media(msgspec.Struct, frozen=True):
    """Plaintext of a media record: one encoded frame. Sound: width is channels, height is sample rate / 100."""

    codec: Codec
    width: int
    height: int
    data: bytes


def pack_media(media: Media) -> bytes:
    return MEDIA.pack(media.codec, 0, media.width, media.height) + media.data


def unpack_media(plaintext: bytes) -> Media:
    """Raises ProtocolError `damaged`."""
    if len(plaintext) < MEDIA_BYTES:
        raise ProtocolError("damaged", "A media record is shorter than its head.")
    kind, _, width, height = MEDIA.unpack_from(plaintext)
    try:
        return Media(Codec(kind), width, height, plaintext[MEDIA_BYTES:])
    except ValueError as error:
        raise ProtocolError("damaged", f"A media record has codec {kind}.") from error


class ChatEntry(msgspec.Struct, frozen=True, tag="chat", tag_field="kind"):
    sender: str  # "candidate", or the proctor's id
    text: str
    message_id: str
    at_ms: int


class CommandEntry(msgspec.Struct, frozen=True, tag="command", tag_field="kind"):
    """A proctor's command as it arrived and was shown; the signed original is kept by hash. No access codes here."""

    command_id: str
    command: str  # chat, admit, ask_again, intervention, pause, resume, end, refuse, flag_decision, raise_flag
    proctor: str
    text: str
    code: str  # intervention code, the step asked again, or the sequence of the flag that is decided
    level: str  # reminder, warning, final; confirmed, dismissed; or the severity of a flag that was raised
    document_hash: bytes
    at_ms: int


class ResultEntry(msgspec.Struct, frozen=True, tag="result", tag_field="kind"):
    """The answer to a command: delivered, acknowledged, done or refused(code)."""

    command_id: str
    outcome: str
    code: str
    at_ms: int


class RecordSpan(msgspec.Struct, frozen=True):
    """Records `first` to `last` of a track, `first` a key frame where the track has such."""

    track: int
    first: int
    last: int


class FlagEntry(msgspec.Struct, frozen=True, tag="flag", tag_field="kind"):
    """`evidence`: the records in which what is flagged can be seen or heard; nothing else is kept of it."""

    code: str
    severity: str
    reason: str  # one sentence in words
    count: int
    from_us: int
    to_us: int
    numbers: dict[str, float] = {}
    evidence: tuple[RecordSpan, ...] | msgspec.UnsetType = msgspec.UNSET


class LogEntry(msgspec.Struct, frozen=True, tag="log", tag_field="kind"):
    event: str
    detail: str
    at_ms: int


class ConsentEntry(msgspec.Struct, frozen=True, tag="consent", tag_field="kind", omit_defaults=True):
    """`items`: what was agreed to, stage by stage; where it was not accepted, the stage that was refused."""

    accepted: bool
    text_version: str
    language: str
    at_ms: int
    items: tuple[str, ...] = ()  # screen, webcam, audio, id_card, room, events, chat, statement


CheckWord = float | str | tuple[str, ...]


class CheckRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """`advice`: which sentence `remedy` is, so that a page can say it in another language; `advice_values`: what stands
    in that sentence, in the threshold and in a value in words."""

    code: str
    outcome: str  # pass, warn, fail, person, unmeasured
    value: float | str | None
    unit: str
    threshold: str
    remedy: str
    advice: str = ""
    advice_values: dict[str, CheckWord] = {}


class ChecksEntry(msgspec.Struct, frozen=True, tag="checks", tag_field="kind"):
    rows: tuple[CheckRow, ...]
    at_ms: int


class PictureEntry(msgspec.Struct, frozen=True, tag="picture", tag_field="kind"):
    """One picture of the identity document ("id_card"), of the room ("room", index of total), or of a sheet of scratch
    paper after the exam ("paper", `attempt` is the number of the sheet)."""

    step: str
    attempt: int
    index: int
    total: int
    media_type: str
    data: bytes
    at_ms: int


class RestoreEntry(msgspec.Struct, frozen=True, tag="restore", tag_field="kind"):
    """How the computer was given back: one line per measure."""

    restored: bool
    measures: dict[str, str]
    at_ms: int


class ReportEntry(msgspec.Struct, frozen=True, tag="report", tag_field="kind", omit_defaults=True):
    """What a candidate reported: a problem with the program, or something about the place they sit in. A part that they
    struck out, or that was not asked for, is empty, and absent in JSON."""

    number: str  # what the candidate was told, see `report_number`
    report_id: str
    about: str  # problem; of the place: heat, noise, person, light, power, other
    at_ms: int
    text: str = ""
    unusable: bool = False  # the candidate says that they cannot go on
    noticed_ms: int = 0
    server_url: str = ""
    candidate_id: str = ""
    facts: dict[str, str] = {}  # of the session: phase, link, what waits, build
    picture: bytes = b""  # JPEG of the exam screen, taken at a click and seen before it was sent


def report_number(session_id: bytes, report_id: str) -> str:
    """What a candidate quotes ("R-7F3A-21"). It follows from the record, so that who has that can find it."""
    digits = hashlib.sha256(b"report/v1" + session_id + report_id.encode()).hexdigest()[:6].upper()
    return f"R-{digits[:4]}-{digits[4:]}"


class SurveyEntry(msgspec.Struct, frozen=True, tag="survey", tag_field="kind"):
    """A candidate's answers after the exam, 1 to 5; 0 and "" where left out. No part of any result."""

    ease: int  # how easy the way to the exam was
    understood: int  # how well it was understood what is recorded
    words: str
    at_ms: int


Entry = (
    ChatEntry
    | CommandEntry
    | ResultEntry
    | FlagEntry
    | LogEntry
    | ConsentEntry
    | ChecksEntry
    | PictureEntry
    | RestoreEntry
    | ReportEntry
    | SurveyEntry
)
