"""The only place that makes records: payload -> numbered, sealed, chained record -> spool. Called by capture, monitor
and driver on their own threads; one lock gives the order.

A sequence counts only once its record is in the spool, so numbers have no holes. Epoch keys live in memory alone: each
process start begins a new epoch, hence no (key, nonce) repeats. Media time counts from OPEN, also over restarts.
"""

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass

from msgspec.structs import replace

from candidate_agent.base.clock import Clock
from candidate_agent.base.errors import StorageError
from candidate_agent.spool.evidence import Evidence
from candidate_agent.spool.store import FULL_TEXT, Spool
from exam_protocol import keys
from exam_protocol.chain import MarksSinceCheck, record_hash
from exam_protocol.codec import encode_padded
from exam_protocol.records import (
    MEDIA_TRACKS,
    Check,
    End,
    Entry,
    Epoch,
    FlagEntry,
    Gap,
    Lane,
    Media,
    Open,
    RecordFlag,
    RecordType,
    Signed,
    State,
    Track,
    lane_of,
    pack_media,
    parse_header,
    sign_record,
)
from exam_protocol.sealing import EpochSealer
from exam_protocol.signing import Signer

CHECK_INTERVAL_US = 5_000_000
CHECK_RECORDS = 256
EPOCH_INTERVAL_US = 600_000_000
RESTARTED = "restarted"
_ZERO, _EPOCH, _ENDED, _DAMAGED = "media_zero_ms", "epoch", "ended", "damaged_records"
_INTERRUPTED = "interrupted/{}"


@dataclass(slots=True)
class _Lost:
    """Time of a track that could not be kept; becomes a GAP once it is over."""

    from_us: int
    reason: str
    records: int = 0


def _nothing(_: int) -> None:
    pass


