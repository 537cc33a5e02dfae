"""Documents of the office, launch codes, proctors' logins and commands: the part of the state that people put in.

Called by enrolment, office, console and export; on the same SQLite file as `store`.
"""

import sqlite3
from typing import Any

from exam_protocol import codec
from exam_protocol.messages import Command
from exam_protocol.policy import ExamPackage, Roster, Ticket
from exam_protocol.signing import SignedDocument
from server_stub.rows import SessionRow
from server_stub.store import Store, put_session


class CodeTaken(Exception):
    """The launch code or the session id belongs to another enrolment."""


def _document(raw: Any) -> SignedDocument:
    document: SignedDocument = codec.decode(bytes(raw), SignedDocument)
    return document


class Registry:
    def __init__(self, store: Store) -> None:
        self._store = store

    # --- the office's documents ---------------------------------------------------------------------------------

    def package(self, exam_id: str) -> tuple[SignedDocument, ExamPackage] | None:
        """What is stored here was verified when it came in."""
        rows = self._store.rows("SELECT document FROM documents WHERE kind = 'package' AND exam_id = ?", exam_id)
        if not rows:
            return None
        document = _document(rows[0][0])
        return document, codec.decode(document.payload, ExamPackage)

    def exams(self) -> tuple[str, ...]:
        return tuple(row[0] for row in self._store.rows("SELECT exam_id FROM documents WHERE kind = 'package'"))

    def rosters(self, exam_id: str) -> list[tuple[SignedDocument, Roster]]:
        """Every version, oldest first."""
        query = "SELECT document FROM documents WHERE kind = 'roster' AND exam_id = ? ORDER BY version"
        documents = [_document(row[0]) for row in self._store.rows(query, exam_id)]
        return [(document, codec.decode(document.payload, Roster)) for document in documents]

    def roster(self, exam_id: str) -> tuple[SignedDocument, Roster] | None:
        rosters = self.rosters(exam_id)
        return rosters[-1] if rosters else None

    def put_document(self, kind: str, exam_id: str, version: int, document: SignedDocument) -> None:
        with self._store.transaction() as write:
            write.execute(
                "INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?)", (kind, exam_id, version, codec.encode(document))
            )

    def put_ticket(self, ticket: Ticket, document: SignedDocument) -> None:
        with self._store.transaction() as write:
            write.execute(
                "INSERT OR REPLACE INTO tickets VALUES (?, ?, ?, ?)",
                (ticket.code_hash, ticket.exam_id, ticket.ticket_id, codec.encode(document)),
            )

    def ticket(self, code_hash: bytes) -> tuple[SignedDocument, Ticket] | None:
        rows = self._store.rows("SELECT document FROM tickets WHERE code_hash = ?", code_hash)
        if not rows:
            return None
        document = _document(rows[0][0])
        return document, codec.decode(document.payload, Ticket)

    # --- enrolment ----------------------------------------------------------------------------------------------

    def enrolled(self, code_hash: bytes) -> bytes | None:
        """The session that used this code."""
        rows = self._store.rows("SELECT session_id FROM enrolments WHERE code_hash = ?", code_hash)
        return bytes(rows[0][0]) if rows else None

    def enrol(self, code_hash: bytes, session: SessionRow) -> None:
        """Uses the code and makes the session, both or neither. Raises CodeTaken."""
        try:
            with self._store.transaction() as write:
                write.execute("INSERT INTO enrolments VALUES (?, ?)", (code_hash, session.session_id))
                put_session(write, session)
        except sqlite3.IntegrityError as error:
            raise CodeTaken from error

    def ticket_of(self, session_id: bytes) -> SignedDocument | None:
        rows = self._store.rows(
            "SELECT document FROM tickets JOIN enrolments USING(code_hash) WHERE session_id = ?", session_id
        )
        return _document(rows[0][0]) if rows else None

    # --- proctors -----------------------------------------------------------------------------------------------

    def put_proctor(self, proctor: str, name: str, password_hash: str) -> None:
        with self._store.transaction() as write:
            write.execute("INSERT OR REPLACE INTO proctors VALUES (?, ?, ?)", (proctor, name, password_hash))
            write.execute("DELETE FROM logins WHERE proctor = ?", (proctor,))

    def password_hash(self, proctor: str) -> str | None:
        rows = self._store.rows("SELECT password_hash FROM proctors WHERE id = ?", proctor)
        return str(rows[0][0]) if rows else None

    def put_login(self, token_hash: bytes, proctor: str, expires_ms: int, now_ms: int) -> None:
        with self._store.transaction() as write:
            write.execute("DELETE FROM logins WHERE expires_ms < ?", (now_ms,))
            write.execute("INSERT INTO logins VALUES (?, ?, ?)", (token_hash, proctor, expires_ms))

    def login(self, token_hash: bytes, now_ms: int) -> str | None:
        query = "SELECT proctor FROM logins WHERE token_hash = ? AND expires_ms >= ?"
        rows = self._store.rows(query, token_hash, now_ms)
        return str(rows[0][0]) if rows else None

    def drop_login(self, token_hash: bytes) -> None:
        with self._store.transaction() as write:
            write.execute("DELETE FROM logins WHERE token_hash = ?", (token_hash,))

    # --- commands -----------------------------------------------------------------------------------------------

    def put_command(self, command: Command, document: SignedDocument) -> bool:
        """False if this counter did not rise."""
        with self._store.transaction() as write:
            last = write.execute(
                "SELECT MAX(counter) FROM commands WHERE session_id = ? AND proctor = ?",
                (command.session_id, command.proctor),
            ).fetchone()[0]
            if last is not None and command.counter <= last:
                return False
            write.execute(
                "INSERT INTO commands VALUES (?, ?, ?, ?, 0, ?)",
                (command.session_id, command.proctor, command.counter, command.expires_ms, codec.encode(document)),
            )
        return True

    def mark_relayed(self, session_id: bytes) -> None:
        with self._store.transaction() as write:
            write.execute("UPDATE commands SET relayed = 1 WHERE session_id = ? AND relayed = 0", (session_id,))

    def held_commands(self, session_id: bytes, now_ms: int) -> list[SignedDocument]:
        query = "SELECT document FROM commands WHERE session_id = ? AND relayed = 0 AND expires_ms > ? ORDER BY rowid"
        return [_document(row[0]) for row in self._store.rows(query, session_id, now_ms)]

    def commands(self, session_id: bytes) -> list[bytes]:
        query = "SELECT document FROM commands WHERE session_id = ? ORDER BY rowid"
        return [bytes(row[0]) for row in self._store.rows(query, session_id)]
