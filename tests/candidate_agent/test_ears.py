"""What the server says is believed as far as it is signed and agrees with what was recorded here."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from candidate_agent.base.errors import StorageError
from candidate_agent.capture.events import EncoderBehind, FindingsStopped, MicrophoneSwitched, SoundBack
from candidate_agent.ears import Ears
from candidate_agent.session import events as ev
from candidate_agent.uplink.sender import ReceiptReceived, RosterReceived
from exam_protocol import catalogue, codec
from exam_protocol.messages import Receipt, TrackDurable
from exam_protocol.records import Track, TrackHead
from exam_protocol.signing import DOMAIN_RECEIPT, SignedDocument, SigningKey, sign_document

SERVER, SESSION = SigningKey.generate(), b"s" * 16
HEADS = (TrackHead(Track.SCREEN, 10, b"h" * 32), TrackHead(Track.FLAGS, 2, b"f" * 32), TrackHead(255, 9, b"l" * 32))
ROSTER = SignedDocument(b"1", bytes(32), bytes(64))


@dataclass
class Desk:
    damaged: int = 0
    posted: list[ev.Event] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    epochs: int = 0
    epoch_fails: bool = False

    def __post_init__(self) -> None:
        self.heard_ms: list[int] = []
        self.flags: list[str] = []
        parts = SimpleNamespace(
            spool=SimpleNamespace(heads=lambda: HEADS),
            recorder=SimpleNamespace(damaged_records=lambda: self.damaged),
        )
        uplink = SimpleNamespace(server_clock=SimpleNamespace(heard=self.heard_ms.append))
        self.flags: list[tuple[str, str]] = []
        self.noted: list[object] = []
        hands: Any = SimpleNamespace(
            parts=parts, uplink=uplink, enrolling=SimpleNamespace(new_epoch=self.new_epoch),
            looking=SimpleNamespace(note=self.noted.append), raise_flag=lambda *flag: self.flags.append(flag),
        )  # fmt: skip
        join: Any = SimpleNamespace(
            package=SimpleNamespace(server_key=SERVER.public_key),
            file=SimpleNamespace(session_id=SESSION, roster=ROSTER), keep=lambda **changes: True,
        )  # fmt: skip
        gate: Any = SimpleNamespace(set_roster=lambda document: None)
        log: Any = SimpleNamespace(line=lambda event, **fields: self.lines.append(event))
        self.ears = Ears(join, gate, hands, self.posted.append, log)

    def new_epoch(self) -> None:
        self.epochs += 1
        if self.epoch_fails:
            raise StorageError("disk_full", "The disk is full.")

    def receive(self, *tracks: TrackDurable, session: bytes = SESSION, key: SigningKey = SERVER) -> None:
        receipt = Receipt(session, tracks, True, 5)
        self.ears.uplink(ReceiptReceived(sign_document(key, DOMAIN_RECEIPT, codec.encode(receipt))))


def durable(*heads: TrackHead) -> tuple[TrackDurable, ...]:
    return tuple(TrackDurable(head.track, head.next_sequence, head.head) for head in heads)


def test_a_receipt_for_everything_completes_the_session_and_tells_the_time() -> None:
    desk = Desk()
    desk.receive(*durable(*HEADS))
    assert desk.posted == [ev.ReceiptArrived(True)] and desk.heard_ms == [5]


SCREEN, FLAGS, LEDGER = HEADS
FALSE = {
    "with a track left out": durable(SCREEN, LEDGER),
    "with a record left out": durable(TrackHead(Track.SCREEN, 9, b"x" * 32), FLAGS, LEDGER),
    "with other records": durable(TrackHead(Track.SCREEN, 10, b"x" * 32), FLAGS, LEDGER),
    "with more than there was": durable(TrackHead(Track.SCREEN, 11, b"x" * 32), FLAGS, LEDGER),
    "with nothing": (),
}


@pytest.mark.parametrize("tracks", FALSE.values(), ids=FALSE)
def test_a_receipt_that_calls_itself_complete_is_not_believed(tracks: tuple[TrackDurable, ...]) -> None:
    desk = Desk()
    desk.receive(*tracks)
    assert desk.posted == [ev.ReceiptArrived(False)] and desk.lines == ["receipt_disagrees"]


def test_what_was_declared_damaged_may_be_missing_from_the_receipt() -> None:
    desk = Desk(damaged=1)
    desk.receive(*durable(TrackHead(Track.SCREEN, 9, b"x" * 32), FLAGS, LEDGER))
    assert desk.posted == [ev.ReceiptArrived(True)]


def test_a_receipt_of_another_session_or_server_is_passed_over() -> None:
    desk = Desk()
    desk.receive(*durable(*HEADS), session=b"t" * 16)
    desk.receive(*durable(*HEADS), key=SigningKey.generate())
    assert desk.posted == [] and desk.heard_ms == []


def test_the_roster_that_is_in_use_begins_no_epoch_and_another_one_does() -> None:
    desk = Desk()
    desk.ears.uplink(RosterReceived(ROSTER))
    assert desk.epochs == 0
    desk.ears.uplink(RosterReceived(SignedDocument(b"2", bytes(32), bytes(64))))
    assert desk.epochs == 1


def test_an_epoch_that_finds_no_room_does_not_break_the_line() -> None:
    desk = Desk(epoch_fails=True)
    desk.ears.uplink(RosterReceived(SignedDocument(b"2", bytes(32), bytes(64))))
    assert desk.epochs == 1 and desk.lines == ["epoch_put_off"]


def test_what_cannot_be_looked_for_any_more_is_a_technical_flag_with_its_reason() -> None:
    desk = Desk()
    stopped = FindingsStopped("objects", "Nothing is looked for in the group objects. The model file is not there.")
    desk.ears.capture(stopped)
    assert desk.flags == [("FINDINGS_STOPPED", stopped.reason)]
    assert catalogue.FLAGS["FINDINGS_STOPPED"].severity is catalogue.Severity.TECHNICAL


def test_who_looks_hears_what_the_recording_says_of_itself() -> None:
    desk = Desk()
    desk.ears.capture(EncoderBehind(Track.SCREEN, "superfast"))
    assert desk.noted == [EncoderBehind(Track.SCREEN, "superfast")] and desk.flags == []


def test_another_microphone_is_a_flag_and_its_return_is_none() -> None:
    desk = Desk()
    desk.ears.capture(MicrophoneSwitched())
    desk.ears.capture(SoundBack())
    assert [code for code, _ in desk.flags] == ["MICROPHONE_SWITCHED"] and desk.lines == ["capture", "capture"]
