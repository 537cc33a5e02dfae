"""Opens what a key may see: epochs unwrapped, each sealed record opened or named. Called by `cli`, `report`, `export`.

A damaged record is one finding; everything else is still opened.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from exam_evidence.bundle import BundleReader, Frame
from exam_evidence.findings import EvidenceError, Finding, track_name
from exam_evidence.identity import check_record, likely_name
from exam_evidence.ledger import Ledger
from exam_protocol import keyfile, keys
from exam_protocol.errors import ProtocolError
from exam_protocol.keys import WrapKey
from exam_protocol.records import Header, Lane, RecordType
from exam_protocol.sealing import EpochSealer

KEY_STATUS = 11


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who may open: the recipient id of rosters and packages, and the key."""

    id: str
    key: WrapKey


@dataclass(frozen=True, slots=True)
class OpenedRecord:
    header: Header
    position: int
    plaintext: bytes


@dataclass(slots=True)
class Opener:
    """The epochs that a reader's key opens. `shut` says, by epoch, why one does not."""

    sealers: dict[int, EpochSealer] = field(default_factory=dict)
    shut: dict[int, str] = field(default_factory=dict)

    def open(self, record: bytes) -> bytes:
        """Plaintext. Raises ProtocolError `damaged`, `not_for_us`, `bad_commitment`."""
        epoch = int.from_bytes(record[4:8], "big")
        if epoch not in self.sealers:
            raise ProtocolError(self.shut.get(epoch, "epoch_unknown"), f"This key does not open epoch {epoch}.")
        return self.sealers[epoch].open(record)[1]

    def fits(self, record: bytes) -> bool:
        """False only where the key is there and the record does not open with it."""
        try:
            self.open(record)
        except ProtocolError as error:
            return error.code != "damaged"
        return True


def read_key(path: Path, passphrase: str) -> Reader:
    """Raises EvidenceError `key_missing`, `key_file_damaged`, `passphrase_wrong`."""
    try:
        file = keyfile.parse(path.read_bytes())
        return Reader(file.id, keyfile.unlock(file, passphrase).wrap_key())
    except OSError as error:
        raise EvidenceError("key_missing", f"{path} cannot be read: {error.strerror}.", KEY_STATUS) from error
    except ProtocolError as error:
        raise EvidenceError(error.code, f"{path.name}: {error.text}", KEY_STATUS) from error


def make_opener(ledger: Ledger, who: Reader) -> Opener:
    """Raises EvidenceError `not_for_us` where not one epoch is for this key."""
    opener = Opener()
    for number, body in ledger.epochs().items():
        try:
            epoch_key = keys.unwrap_epoch(body, ledger.session_id, who.id, who.key)
            opener.sealers[number] = EpochSealer(ledger.session_id, number, epoch_key)
        except ProtocolError as error:
            opener.shut[number] = error.code
    if not opener.sealers:
        raise EvidenceError("not_for_us", f"Nothing in this bundle was sealed to {who.id} with this key.", KEY_STATUS)
    return opener


def open_lane(
    reader: BundleReader, lane: Lane, ledger: Ledger, opener: Opener, findings: list[Finding]
) -> Iterator[OpenedRecord]:
    """Opened records of a lane in order; what does not open is added to `findings`."""
    following: dict[int, int] = {}
    for frame in reader.lane(lane, ledger.session_id):
        if not isinstance(frame, Frame) or frame.is_hole:
            continue
        try:
            header = check_record(frame.record, ledger.session_id, frame.lane)
            if header.type is RecordType.DATA:
                yield OpenedRecord(header, frame.position, opener.open(frame.record))
            following[header.track] = header.sequence + 1
        except ProtocolError as error:
            findings.append(_finding(frame, error, following))


def _finding(frame: Frame, error: ProtocolError, following: dict[int, int]) -> Finding:
    name = likely_name(frame.record, following)
    code = "record_damaged" if error.code == "damaged" else f"record_{error.code}"
    file = f"lane{frame.lane}.records"
    if name is None:
        return Finding(code, error.text, file, position=frame.position)
    following[name[0]] = name[1] + 1
    return Finding(code, error.text, file, track=track_name(name[0]), sequence=name[1], position=frame.position)
