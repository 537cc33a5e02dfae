"""The signed records of a session: OPEN, EPOCH, CHECK, GAP, END, STATE, each with the device's signature. Used by all.

Read in a pass of its own over lane 0, because what they promise covers both lanes.
"""

from dataclasses import dataclass, field

from exam_evidence.bundle import BundleReader, Frame
from exam_protocol import codec
from exam_protocol.chain import MARK_BYTES
from exam_protocol.errors import ProtocolError
from exam_protocol.evidence import Bundle
from exam_protocol.records import (
    HEADER,
    HEADER_BYTES,
    SIGNATURE_BYTES,
    Check,
    End,
    Epoch,
    Gap,
    Header,
    Lane,
    Marks,
    Open,
    Signed,
    State,
    Track,
    TrackHead,
    read_signed,
)


@dataclass(frozen=True, slots=True)
class Entry:
    header: Header
    body: Signed


@dataclass(slots=True)
class Ledger:
    """`faults` holds, by lane position, why a signed record does not count."""

    session_id: bytes
    device_key: bytes = b""
    open: Open | None = None
    end: End | None = None
    end_sequence: int = -1
    entries: dict[int, Entry] = field(default_factory=dict)  # by lane position
    faults: dict[int, ProtocolError] = field(default_factory=dict)

    def bodies(self, kind: type) -> list[Entry]:
        return [entry for entry in self.entries.values() if isinstance(entry.body, kind)]

    def epochs(self) -> dict[int, Epoch]:
        return {e.body.epoch: e.body for e in self.entries.values() if isinstance(e.body, Epoch)}

    def gaps(self) -> list[Gap]:
        return [e.body for e in self.entries.values() if isinstance(e.body, Gap)]

    def states(self) -> list[State]:
        return [e.body for e in self.entries.values() if isinstance(e.body, State)]

    def promised_heads(self) -> list[TrackHead]:
        return [head for e in self.entries.values() if isinstance(e.body, Epoch | Check | End) for head in e.body.heads]

    def marks(self) -> list[Marks]:
        return [mark for e in self.entries.values() if isinstance(e.body, Check) for mark in e.body.marks]


class MarkIndex:
    """Looks up the first bytes of the hash that was promised for a record."""

    def __init__(self, marks: list[Marks]) -> None:
        self._by_track: dict[int, list[Marks]] = {}
        for mark in sorted(marks, key=lambda mark: (mark.track, mark.first)):
            self._by_track.setdefault(mark.track, []).append(mark)
        self._at: dict[int, int] = {}

    def of(self, track: int, sequence: int) -> bytes:
        """Empty where nothing was promised. Asked in rising order per track, it takes constant time."""
        marks, at = self._by_track.get(track, []), self._at.get(track, 0)
        while at < len(marks) and sequence >= marks[at].first + len(marks[at].digests) // MARK_BYTES:
            at += 1
        self._at[track] = at
        if at == len(marks) or sequence < marks[at].first:
            return b""
        start = (sequence - marks[at].first) * MARK_BYTES
        return marks[at].digests[start : start + MARK_BYTES]


def read_ledger(reader: BundleReader, session_id: bytes) -> Ledger:
    ledger = Ledger(session_id)
    for frame in reader.lane(Lane.CONTROL, session_id):
        if isinstance(frame, Frame) and _is_ledger(frame.record):
            _take(ledger, frame)
    if not ledger.entries and ledger.faults:
        first = min(ledger.faults)  # without a device key no signature says anything: that is one fault, not thousands
        ledger.faults = {first: ledger.faults[first]}
    return ledger


def session_id_of(reader: BundleReader, manifest: Bundle) -> bytes:
    """The session that OPEN names under its signature, or else the one bundle.json names."""
    said = bytes.fromhex(manifest.session_id) if _is_session_id(manifest.session_id) else b""
    for frame in reader.lane(Lane.CONTROL, said):
        if isinstance(frame, Frame):
            try:
                return read_signed(frame.record, None)[0].session_id
            except ProtocolError:
                return said
    return said


def _is_session_id(text: str) -> bool:
    return len(text) == 32 and all(c in "0123456789abcdef" for c in text)


def _is_ledger(record: bytes) -> bool:
    return len(record) >= HEADER_BYTES and HEADER.unpack_from(record)[2] == Track.LEDGER


def _take(ledger: Ledger, frame: Frame) -> None:
    try:
        if not ledger.device_key:
            ledger.device_key = _claimed_device_key(frame.record)
        header, body = read_signed(frame.record, ledger.device_key)
        _accept(ledger, header, body)
        ledger.entries[frame.position] = Entry(header, body)
    except ProtocolError as error:
        ledger.faults[frame.position] = error


def _accept(ledger: Ledger, header: Header, body: Signed) -> None:
    """Raises ProtocolError where a signed record stands where it cannot."""
    if header.session_id != ledger.session_id:
        raise ProtocolError("foreign_session", "A signed record belongs to another session.")
    if isinstance(body, Open):
        if ledger.open or header.sequence or body.session_id != ledger.session_id:
            raise ProtocolError("open_twice", "OPEN stands only once, first, and names its own session.")
        ledger.open = body
    elif isinstance(body, End):
        if ledger.end:
            raise ProtocolError("end_twice", "A session ends only once.")
        ledger.end, ledger.end_sequence = body, header.sequence


def _claimed_device_key(record: bytes) -> bytes:
    """The device key that OPEN names, even if OPEN's own signature fails: then only OPEN is at fault, not all."""
    body: Signed = codec.decode(record[HEADER_BYTES:-SIGNATURE_BYTES], Signed, limit_bytes=codec.MAX_RECORD_BYTES)
    if not isinstance(body, Open):
        raise ProtocolError("open_missing", "The first signed record of a session is OPEN.")
    return body.device_key
