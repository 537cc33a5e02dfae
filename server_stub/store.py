"""The state of the server in SQLite: WAL, synchronous FULL. One connection writes, one reads; both behind locks.

What a session is made of; documents, codes and logins are in `registry`, on the same file. Writers are called in worker
threads, readers may be called from the loop: in WAL they do not wait for the writer.
"""

import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from exam_protocol import codec
from exam_protocol.records import Gap, TrackHead
from server_stub.ports import Blobs
from server_stub.rows import LaneRow, SessionRow, TrackRow

SCHEMA = """
CREATE TABLE IF NOT EXISTS documents(kind TEXT, exam_id TEXT, version INTEGER, document BLOB NOT NULL,
    PRIMARY KEY(kind, exam_id, version)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tickets(code_hash BLOB PRIMARY KEY, exam_id TEXT, ticket_id TEXT, document BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS enrolments(code_hash BLOB PRIMARY KEY, session_id BLOB UNIQUE NOT NULL);
CREATE TABLE IF NOT EXISTS sessions(session_id BLOB PRIMARY KEY, exam_id TEXT NOT NULL, candidate_name TEXT NOT NULL,
    device_key BLOB NOT NULL, wrap_key BLOB NOT NULL, state TEXT NOT NULL, state_reason TEXT NOT NULL,
    opened_ms INTEGER NOT NULL, last_seen_ms INTEGER NOT NULL, gaps INTEGER NOT NULL, complete INTEGER NOT NULL,
    end_heads BLOB, declared BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS sessions_of_exam ON sessions(exam_id);
CREATE TABLE IF NOT EXISTS lanes(session_id BLOB, lane INTEGER, position INTEGER NOT NULL, size_bytes INTEGER NOT NULL,
    holes INTEGER NOT NULL, PRIMARY KEY(session_id, lane)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tracks(session_id BLOB, track INTEGER, next_sequence INTEGER NOT NULL,
    chained INTEGER NOT NULL, head BLOB NOT NULL, pending BLOB NOT NULL, PRIMARY KEY(session_id, track)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS findings(session_id BLOB, code TEXT, lane INTEGER, position INTEGER, at_ms INTEGER NOT NULL,
    detail TEXT NOT NULL, record BLOB NOT NULL, PRIMARY KEY(session_id, code, lane, position));
CREATE TABLE IF NOT EXISTS commands(session_id BLOB, proctor TEXT, counter INTEGER, expires_ms INTEGER NOT NULL,
    relayed INTEGER NOT NULL, document BLOB NOT NULL, PRIMARY KEY(session_id, proctor, counter));
CREATE TABLE IF NOT EXISTS receipts(session_id BLOB, complete INTEGER, document BLOB NOT NULL,
    PRIMARY KEY(session_id, complete)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS proctors(id TEXT PRIMARY KEY, name TEXT NOT NULL, password_hash TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS logins(token_hash BLOB PRIMARY KEY, proctor TEXT NOT NULL, expires_ms INTEGER NOT NULL);
"""
_SESSION_COLUMNS = (
    "session_id, exam_id, candidate_name, device_key, wrap_key, state, state_reason, opened_ms, last_seen_ms, gaps,"
    " complete, end_heads, declared"
)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=10)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


