"""Which commands are obeyed: every field a forger could touch, one at a time."""

from dataclasses import dataclass, field

import msgspec
import pytest

from candidate_agent.uplink.commands import Accepted, CommandGate, Counters, Rejected
from exam_protocol import codec
from exam_protocol.errors import ProtocolError
from exam_protocol.keys import WrapKey, command_info, seal
from exam_protocol.messages import ChatBody, Command, EndBody, ResumeBody
from exam_protocol.policy import ExamPackage, Roster, RosterEntry
from exam_protocol.signing import (
    DOMAIN_COMMAND,
    DOMAIN_RECEIPT,
    DOMAIN_ROSTER,
    SignedDocument,
    SigningKey,
    sign_document,
)

NOW_MS = 1_700_000_000_000
SESSION = b"s" * 16
OFFICE, ADA, LEAD, ARCHIVE, LATE, STRANGER = (SigningKey.generate() for _ in range(6))
AGENT = WrapKey.generate()
PACKAGE = ExamPackage("exam", "Exam", "School", "https://x", bytes(32), OFFICE.public_key, (), "", "1", "", "", 0, 1, 2)


def entry(name: str, key: SigningKey, role: str = "proctor", from_ms: int = 0) -> RosterEntry:
    return RosterEntry(name, name.title(), role, key.public_key, bytes(32), from_ms, NOW_MS + 3_600_000)


ENTRIES = (
    entry("ada", ADA), entry("lead", LEAD, "lead"), entry("archive", ARCHIVE, "archive"),
    entry("late", LATE, from_ms=NOW_MS + 60_000),
)  # fmt: skip


def roster(version: int = 1, entries: tuple[RosterEntry, ...] = ENTRIES, exam: str = "exam") -> SignedDocument:
    return sign_document(OFFICE, DOMAIN_ROSTER, codec.encode(Roster(version, exam, entries)))


@dataclass
class Kept:
    counters: dict[str, int] = field(default_factory=dict)

    def gate(self) -> CommandGate:
        gate = CommandGate(
            PACKAGE, SESSION, AGENT, lambda: NOW_MS,
            Counters(lambda name: self.counters.get(name, 0), self.counters.__setitem__),
        )  # fmt: skip
        gate.set_roster(roster())
        return gate


def command(body: object = ChatBody("hello"), **changes: object) -> Command:
    plain = codec.encode(body)
    counter = changes.get("counter", 1)
    assert isinstance(counter, int)
    good = Command(
        "c1", SESSION, counter, NOW_MS - 1000, NOW_MS + 29_000, "ada", "chat",
        seal(AGENT.public_key, plain, command_info(SESSION, counter)),
    )  # fmt: skip
    return msgspec.structs.replace(good, **changes)


def signed(command: Command, key: SigningKey = ADA, domain: bytes = DOMAIN_COMMAND) -> SignedDocument:
    return sign_document(key, domain, codec.encode(command))


def test_a_genuine_command_is_opened_with_who_gave_it() -> None:
    opened = Kept().gate().open(signed(command()))
    assert isinstance(opened, Accepted)
    assert (opened.body, opened.proctor.id, opened.command.command_id) == (ChatBody("hello"), "ada", "c1")
    assert len(opened.document_hash) == 32


@pytest.mark.parametrize(("name", "key"), [("ada", ADA), ("lead", LEAD)])
def test_proctors_and_leads_may_command(name: str, key: SigningKey) -> None:
    assert isinstance(Kept().gate().open(signed(command(proctor=name), key)), Accepted)


