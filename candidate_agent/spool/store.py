"""The durable store between recording and sending: append-only segments per lane, a small SQLite index, a ballast file.

`recorder` appends; the uplink reads what is synced, in order, and frees what the server acknowledged. Data is synced
first, then, once a second, the index commits: what the index names is on the disk. After a crash, records that stand
whole in a segment but not yet in the index are indexed again; a torn tail is cut. A thread of its own syncs when
`schedule` says so.
"""

import errno
import hashlib
import itertools
import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path

from candidate_agent.base.errors import StorageError
from candidate_agent.base.files import private_dir, sync_dir
from candidate_agent.spool import quota
from candidate_agent.spool.ballast import Ballast
from candidate_agent.spool.index import Index, Row
from candidate_agent.spool.lanes import Batch, LaneFiles, recover_segment, take_batch
from candidate_agent.spool.log import SegmentWriter, Write, read_at, segment_path, segments, sync_file
from candidate_agent.spool.schedule import Schedule, Sync
from exam_protocol.chain import Chains
from exam_protocol.records import HEADER_BYTES, Header, Lane, TrackHead, parse_header

SEGMENT_BYTES = 8 << 20
SYNC_INTERVAL_S = 0.1
BALLAST_INTERVAL_S = 2.0  # how often a released ballast is tried again
LANES = (Lane.CONTROL, Lane.MEDIA)
LAST_POSITION = (1 << 63) - 1
FULL_TEXT = "The disk is full: recordings wait until there is space again."
_FULL = (errno.ENOSPC, errno.EDQUOT)
_MEDIA_TIME = "media_time_us"


def _nothing(*_: object) -> None:
    pass


def _free_bytes(directory: Path) -> int:
    return shutil.disk_usage(directory).free