class Store:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._write_lock, self._read_lock = threading.Lock(), threading.Lock()
        self._writer: sqlite3.Connection | None = None
        self._reader: sqlite3.Connection | None = None

    def open(self) -> None:
        self._writer = _connect(self._path)
        self._path.chmod(0o600)
        self._writer.executescript(SCHEMA)
        self._reader = _connect(self._path)

    def close(self) -> None:
        with self._write_lock, self._read_lock:
            for connection in (self._reader, self._writer):
                if connection is not None:
                    connection.close()
            self._reader = self._writer = None

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Durable when the block ends; rolled back when it raises. Raises sqlite3.Error, `disk is full` included."""
        with self._write_lock:
            assert self._writer is not None, "the store is open"
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
                self._writer.execute("COMMIT")
            except BaseException:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                raise

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self._read_lock:
            assert self._reader is not None, "the store is open"
            return self._reader.execute(query, values).fetchall()

    # --- sessions -----------------------------------------------------------------------------------------------

    def session(self, session_id: bytes) -> SessionRow | None:
        found = self.rows(f"SELECT {_SESSION_COLUMNS} FROM sessions WHERE session_id = ?", session_id)  # noqa: S608 constant
        return _session(found[0]) if found else None

    def sessions_of(self, exam_id: str) -> tuple[SessionRow, ...]:
        query = f"SELECT {_SESSION_COLUMNS} FROM sessions WHERE exam_id = ? ORDER BY candidate_name"  # noqa: S608 constant
        return tuple(_session(row) for row in self.rows(query, exam_id))

    def lanes(self, session_id: bytes) -> dict[int, LaneRow]:
        query = "SELECT session_id, lane, position, size_bytes, holes FROM lanes WHERE session_id = ?"
        rows = (LaneRow(*found) for found in self.rows(query, session_id))
        return {row.lane: row for row in rows}

    def tracks(self, session_id: bytes) -> dict[int, TrackRow]:
        query = "SELECT session_id, track, next_sequence, chained, head, pending FROM tracks WHERE session_id = ?"
        rows = (TrackRow(*found) for found in self.rows(query, session_id))
        return {row.track: row for row in rows}

    def commit(self, sessions: Iterable[SessionRow], lanes: Iterable[LaneRow], tracks: Iterable[TrackRow]) -> None:
        with self.transaction() as write:
            for session in sessions:
                put_session(write, session)
            write.executemany(
                "INSERT OR REPLACE INTO lanes VALUES (?, ?, ?, ?, ?)",
                [(row.session_id, row.lane, row.position, row.size_bytes, row.holes) for row in lanes],
            )
            write.executemany(
                "INSERT OR REPLACE INTO tracks VALUES (?, ?, ?, ?, ?, ?)",
                [(r.session_id, r.track, r.next_sequence, r.chained, r.head, r.pending) for r in tracks],
            )

    def reconcile(self, blobs: Blobs) -> None:
        """Cuts torn tails off the lane files after a crash."""
        for session_id, lane, size_bytes in self.rows("SELECT session_id, lane, size_bytes FROM lanes"):
            blobs.cut(session_id, lane, size_bytes)

    def add_finding(
        self, session_id: bytes, code: str, lane: int, position: int, at_ms: int, detail: str, record: bytes
    ) -> None:
        """What an agent sent that cannot be true, with the bytes; the same finding twice is one."""
        with self.transaction() as write:
            write.execute(
                "INSERT OR IGNORE INTO findings VALUES (?, ?, ?, ?, ?, ?, ?)",
                (session_id, code, lane, position, at_ms, detail, record),
            )

    def put_receipt(self, session_id: bytes, complete: bool, document: bytes) -> None:
        with self.transaction() as write:
            write.execute("INSERT OR REPLACE INTO receipts VALUES (?, ?, ?)", (session_id, complete, document))
            if complete:
                write.execute("UPDATE sessions SET complete = 1 WHERE session_id = ?", (session_id,))

    def receipts(self, session_id: bytes) -> list[bytes]:
        query = "SELECT document FROM receipts WHERE session_id = ? ORDER BY complete"
        return [bytes(row[0]) for row in self.rows(query, session_id)]


def put_session(write: sqlite3.Connection, row: SessionRow) -> None:
    ended = None if row.end_heads is None else codec.encode(row.end_heads)
    write.execute(
        f"INSERT OR REPLACE INTO sessions({_SESSION_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 constant
        (
            row.session_id, row.exam_id, row.candidate_name, row.device_key, row.wrap_key, row.state, row.state_reason,
            row.opened_ms, row.last_seen_ms, row.gaps, row.complete, ended, codec.encode(row.declared),
        ),
    )  # fmt: skip


def _session(found: tuple[Any, ...]) -> SessionRow:
    values = list(found)
    values[10] = bool(values[10])
    values[11] = None if values[11] is None else msgspec.json.decode(values[11], type=tuple[TrackHead, ...])
    values[12] = msgspec.json.decode(values[12], type=tuple[Gap, ...])
    return SessionRow(*values)