class Recorder:
    """Thread safe. `on_resumed(track)`: recording goes on after a hole, a key frame would help."""

    def __init__(
        self, spool: Spool, device: Signer, clock: Clock, session_id: bytes,
        random_bytes: Callable[[int], bytes] = os.urandom, on_resumed: Callable[[int], None] = _nothing,
    ) -> None:  # fmt: skip
        self._spool, self._device, self._clock, self._session_id = spool, device, clock, session_id
        self._random_bytes, self._on_resumed = random_bytes, on_resumed
        self._lock = threading.Lock()
        self._anchor = (0, 0)  # a monotonic time and the media time it stands for, microseconds
        self._sealer: EpochSealer | None = None
        self._epoch = 0
        self._epoch_began_us = 0
        self._recipients: dict[str, bytes] = {}
        self._roster = (0, b"")
        self._checked_us = 0
        self._since_check = 0
        self._marks = MarksSinceCheck()
        self._key_is_spent = False
        self._lost: dict[int, _Lost] = {}
        self._evidence = Evidence()
        self._ended = False
        self.refused_after_end = 0
        self.lost_records = 0

    # --- the session's beginning, keys, end ---------------------------------------------------------------------------

    def open_session(
        self, *, ticket_hash: bytes, wrap_key: bytes, build: str, machine: str, package_hash: bytes,
        roster_version: int, zone: str, wall_ms: int,
    ) -> None:  # fmt: skip
        """Writes OPEN once. After a restart: goes on behind the last record, and declares the time between as a gap."""
        with self._lock:
            stored = self._spool.get_meta(_ZERO)
            zero_ms = int(stored) if stored else wall_ms
            if stored is None:
                self._spool.put_meta(_ZERO, str(zero_ms).encode())
            self._set_anchor(zero_ms)
            self._epoch = int(self._spool.get_meta(_EPOCH) or b"0")
            if self._spool.next_sequence(Track.LEDGER) == 0:
                self._sign(Open(
                    self._session_id, ticket_hash, self._device.public_key, wrap_key, build, machine, package_hash,
                    roster_version, zero_ms, zone,
                ))  # fmt: skip
            else:
                self._resume()

    def _set_anchor(self, zero_ms: int) -> None:
        since_zero_us = (self._clock.wall_ms() - zero_ms) * 1000
        self._anchor = (self._clock.monotonic_us(), max(0, since_zero_us, self._spool.last_media_time_us + 1))

    def _resume(self) -> None:
        self._ended = self._spool.get_meta(_ENDED) is not None or self._end_is_last()
        for head in self._spool.heads():
            if head.track in MEDIA_TRACKS and not self._ended:
                self._lost[head.track] = _Lost(self._interrupted_us(head.track), RESTARTED)

    def _interrupted_us(self, track: int) -> int:
        """When recording of this track broke off, also where the program was restarted several times since then."""
        key = _INTERRUPTED.format(track)
        stored = self._spool.get_meta(key)
        if stored:
            return int(stored)
        now_us = self._spool.last_media_time_us
        self._spool.put_meta(key, str(now_us).encode())
        return now_us

    def _end_is_last(self) -> bool:
        last = self._spool.read(Lane.CONTROL, self._spool.last_position(Lane.CONTROL))
        return last is not None and parse_header(last).type is RecordType.END

    def new_epoch(self, recipients: dict[str, bytes], roster_version: int, roster_hash: bytes) -> None:
        """A fresh key for everything that follows, wrapped to `recipients` (id -> X25519 public key)."""
        with self._lock:
            if not self._ended:
                self._recipients, self._roster = dict(recipients), (roster_version, roster_hash)
                self._begin_epoch()

    def _begin_epoch(self) -> None:
        epoch, key = self._epoch + 1, self._random_bytes(keys.EPOCH_KEY_BYTES)
        self._spool.put_meta(_EPOCH, str(epoch).encode())
        self._epoch = epoch
        wraps = keys.wrap_epoch(key, self._session_id, epoch, self._recipients)
        self._sign(Epoch(epoch, keys.commitment(key), self._spool.heads(), *self._roster, wraps))
        self._sealer = EpochSealer(self._session_id, epoch, key)
        self._epoch_began_us, self._key_is_spent = self._clock.monotonic_us(), False

    def tick(self) -> None:
        """Called once a second: CHECK every 5 s, a new epoch after 10 minutes. A full disk puts both off."""
        with self._lock:
            if self._ended or self._sealer is None:
                return
            now_us = self._clock.monotonic_us()
            if now_us - self._epoch_began_us >= EPOCH_INTERVAL_US:
                self._try(self._begin_epoch)
            if now_us - self._checked_us >= CHECK_INTERVAL_US:
                self._try(self._check)

    def _try(self, sign: Callable[[], None]) -> None:
        """For what can wait until the disk has room again."""
        try:
            sign()
        except StorageError as error:
            if error.code != "disk_full":
                raise

    def _check(self) -> None:
        self._sign(Check(self._spool.heads(), self._clock.wall_ms(), self._marks.take()))
        self._checked_us, self._since_check = self._clock.monotonic_us(), 0

    def end(self, reason: str, restored: bool) -> None:
        """END, once and durable. Nothing is accepted afterwards but the declaration of damage found while sending."""
        with self._lock:
            if self._ended:
                return
            for track in tuple(self._lost):
                self._declare_lost(track, self._now_us())
            self._sign(End(self._spool.heads(), reason, restored, self._clock.wall_ms()))
            self._ended, self._sealer = True, None
            self._spool.put_meta(_ENDED, b"1")
            self._spool.sync()

    # --- records ------------------------------------------------------------------------------------------------------

    def media(self, track: int, media: Media, *, key_frame: bool, taken_us: int) -> None:
        """One encoded frame. `taken_us` is monotonic. On a full disk the time is counted and declared later."""
        flags = RecordFlag.KEY_FRAME if key_frame else RecordFlag.NONE
        with self._lock:
            at_us = self._media_time_us(taken_us)
            try:
                resumed = self._seal(track, at_us, flags, pack_media(media))
            except StorageError as error:
                if error.code != "disk_full":
                    raise
                self._lose(track, at_us)
                return
        if resumed:
            self._on_resumed(track)

    def entry(self, track: int, entry: Entry) -> None:
        """Chat, flag, log, picture ... as padded JSON. Raises StorageError `disk_full`; the loss is declared later.

        A flag is given the records around it in which what it tells of can be seen or heard, where there are such.
        """
        with self._lock:
            at_us = self._now_us()
            if isinstance(entry, FlagEntry) and (spans := self._evidence.of(entry.code, entry.from_us, entry.to_us)):
                entry = replace(entry, evidence=spans)
            try:
                self._seal(track, at_us, RecordFlag.NONE, encode_padded(entry))
            except StorageError as error:
                if error.code == "disk_full":
                    self._lose(track, at_us)
                raise

    def _seal(self, track: int, at_us: int, flags: int, plaintext: bytes) -> bool:
        """Whether a hole of this track ended with this record."""
        if self._ended:
            self.refused_after_end += 1
            return False
        if lane_of(track) is Lane.MEDIA and self._spool.is_full:
            raise StorageError("disk_full", FULL_TEXT)
        if self._key_is_spent:
            self._begin_epoch()
        if self._sealer is None:
            raise RuntimeError("no epoch: nothing can be sealed before new_epoch")
        had_hole = track in self._lost
        if had_hole:
            self._declare_lost(track, at_us)
        sequence = self._spool.next_sequence(track)
        record = self._sealer.seal(track, sequence, at_us, flags, plaintext)
        try:
            self._append(lane_of(track), record)
        except StorageError:
            self._key_is_spent = True  # its number will be used again, so never under this key
            raise
        if lane_of(track) is Lane.MEDIA:
            self._evidence.note(track, at_us, sequence, key_frame=bool(flags & RecordFlag.KEY_FRAME))
        if self._since_check >= CHECK_RECORDS:
            self._try(self._check)
        return had_hole

    def _append(self, lane: Lane, record: bytes) -> None:
        self._spool.append(lane, record)
        self._since_check += 1
        header = parse_header(record)
        self._marks.add(header.track, header.sequence, record_hash(record))

    def _sign(self, body: Signed) -> None:
        record = sign_record(
            body, self._device, session_id=self._session_id, epoch=self._epoch,
            sequence=self._spool.next_sequence(Track.LEDGER), media_time_us=self._now_us(),
        )  # fmt: skip
        self._append(Lane.CONTROL, record)

    def state(self, state: str, reason: str = "") -> None:
        """What the server must know of the session, in clear, signed."""
        with self._lock:
            if not self._ended:
                self._sign(State(state, reason, self._clock.wall_ms()))

    # --- holes --------------------------------------------------------------------------------------------------------

    def gap(self, track: int, from_us: int, to_us: int, reason: str) -> None:
        """Media time in which nothing of this track was made: muted by policy, device lost."""
        with self._lock:
            if not self._ended:
                self._sign_hole(track, from_us, to_us, reason)

    def declare_damaged(self, lane: int, position: int) -> None:
        """A record that came back from the disk other than it was written: its GAP carries the hash, once."""
        with self._lock:
            key, row = f"damaged/{lane}/{position}", self._spool.describe(lane, position)
            if row is None or self._spool.get_meta(key) is not None:
                return
            at_us = row.media_time_us
            self._sign(Gap(row.track, row.sequence, row.sequence, (row.hash,), at_us, at_us, "damaged"))
            self._spool.put_meta(key, b"1")
            self._spool.put_meta(_DAMAGED, str(self.damaged_records() + 1).encode())

    def damaged_records(self) -> int:
        """How many records of this session were declared damaged, also before a restart."""
        return int(self._spool.get_meta(_DAMAGED) or b"0")

    def _lose(self, track: int, at_us: int) -> None:
        self.lost_records += 1
        self._lost.setdefault(track, _Lost(at_us, "disk_full")).records += 1

    def _declare_lost(self, track: int, to_us: int) -> None:
        lost = self._lost[track]
        self._sign_hole(track, lost.from_us, to_us, lost.reason)
        del self._lost[track]
        if lost.reason == RESTARTED:
            self._try(lambda: self._spool.put_meta(_INTERRUPTED.format(track), b""))

    def _sign_hole(self, track: int, from_us: int, to_us: int, reason: str) -> None:
        next_sequence = self._spool.next_sequence(track)
        self._sign(Gap(track, next_sequence, next_sequence - 1, (), from_us, to_us, reason))

    # --- time ---------------------------------------------------------------------------------------------------------

    def media_time_us(self, monotonic_us: int) -> int:
        with self._lock:
            return self._media_time_us(monotonic_us)

    def _media_time_us(self, monotonic_us: int) -> int:
        anchored_us, media_us = self._anchor
        return max(0, media_us + monotonic_us - anchored_us)

    def _now_us(self) -> int:
        return self._media_time_us(self._clock.monotonic_us())
