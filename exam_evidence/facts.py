"""What an integrity report says, gathered from the opened control lane; pictures and movies are not looked at.

Called by `cli`; `report` draws it.
"""

from dataclasses import dataclass, field

from exam_evidence.bundle import BundleReader
from exam_evidence.findings import Finding
from exam_evidence.ledger import read_ledger, session_id_of
from exam_evidence.opening import OpenedRecord, Reader, make_opener, open_lane
from exam_evidence.trust import read_package
from exam_evidence.verify import Verdict
from exam_protocol import codec
from exam_protocol.errors import ProtocolError
from exam_protocol.policy import ExamPackage
from exam_protocol.records import (
    ChatEntry,
    ChecksEntry,
    CommandEntry,
    ConsentEntry,
    Entry,
    FlagEntry,
    Lane,
    LogEntry,
    PictureEntry,
    RestoreEntry,
    ResultEntry,
)


@dataclass(slots=True)
class CommandStory:
    """A command of a proctor and what became of it. `relayed`: the server kept the same signed document."""

    entry: CommandEntry
    relayed: bool
    results: list[ResultEntry] = field(default_factory=list)

    def at_ms(self, outcome: str) -> int:
        """When it was answered so, 0 if never."""
        return next((result.at_ms for result in self.results if result.outcome == outcome), 0)


@dataclass(slots=True)
class FlagStory:
    """A flag, its place on the FLAGS track, and what proctors decided about it: the last decision counts."""

    entry: FlagEntry
    sequence: int
    decisions: list[CommandEntry] = field(default_factory=list)


@dataclass(slots=True)
class Facts:
    package: ExamPackage
    verdict: Verdict
    reader_id: str
    consents: list[ConsentEntry] = field(default_factory=list)
    checks: list[ChecksEntry] = field(default_factory=list)
    id_card_attempts: int = 0
    room_pictures: int = 0
    paper_sheets: int = 0
    commands: dict[str, CommandStory] = field(default_factory=dict)
    flags: list[FlagStory] = field(default_factory=list)
    stray_decisions: list[CommandEntry] = field(default_factory=list)  # about flags that are not in the record
    log: list[LogEntry] = field(default_factory=list)
    chat_from_candidate: int = 0
    chat_from_proctors: int = 0
    restore: RestoreEntry | None = None
    findings: list[Finding] = field(default_factory=list)  # records that did not open


def gather(reader: BundleReader, who: Reader, verdict: Verdict) -> Facts:
    """Raises EvidenceError `not_for_us`."""
    ledger = read_ledger(reader, session_id_of(reader, reader.manifest()))
    facts = Facts(read_package(reader), verdict, who.id)
    relayed = {row.document_hash for row in verdict.commands if row.valid}
    for record in open_lane(reader, Lane.CONTROL, ledger, make_opener(ledger, who), facts.findings):
        entry = _entry(record)
        if entry is not None:
            _add(facts, entry, relayed, record.header.sequence)
    _give_decisions(facts)
    return facts


def _give_decisions(facts: Facts) -> None:
    by_sequence = {str(story.sequence): story.decisions for story in facts.flags}
    for command in facts.commands.values():
        if command.entry.command == "flag_decision" and not command.at_ms("refused"):
            by_sequence.get(command.entry.code, facts.stray_decisions).append(command.entry)


def _entry(record: OpenedRecord) -> Entry | None:
    """None for an entry of a later version that this build cannot read."""
    try:
        entry: Entry = codec.decode(record.plaintext, Entry, limit_bytes=codec.MAX_RECORD_BYTES)
        return entry
    except ProtocolError:
        return None


def _add(facts: Facts, entry: Entry, relayed: set[bytes], sequence: int) -> None:
    match entry:
        case ConsentEntry():
            facts.consents.append(entry)
        case ChecksEntry():
            facts.checks.append(entry)
        case PictureEntry():
            facts.id_card_attempts += entry.step == "id_card"
            facts.room_pictures += entry.step == "room"
            facts.paper_sheets += entry.step == "paper"
        case CommandEntry():
            facts.commands[entry.command_id] = CommandStory(entry, entry.document_hash in relayed)
            facts.chat_from_proctors += entry.command == "chat"
        case ResultEntry() if entry.command_id in facts.commands:
            facts.commands[entry.command_id].results.append(entry)
        case FlagEntry():
            facts.flags.append(FlagStory(entry, sequence))
        case LogEntry():
            facts.log.append(entry)
        case ChatEntry():
            facts.chat_from_candidate += entry.sender == "candidate"
        case RestoreEntry():
            facts.restore = entry
        case _:
            pass