good_seal = command().sealed
FORGERIES = {
    "signed by a stranger": (signed(command(), STRANGER), "foreign_signer"),
    "signed by another proctor in this one's name": (signed(command(), LEAD), "foreign_signer"),
    "by somebody who is not in the roster": (signed(command(proctor="eve"), STRANGER), "foreign_signer"),
    "by somebody who is not on duty yet": (signed(command(proctor="late"), LATE), "foreign_signer"),
    "signed in another domain": (signed(command(), domain=DOMAIN_RECEIPT), "foreign_signer"),
    "by the archive": (signed(command(proctor="archive"), ARCHIVE), "role_may_not"),
    "for another session": (signed(command(session_id=b"t" * 16)), "wrong_session"),
    "expired": (signed(command(issued_ms=NOW_MS - 31_000, expires_ms=NOW_MS - 1)), "expired"),
    "with a longer life than a command has": (
        signed(command(issued_ms=NOW_MS - 31_000, expires_ms=NOW_MS + 9_999_999)), "expired",
    ),
    "from the far future": (signed(command(issued_ms=NOW_MS + 60_000, expires_ms=NOW_MS + 90_000)), "expired"),
    "with counter zero": (signed(command(counter=0)), "replayed"),
    "sealed under another counter": (signed(command(sealed=good_seal, counter=2)), "unreadable"),
    "sealed to another agent": (
        signed(command(sealed=seal(WrapKey.generate().public_key, b"{}", command_info(SESSION, 1)))), "unreadable",
    ),
    "whose clear kind hides another": (signed(command(EndBody("now"), kind="chat")), "unreadable"),
    "of a kind nobody knows": (signed(command({"kind": "dance"}, kind="dance")), "unreadable"),
    "with nothing sealed": (signed(command(sealed=b"")), "unreadable"),
    "with noise for content": (signed(command(sealed=b"x" * 80)), "unreadable"),
    "that is no command": (sign_document(ADA, DOMAIN_COMMAND, b"[]"), "unreadable"),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_is_refused_with_its_code_and_uses_up_no_counter(name: str) -> None:
    document, code = FORGERIES[name]
    kept = Kept()
    opened = kept.gate().open(document)
    assert opened == Rejected(code, "" if name == "that is no command" else "c1")
    assert kept.counters == {}


@pytest.mark.parametrize("at", ["payload", "signature"])
def test_a_flipped_bit_anywhere_is_refused(at: str) -> None:
    gate, good = Kept().gate(), signed(command())
    for index in range(len(getattr(good, at))):
        data = bytearray(getattr(good, at))
        data[index] ^= 1
        assert isinstance(gate.open(msgspec.structs.replace(good, **{at: bytes(data)})), Rejected)
    assert isinstance(gate.open(good), Accepted)


def test_a_command_counts_once_also_over_a_restart_and_for_each_proctor_alone() -> None:
    kept = Kept()
    gate = kept.gate()
    assert isinstance(gate.open(signed(command(counter=5))), Accepted)
    assert gate.open(signed(command(counter=5))) == Rejected("replayed", "c1")
    assert kept.gate().open(signed(command(counter=4))) == Rejected("replayed", "c1")
    assert isinstance(kept.gate().open(signed(command(proctor="lead", counter=1), LEAD)), Accepted)
    resume = command(ResumeBody("go on"), counter=6, kind="resume")
    assert isinstance(kept.gate().open(signed(resume)), Accepted)


def test_without_a_roster_nobody_may_command() -> None:
    gate = CommandGate(PACKAGE, SESSION, AGENT, lambda: NOW_MS, Counters(lambda _: 0, lambda _name, _count: None))
    assert gate.open(signed(command())) == Rejected("foreign_signer", "c1")


def test_who_left_the_roster_may_command_no_more() -> None:
    gate = Kept().gate()
    gate.set_roster(roster(2, ENTRIES[1:]))
    assert gate.open(signed(command())) == Rejected("foreign_signer", "c1")


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (sign_document(STRANGER, DOMAIN_ROSTER, roster(3).payload), "foreign_key"),
        (roster(3, exam="another"), "wrong_exam"),
        (roster(1), "roster_old"),
        (roster(2, ENTRIES[:1]), "roster_old"),
    ],
)
def test_a_roster_is_taken_only_from_the_office_and_only_newer(document: SignedDocument, code: str) -> None:
    gate = Kept().gate()
    gate.set_roster(roster(2))
    with pytest.raises(ProtocolError) as caught:
        gate.set_roster(document)
    assert caught.value.code == code
    assert gate.set_roster(roster(2)) == gate.roster
