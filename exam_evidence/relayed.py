"""Commands of proctors and receipts of the server as relayed: each line is signed on its own. Used by `verify`."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from exam_evidence.bundle import BundleReader
from exam_evidence.findings import Finding
from exam_protocol import codec, policy
from exam_protocol.errors import ProtocolError
from exam_protocol.messages import COMMAND_LIFETIME_MS, Command, Receipt
from exam_protocol.policy import Roster, RosterEntry
from exam_protocol.signing import DOMAIN_COMMAND, DOMAIN_RECEIPT, SignedDocument

ROLES_THAT_COMMAND = ("proctor", "lead")
KINDS = (
    "chat", "admit", "refuse", "ask_again", "intervention", "pause", "resume", "end", "flag_decision", "raise_flag",
)  # fmt: skip


class CommandRow(msgspec.Struct, frozen=True):
    """What is clear of a command; its words are sealed to the candidate's machine."""

    command_id: str
    kind: str
    proctor: str
    issued_ms: int
    document_hash: bytes
    valid: bool


@dataclass(slots=True)
class Relayed:
    commands: list[CommandRow] = field(default_factory=list)
    receipts: list[tuple[int, Receipt]] = field(default_factory=list)  # (line, receipt)
    findings: list[Finding] = field(default_factory=list)


def read_relayed(reader: BundleReader, session_id: bytes, server_key: bytes, rosters: dict[int, Roster]) -> Relayed:
    relayed = Relayed()
    counters: dict[str, int] = {}
    for line, document in _documents(reader, "commands.jsonl", relayed.findings):
        _command(relayed, line, document, session_id, rosters, counters)
    for line, document in _documents(reader, "receipts.jsonl", relayed.findings):
        _receipt(relayed, line, document, session_id, server_key)
    return relayed


def _documents(reader: BundleReader, name: str, findings: list[Finding]) -> Iterator[tuple[int, SignedDocument]]:
    data = reader.small(name)
    if data is None:
        findings.append(Finding("file_missing", f"The bundle holds no {name}.", name))
    for number, line in enumerate((data or b"").splitlines(), 1):
        if not line.strip():
            continue
        try:
            yield number, codec.decode(line, SignedDocument)
        except ProtocolError as error:
            findings.append(Finding(f"{_noun(name)}_damaged", error.text, name, line=number))


def _command(
    relayed: Relayed, line: int, document: SignedDocument, session_id: bytes, rosters: dict[int, Roster],
    counters: dict[str, int],
) -> None:  # fmt: skip
    try:
        command: Command = codec.decode(document.payload, Command)
    except ProtocolError as error:
        relayed.findings.append(Finding("command_damaged", error.text, "commands.jsonl", line=line))
        return
    try:
        _authorise(command, document, session_id, rosters, counters)
        valid = True
        counters[command.proctor] = command.counter
    except ProtocolError as error:
        valid = False
        relayed.findings.append(Finding(f"command_{error.code}", error.text, "commands.jsonl", line=line))
    relayed.commands.append(
        CommandRow(
            command.command_id, command.kind, command.proctor, command.issued_ms, policy.document_hash(document), valid
        )
    )


def _authorise(
    command: Command, document: SignedDocument, session_id: bytes, rosters: dict[int, Roster], counters: dict[str, int]
) -> None:
    """Raises ProtocolError: who may say what, to whom, when, and only once."""
    entries = [e for r in rosters.values() for e in r.entries if e.id == command.proctor]
    if not any(entry.sign_key == document.key for entry in entries):
        raise ProtocolError("foreign", f"No roster names this key for {command.proctor}.")
    document.open(DOMAIN_COMMAND, document.key)
    if command.session_id != session_id:
        raise ProtocolError("foreign", "A command belongs to another session.")
    if command.kind not in KINDS or not _on_duty(entries, document.key, command.issued_ms):
        raise ProtocolError("not_allowed", f"{command.proctor} was not entitled to {command.kind} at that time.")
    if not 0 < command.expires_ms - command.issued_ms <= COMMAND_LIFETIME_MS:
        raise ProtocolError("lifetime", "A command lasts longer than 30 seconds, or ends before it starts.")
    if command.counter <= counters.get(command.proctor, -1):
        raise ProtocolError("repeated", f"Command {command.counter} of {command.proctor} came again or out of order.")


def _on_duty(entries: list[RosterEntry], key: bytes, at_ms: int) -> bool:
    return any(
        entry.sign_key == key and entry.role in ROLES_THAT_COMMAND and entry.from_ms <= at_ms <= entry.until_ms
        for entry in entries
    )


def _receipt(relayed: Relayed, line: int, document: SignedDocument, session_id: bytes, server_key: bytes) -> None:
    try:
        receipt: Receipt = codec.decode(document.open(DOMAIN_RECEIPT, server_key), Receipt)
        if receipt.session_id != session_id:
            raise ProtocolError("foreign_key", "A receipt belongs to another session.")
    except ProtocolError as error:
        code = {"foreign_key": "receipt_foreign", "bad_signature": "receipt_changed"}.get(error.code, "receipt_damaged")
        relayed.findings.append(Finding(code, error.text, "receipts.jsonl", line=line))
        return
    relayed.receipts.append((line, receipt))


def _noun(name: str) -> str:
    return name.removesuffix("s.jsonl")
