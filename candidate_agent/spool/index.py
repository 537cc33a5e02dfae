"""The SQLite index of the spool (WAL, synchronous FULL): where each record lies, its hash, chain heads, small values.

One connection writes, another reads, so that a reader never waits for a sync. Called by `store` alone.
"""

import contextlib
import sqlite3
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from exam_protocol.records import TrackHead

_SCHEMA = """
CREATE TABLE IF NOT EXISTS records (
    lane INTEGER, position INTEGER, segment INTEGER, offset INTEGER, length INTEGER, hash BLOB,
    track INTEGER, sequence INTEGER, media_time_us INTEGER, PRIMARY KEY (lane, position)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS lanes (lane INTEGER PRIMARY KEY, last INTEGER, freed INTEGER);
CREATE TABLE IF NOT EXISTS heads (track INTEGER PRIMARY KEY, next_sequence INTEGER, head BLOB);
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value BLOB);
"""
_COLUMNS = "lane, position, segment, offset, length, hash, track, sequence, media_time_us"


@dataclass(frozen=True, slots=True)
class Row:
    """Where a record lies and what it is. `segment` is the first position of its segment file."""

    lane: int
    position: int
    segment: int
    offset: int
    length: int
    hash: bytes
    track: int
    sequence: int
    media_time_us: int


@dataclass(frozen=True, slots=True)
class LaneState:
    lane: int
    last: int
    freed: int
    dropped: int = 0  # rows up to here may go: their segments are deleted


def _values(row: Row) -> tuple[int | bytes, ...]:
    return (
        row.lane, row.position, row.segment, row.offset, row.length, row.hash, row.track, row.sequence,
        row.media_time_us,
    )  # fmt: skip


class Index:
    """Raises sqlite3.Error; `store` says what that means. Writes are the caller's to serialise."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._reading = threading.Lock()
        self._stack = contextlib.ExitStack()

    def open(self) -> None:
        self._writer = self._connect()
        self._writer.executescript(_SCHEMA)
        self._reader = self._connect()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False, timeout=10)
        self._stack.callback(connection.close)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(
            "PRAGMA cache_size=-512"
        )  # kB; with 2,000 two connections kept 1.1 MB more, and were no quicker
        return connection

    def close(self) -> None:
        self._stack.close()

    def commit(
        self, rows: Iterable[Row], lanes: Iterable[LaneState], heads: Iterable[TrackHead], meta: dict[str, bytes]
    ) -> None:
        """All or nothing, durable on return."""
        connection = self._writer
        connection.execute("BEGIN IMMEDIATE")
        try:
            connection.executemany(
                f"INSERT OR REPLACE INTO records ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?)",  # noqa: S608 constant names
                [_values(row) for row in rows],
            )
            for lane in lanes:
                connection.execute("INSERT OR REPLACE INTO lanes VALUES (?,?,?)", (lane.lane, lane.last, lane.freed))
                connection.execute("DELETE FROM records WHERE lane=? AND position<=?", (lane.lane, lane.dropped))
            connection.executemany(
                "INSERT OR REPLACE INTO heads VALUES (?,?,?)", [(h.track, h.next_sequence, h.head) for h in heads]
            )
            connection.executemany("INSERT OR REPLACE INTO meta VALUES (?,?)", list(meta.items()))
            connection.execute("COMMIT")
        except sqlite3.Error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    def _one(self, query: str, *values: int | str) -> tuple[int | bytes, ...] | None:
        with self._reading:
            row: tuple[int | bytes, ...] | None = self._reader.execute(query, values).fetchone()
            return row

    def row(self, lane: int, position: int) -> Row | None:
        found = self._one(f"SELECT {_COLUMNS} FROM records WHERE lane=? AND position=?", lane, position)  # noqa: S608
        return Row(*found) if found else None  # type: ignore[arg-type]  # the schema gives the types

    def last_row(self, lane: int, segment: int, following: int) -> Row | None:
        """The last record of a segment. `following`: the first position of the next one, so that no other is read."""
        where = "lane=? AND position>=? AND position<? AND segment=?"
        query = f"SELECT {_COLUMNS} FROM records WHERE {where} ORDER BY position DESC LIMIT 1"  # noqa: S608
        found = self._one(query, lane, segment, following, segment)
        return Row(*found) if found else None  # type: ignore[arg-type]  # the schema gives the types

    def bytes_between(self, lane: int, after: int, through: int) -> int:
        query = "SELECT COALESCE(SUM(length), 0) FROM records WHERE lane=? AND position>? AND position<=?"
        found = self._one(query, lane, after, through)
        return int(found[0]) if found else 0

    def lane(self, lane: int) -> LaneState:
        found = self._one("SELECT last, freed FROM lanes WHERE lane=?", lane)
        return LaneState(lane, int(found[0]), int(found[1])) if found else LaneState(lane, 0, 0)

    def heads(self) -> tuple[TrackHead, ...]:
        with self._reading:
            rows = self._reader.execute("SELECT track, next_sequence, head FROM heads ORDER BY track").fetchall()
        return tuple(TrackHead(track, sequence, head) for track, sequence, head in rows)

    def meta(self, key: str) -> bytes | None:
        found = self._one("SELECT value FROM meta WHERE key=?", key)
        return bytes(found[0]) if found else None
