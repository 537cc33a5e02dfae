"""Whether a proctor's command may be obeyed: who signed it, for which session, when, and never twice.

`driver` asks for every command that the server relayed. The server is believed in nothing: it can drop and delay a
command, but neither make, change, repeat nor keep one for later. What this lets through still has to fit the session.
"""

from collections.abc import Callable
from dataclasses import dataclass

from exam_protocol import codec
from exam_protocol import messages as m
from exam_protocol.errors import ProtocolError
from exam_protocol.keys import WrapKey, command_info
from exam_protocol.messages import Command, CommandBody
from exam_protocol.policy import ExamPackage, Roster, RosterEntry, document_hash, on_duty, open_roster
from exam_protocol.signing import DOMAIN_COMMAND, SignedDocument

MAY_COMMAND = frozenset({"proctor", "lead"})


@dataclass(frozen=True, slots=True)
class Accepted:
    command: Command
    body: CommandBody
    proctor: RosterEntry
    document_hash: bytes


@dataclass(frozen=True, slots=True)
class Rejected:
    """foreign_signer, role_may_not, wrong_session, replayed, expired, unreadable. `command_id` "" where unknown."""

    code: str
    command_id: str


@dataclass(frozen=True, slots=True)
class Counters:
    """The last counter seen of each proctor, kept durably by the caller: read at the start, written before obeying."""

    read: Callable[[str], int]
    write: Callable[[str, int], None]


class _No(Exception):
    """Why a command is not obeyed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class CommandGate:
    """`now_ms`: Unix milliseconds as the server counts them (`Uplink.server_clock`)."""

    def __init__(
        self, package: ExamPackage, session_id: bytes, wrap_key: WrapKey, now_ms: Callable[[], int], counters: Counters
    ) -> None:
        self._package, self._session_id, self._wrap_key = package, session_id, wrap_key
        self._now_ms, self._counters = now_ms, counters
        self._roster: Roster | None = None

    @property
    def roster(self) -> Roster | None:
        return self._roster

    def set_roster(self, document: SignedDocument) -> Roster:
        """Raises ProtocolError `foreign_key`, `bad_signature`, `damaged`, `wrong_exam`, `roster_old` (the version
        must rise; the same version again is fine if it is the same roster)."""
        roster = open_roster(document, self._package)
        if self._roster is not None and roster != self._roster and roster.version <= self._roster.version:
            raise ProtocolError("roster_old", "An older list of proctors arrived than the one in use.")
        self._roster = roster
        return roster

    def open(self, document: SignedDocument) -> Accepted | Rejected:
        command_id = ""
        try:
            command = _readable(document)
            command_id = command.command_id
            proctor = self._signer(document, command)
            self._belongs_here_and_now(command)
            body = self._unseal(command)
        except _No as no:
            return Rejected(no.code, command_id)
        self._counters.write(command.proctor, command.counter)
        return Accepted(command, body, proctor, document_hash(document))

    def _signer(self, document: SignedDocument, command: Command) -> RosterEntry:
        entries = on_duty(self._roster, self._now_ms()) if self._roster else ()
        mine = next((entry for entry in entries if entry.id == command.proctor), None)
        if mine is None:
            raise _No("foreign_signer")
        try:
            document.open(DOMAIN_COMMAND, mine.sign_key)
        except ProtocolError:
            raise _No("foreign_signer") from None
        if mine.role not in MAY_COMMAND:
            raise _No("role_may_not")
        return mine

    def _belongs_here_and_now(self, command: Command) -> None:
        if command.session_id != self._session_id:
            raise _No("wrong_session")
        now_ms = self._now_ms()
        last_ms = min(command.expires_ms, command.issued_ms + m.COMMAND_LIFETIME_MS)
        if not command.issued_ms - m.COMMAND_LIFETIME_MS <= now_ms <= last_ms:
            raise _No("expired")
        if command.counter <= self._counters.read(command.proctor):
            raise _No("replayed")

    def _unseal(self, command: Command) -> CommandBody:
        try:
            plain = self._wrap_key.open(command.sealed, command_info(self._session_id, command.counter))
            body: CommandBody = codec.decode(plain, CommandBody)
        except (ProtocolError, OverflowError):
            raise _No("unreadable") from None
        if body.__struct_config__.tag != command.kind:
            raise _No("unreadable")
        return body


def _readable(document: SignedDocument) -> Command:
    """Not believed yet: only read, to know whose signature to look for."""
    try:
        command: Command = codec.decode(document.payload, Command)
    except ProtocolError:
        raise _No("unreadable") from None
    return command