class Spool:
    """Thread safe. Holds the records of one session. `on_fault(code, sentence)` may come on any thread.

    `on_synced` is called after each sync that made records sendable, on the thread that synced. `sync_interval_s`: how
    long a record may wait that nobody watches live; None: nothing is synced but by `sync`.
    """

    def __init__(
        self, directory: Path, *, on_fault: Callable[[str, str], None] = _nothing,
        on_synced: Callable[[], None] = _nothing, segment_bytes: int = SEGMENT_BYTES,
        ballast_bytes: int = quota.BALLAST_BYTES, sync_interval_s: float | None = SYNC_INTERVAL_S,
        write: Write = os.write, free_bytes: Callable[[Path], int] = _free_bytes,
    ) -> None:  # fmt: skip
        self._directory = directory
        self._on_fault, self._on_synced = on_fault, on_synced
        self._segment_bytes, self._sync_interval_s = segment_bytes, sync_interval_s
        self._schedule = Schedule(sync_interval_s or SYNC_INTERVAL_S)
        self._due = threading.Event()  # a sync comes sooner than the thread thinks
        self._write = write
        self._ballast = Ballast(directory / "ballast", ballast_bytes, free_bytes)
        self._index = Index(directory / "index.sqlite")
        self._lock = threading.Lock()  # the state below
        self._syncing = threading.Lock()  # one sync or meta write at a time; taken before _lock
        self._lanes: dict[int, LaneFiles] = {}
        self._chains = Chains(b"")
        self._media_time_us = 0
        self._new_files = False
        self._faults: set[str] = set()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    # --- opening and closing ------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Creates or recovers. Raises StorageError `spool_damaged` or `disk_full`."""
        private_dir(self._directory)
        try:
            self._index.open()
            self._recover()
        except sqlite3.Error as error:
            self._index.close()
            raise _storage_error(error) from error
        self._take_ballast()
        self.sync()
        if self._sync_interval_s is not None:
            self._thread = threading.Thread(target=self._sync_often, name="spool-sync", daemon=True)
            self._thread.start()

    def close(self) -> None:
        self._closing.set()
        self._due.set()
        if self._thread is not None:
            self._thread.join()
        try:
            self.sync()
        finally:
            with self._lock:
                for lane in self._lanes.values():
                    for writer in (*lane.full, *filter(None, [lane.writer])):
                        writer.close()
                    lane.writer, lane.full = None, []
            self._index.close()

    def _recover(self) -> None:
        self._chains = Chains(b"", self._index.heads())
        self._media_time_us = int(self._index.meta(_MEDIA_TIME) or b"0")
        for number in LANES:
            lane = self._lanes[number] = LaneFiles(self._index.lane(number))
            firsts = segments(self._directory, number)
            for first, following in itertools.zip_longest(firsts, firsts[1:], fillvalue=LAST_POSITION):
                indexed = self._index.last_row(number, first, following)
                recover_segment(self._directory, lane, first, indexed, self._take_note)
            lane.dropped = min(lane.freed, lane.segments[0] - 1) if lane.segments else lane.freed
            pending = sum(row.length for row in lane.rows.values())
            lane.backlog_bytes = self._index.bytes_between(number, lane.freed, lane.last) + pending

    # --- appending ----------------------------------------------------------------------------------------------------

    def append(self, lane: int, record: bytes) -> int:
        """Position of the record in its lane, from 1. Written when this returns, sendable after the next sync.

        Raises StorageError `disk_full` (nothing was kept) and ProtocolError `damaged` for what is no record.
        """
        header = parse_header(record[:HEADER_BYTES])
        with self._lock:
            files = self._lanes[lane]
            if not quota.admits(lane, self._ballast.is_held):
                raise StorageError("disk_full", FULL_TEXT)
            segment, offset = self._write_record(files, record)
            self._take_note(files, segment, offset, record, header)
            files.backlog_bytes += len(record)
            if self._schedule.wrote(header.track, time.monotonic()):
                self._due.set()
            return files.last

    def _write_record(self, files: LaneFiles, record: bytes) -> tuple[int, int]:
        """Segment and offset. A full disk releases the ballast; the control lane then tries once more."""
        had_ballast = self._ballast.is_held
        try:
            writer = self._writer(files)
            return writer.first, writer.append(files.last + 1, record)
        except OSError as error:
            if error.errno in _FULL:
                self._ballast.release()
                if had_ballast and files.lane == Lane.CONTROL:
                    return self._write_record(files, record)
            raise _storage_error(error) from error

    def _writer(self, files: LaneFiles) -> SegmentWriter:
        """The segment to write to: a new one at first and when the last is full."""
        if files.writer is not None and files.writer.size_bytes >= self._segment_bytes:
            files.full.append(files.writer)
            files.writer = None
        if files.writer is None:
            first = files.last + 1
            path = segment_path(self._directory, files.lane, first)
            files.writer = SegmentWriter(path, first, self._write)
            files.segments.append(first)
            self._new_files = True
        return files.writer

    def _take_note(self, files: LaneFiles, segment: int, offset: int, record: bytes, header: Header) -> None:
        digest = hashlib.sha256(record).digest()
        self._chains.session_id = header.session_id
        self._chains.append(header.track, digest)
        self._media_time_us = max(self._media_time_us, header.media_time_us)
        files.last += 1
        files.rows[files.last] = Row(
            files.lane, files.last, segment, offset, len(record), digest,
            header.track, header.sequence, header.media_time_us,
        )  # fmt: skip

    # --- syncing ------------------------------------------------------------------------------------------------------

    def sync(self) -> None:
        """Everything appended so far is on the disk, in the index and sendable on return. Raises StorageError
        `disk_full`, `spool_damaged`; then nothing is lost, only not yet sendable."""
        self._sync(Sync.WHOLE)

    def sync_data(self) -> None:
        """As `sync`, but the index may follow later: what it does not name is found in the segments after a crash."""
        self._sync(Sync.DATA)

    def _sync(self, kind: Sync) -> None:
        with self._syncing:
            with self._lock:
                batch = take_batch(self._lanes.values(), self._chains.heads(), self._media_time_us, self._new_files)
                self._new_files = False
            if batch.is_empty:
                return
            indexed = kind is Sync.WHOLE or batch.needs_index
            try:
                self._make_durable(batch, indexed)
            except (OSError, sqlite3.Error) as error:
                failure = _storage_error(error)
                self._sync_failed(batch, failure)
                raise failure from error
            with self._lock:
                self._mark_synced(batch.last, indexed)
            self._delete(batch)
        if batch.has_news:
            self._on_synced()

    def _make_durable(self, batch: Batch, indexed: bool) -> None:
        for writer in [*batch.current, *(writer for _, writer in batch.full)]:
            sync_file(writer.handle)
        if batch.new_files:
            sync_dir(self._directory)
        if indexed:
            meta = {_MEDIA_TIME: str(batch.media_time_us).encode()}
            self._index.commit(batch.rows, batch.states, batch.heads, meta)

    def _sync_failed(self, batch: Batch, failure: StorageError) -> None:
        """Everything is tried again at the next sync. On a full disk room is made first, in every way there is."""
        with self._lock:
            for lane, writer in batch.full:
                lane.full.append(writer)
            self._new_files = self._new_files or batch.new_files
            self._schedule.failed(time.monotonic())
            if failure.code == "disk_full":
                self._ballast.release()
        for number, first in batch.doomed:
            segment_path(self._directory, number, first).unlink(missing_ok=True)

    def _delete(self, batch: Batch) -> None:
        for _, writer in batch.full:
            writer.close()
        for number, first in batch.doomed:
            segment_path(self._directory, number, first).unlink(missing_ok=True)

    def _mark_synced(self, last: dict[int, int], indexed: bool) -> None:
        for number, position in last.items():
            lane = self._lanes[number]
            lane.synced = position
            if indexed:
                for done in range(lane.indexed + 1, position + 1):
                    lane.rows.pop(done, None)
                lane.indexed = position

    def _sync_often(self) -> None:
        tried_s = time.monotonic()
        while not self._closing.is_set():
            self._sync_when_due()
            now_s = time.monotonic()
            if now_s - tried_s >= BALLAST_INTERVAL_S:
                tried_s = now_s
                if not self._ballast.is_held:
                    self._take_ballast()

    def _sync_when_due(self) -> None:
        with self._lock:
            wait_s = self._schedule.wait_s(time.monotonic())
        self._due.wait(wait_s)
        self._due.clear()
        with self._lock:
            kind = self._schedule.take(time.monotonic())
        if kind is None:
            return
        try:
            self._sync(kind)
        except StorageError as error:
            self._fault(error.code, error.text)

    def _fault(self, code: str, text: str) -> None:
        """Once until it is over."""
        if code not in self._faults:
            self._faults.add(code)
            self._on_fault(code, text)

    @property
    def is_full(self) -> bool:
        """Whether media is refused because the disk was found full and has no room yet."""
        return not self._ballast.is_held

    def _take_ballast(self) -> None:
        with self._lock:
            self._ballast.take()
        if self._ballast.is_held:
            self._faults.discard("disk_full")
        else:
            self._fault("disk_full", FULL_TEXT)

    # --- reading and freeing ------------------------------------------------------------------------------------------

    def synced_position(self, lane: int) -> int:
        with self._lock:
            return self._lanes[lane].synced

    def last_position(self, lane: int) -> int:
        with self._lock:
            return self._lanes[lane].last

    def freed_position(self, lane: int) -> int:
        with self._lock:
            return self._lanes[lane].freed

    def describe(self, lane: int, position: int) -> Row | None:
        """What the index knows of a record, be it damaged or not; None where it is freed or was never there."""
        with self._lock:
            pending = self._lanes[lane].rows.get(position)
        try:
            return pending or self._index.row(lane, position)
        except sqlite3.Error as error:
            problem = _storage_error(error)
            self._fault(problem.code, problem.text)
            return None

    def read(self, lane: int, position: int) -> bytes | None:
        """The record, or None if it is not as it was written."""
        row = self.describe(lane, position)
        if row is None:
            return None
        record = read_at(segment_path(self._directory, lane, row.segment), row.offset, row.length)
        return record if hashlib.sha256(record).digest() == row.hash else None

    def record_hash(self, lane: int, position: int) -> bytes:
        """SHA-256 of a record that is not freed. Raises KeyError."""
        row = self.describe(lane, position)
        if row is None:
            raise KeyError((lane, position))
        return row.hash

    def free(self, lane: int, through: int) -> None:
        """The server has everything up to `through`. Segments that are wholly acknowledged are deleted."""
        with self._lock:
            files = self._lanes[lane]
            through = min(through, files.synced)
            if through <= files.freed:
                return
            files.backlog_bytes -= self._bytes_between(files, files.freed, through)
            files.freed = through
            while len(files.segments) > 1 and files.segments[1] - 1 <= through:
                files.doomed.append(files.segments.pop(0))
                files.dropped = files.segments[0] - 1

    def _bytes_between(self, files: LaneFiles, after: int, through: int) -> int:
        """Each record once: `rows` may be on their way into the index just now."""
        pending = sum(files.rows[at].length for at in range(max(after, files.indexed) + 1, through + 1))
        return pending + self._index.bytes_between(files.lane, after, min(through, files.indexed))

    def backlog(self) -> tuple[int, int]:
        """Records and bytes that the server does not have yet."""
        with self._lock:
            lanes = self._lanes.values()
            return sum(lane.last - lane.freed for lane in lanes), sum(lane.backlog_bytes for lane in lanes)

    def heads(self) -> tuple[TrackHead, ...]:
        """Chain heads and next sequences after the last record of each track."""
        with self._lock:
            return self._chains.heads()

    def next_sequence(self, track: int) -> int:
        with self._lock:
            return self._chains.at(track).next_sequence

    @property
    def last_media_time_us(self) -> int:
        """The latest media time of any record."""
        with self._lock:
            return self._media_time_us

    # --- small durable values -----------------------------------------------------------------------------------------

    def put_meta(self, key: str, value: bytes) -> None:
        """Durable on return. Raises StorageError `disk_full`, `spool_damaged`."""
        with self._syncing:
            try:
                self._index.commit((), (), (), {key: value})
            except sqlite3.Error as error:
                raise _storage_error(error) from error

    def get_meta(self, key: str) -> bytes | None:
        return self._index.meta(key)


def _storage_error(error: OSError | sqlite3.Error) -> StorageError:
    full = error.errno in _FULL if isinstance(error, OSError) else "full" in str(error)
    if full:
        return StorageError("disk_full", FULL_TEXT)
    return StorageError("spool_damaged", f"The recordings on this computer cannot be written: {error}.")
