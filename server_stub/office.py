"""What the exam office publishes: package, roster, tickets. The signature is the permission; nobody logs in for it."""

import msgspec

from exam_protocol import codec
from exam_protocol.errors import ProtocolError
from exam_protocol.policy import ExamPackage, Roster, document_hash, open_package, open_roster, open_ticket
from exam_protocol.signing import SignedDocument
from server_stub.bus import RosterPublished
from server_stub.clock import Clock
from server_stub.registry import Registry
from server_stub.store import Store


class _Exam(msgspec.Struct, frozen=True):
    """Only to find the package that says whose signature counts."""

    exam_id: str


class Office:
    """Methods run in a worker thread; each raises ProtocolError and is repeatable: the same document twice is fine."""

    def __init__(self, registry: Registry, store: Store, *, root: str, server_key: bytes, clock: Clock) -> None:
        self._registry, self._store = registry, store
        self._root, self._server_key, self._clock = root, server_key, clock

    def put_package(self, document: SignedDocument) -> None:
        """`package_foreign`, `package_damaged`, `package_expired`, `server_foreign`, `package_in_use`."""
        _, package = open_package(codec.encode(document), self._root, self._clock.wall_ms())
        if package.server_key != self._server_key:
            raise ProtocolError("server_foreign", "This package names another server.")
        known = self._registry.package(package.exam_id)
        if known is not None and known[0].payload != document.payload and self._store.sessions_of(package.exam_id):
            raise ProtocolError("package_in_use", "Candidates have joined with another package of this exam.")
        self._registry.put_document("package", package.exam_id, 0, document)

    def put_roster(self, document: SignedDocument) -> RosterPublished | None:
        """The news to tell, None where it was known. `exam_unknown`, `foreign_key`, `bad_signature`, `roster_old`,
        `roster_gap`."""
        roster: Roster = open_roster(document, self._package_for(document))
        known = self._registry.roster(roster.exam_id)
        if known is not None and known[0].payload == document.payload:
            return None
        if known is not None and roster.version <= known[1].version:
            raise ProtocolError("roster_old", f"Version {known[1].version} of this roster is here already.")
        if roster.previous_hash != (b"" if known is None else document_hash(known[0])):
            raise ProtocolError("roster_gap", "This roster does not follow on the one that is here.")
        self._registry.put_document("roster", roster.exam_id, roster.version, document)
        return RosterPublished(roster.exam_id, document)

    def put_ticket(self, document: SignedDocument) -> None:
        """`exam_unknown`, `foreign_key`, `bad_signature`, `wrong_exam`, `code_used`."""
        ticket = open_ticket(document, self._package_for(document))
        known = self._registry.ticket(ticket.code_hash)
        if known is not None and known[0].payload != document.payload:
            raise ProtocolError("code_used", "Another ticket has this launch code.")
        self._registry.put_ticket(ticket, document)

    def _package_for(self, document: SignedDocument) -> ExamPackage:
        exam: _Exam = codec.decode(document.payload, _Exam)
        package = self._registry.package(exam.exam_id)
        if package is None:
            raise ProtocolError("exam_unknown", "The package of this exam was not published here.")
        return package[1]
