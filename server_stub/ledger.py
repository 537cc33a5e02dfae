"""Judges every arriving record of one session: header, order, signature, hash chain against signed heads. Pure.

The two lanes of a session run at their own pace, so a signed head may be about records that came long ago or are still
to come; both are compared. What is not accepted is never stored.
"""

from dataclasses import dataclass, replace

from exam_protocol import chain
from exam_protocol.errors import ProtocolError
from exam_protocol.evidence import HOLE
from exam_protocol.records import (
    Check,
    End,
    Epoch,
    Gap,
    Header,
    Open,
    RecordType,
    Signed,
    State,
    Track,
    TrackHead,
    lane_of,
    read_signed,
    split,
)  # fmt: skip
from server_stub.rows import SessionRow, TrackRow

HASH_BYTES = 32
UNKNOWN_HASH = bytes(HASH_BYTES)
HEADS_KEPT = 64  # per track: past heads, and heads of records still to come
MAX_JUMP = 1 << 16
MAX_DECLARED = 256
STATES = frozenset({"joined", "waiting", "admitted", "running", "paused", "ended"})


@dataclass(frozen=True, slots=True)
class Accepted:
    """`header` None: a hole. `tracks`: the rows as they are after this record."""

    header: Header | None
    tracks: tuple[TrackRow, ...]
    session: SessionRow
    holes: int


class Ledger:
    def __init__(self, session: SessionRow, tracks: dict[int, TrackRow], holes: dict[int, int]) -> None:
        self.session = session
        self._tracks = dict(tracks)
        self._holes = dict(holes)
        self._past: dict[int, dict[int, bytes]] = {}
        self._expected: dict[int, dict[int, bytes]] = {}
        for head in session.end_heads or ():
            self._expect(head)

    def take(self, lane: int, record: bytes) -> Accepted:
        """Raises ProtocolError `damaged`, `bad_signature`, `wrong_session`, `wrong_lane`, `out_of_order`,
        `chain_broken`, `session_ended`; the caller then closes the connection and forgets this ledger."""
        if record == HOLE:
            self._holes[lane] = self._holes.get(lane, 0) + 1
            return Accepted(None, (), self.session, self._holes[lane])
        header, _ = split(record)
        self._fits(lane, header)
        changed = {header.track}
        body = self._signed(header, record)
        if body is not None:
            changed |= self._heed(body)
        self._append(lane, header, record)
        self._compare_expected(header.track)
        rows = tuple(self._tracks[track] for track in sorted(changed) if track in self._tracks)
        return Accepted(header, rows, self.session, self._holes.get(lane, 0))

    def _row(self, track: int) -> TrackRow:
        start = chain.start(self.session.session_id, track)
        return self._tracks.get(track) or TrackRow(self.session.session_id, track, 0, 0, start)

    def _fits(self, lane: int, header: Header) -> None:
        """Behind END comes what END counts, and a gap for what the agent finds damaged while it sends that."""
        if header.session_id != self.session.session_id:
            raise ProtocolError("wrong_session", "A record belongs to another session.")
        if lane_of(header.track) != lane:
            raise ProtocolError("wrong_lane", f"Track {header.track} does not belong to lane {lane}.")
        if self.session.end_heads is not None:
            counted = {head.track: head.next_sequence for head in self.session.end_heads}
            is_late = header.track != Track.LEDGER and header.sequence >= counted.get(header.track, 0)
            if is_late or (header.track == Track.LEDGER and header.type is not RecordType.GAP):
                raise ProtocolError("session_ended", "A record arrived that the end of the session does not count.")

    def _signed(self, header: Header, record: bytes) -> Signed | None:
        if header.type is RecordType.DATA:
            return None
        _, body = read_signed(record, self.session.device_key)
        if isinstance(body, Open) is not (header.sequence == 0):
            raise ProtocolError("damaged", "OPEN is the first record of a session, and only the first.")
        return body

    # --- what signed records say --------------------------------------------------------------------------------

    def _heed(self, body: Signed) -> set[int]:
        """Acts on a signed record; returns the other tracks it changed."""
        changed: set[int] = set()
        if isinstance(body, Epoch | Check | End):
            for head in body.heads:
                changed |= self._compare(head)
        if isinstance(body, Gap):
            changed |= self._declare(body)
        self.session = _after(self.session, body)
        return changed

    def _declare(self, gap: Gap) -> set[int]:
        count = gap.last - gap.first + 1
        if count <= 0:
            return set()
        if gap.first < 0 or count > MAX_JUMP or len(gap.hashes) not in (0, count):
            raise ProtocolError("damaged", "A gap is larger than a gap can be, or does not match its hashes.")
        if any(len(entry) != HASH_BYTES for entry in gap.hashes):
            raise ProtocolError("damaged", "A hash has 32 bytes.")
        row = self._row(gap.track)
        if gap.last >= row.next_sequence:
            self.session = replace(self.session, declared=(*self.session.declared, gap)[-MAX_DECLARED:])
        if not gap.hashes or gap.last < row.chained:
            return set()
        pending = bytearray(row.pending)
        for sequence, entry in enumerate(gap.hashes, gap.first):
            at = (sequence - row.chained) * HASH_BYTES
            if 0 <= at < len(pending) and pending[at : at + HASH_BYTES] == UNKNOWN_HASH:
                pending[at : at + HASH_BYTES] = entry
        self._chain(replace(row, pending=bytes(pending)))
        return {gap.track}

    def _compare(self, head: TrackHead) -> set[int]:
        """A signed head against ours: now, looking back, or later when the records are here."""
        row = self._row(head.track)
        if head.next_sequence > row.next_sequence:
            self._expect(head)
        elif (
            head.next_sequence > row.chained
        ):  # a hash in between is unknown: the agent's signed head goes on from here
            through = (head.next_sequence - row.chained) * HASH_BYTES
            self._chain(replace(row, chained=head.next_sequence, head=head.head, pending=row.pending[through:]))
            return {head.track}
        else:
            ours = row.head if head.next_sequence == row.chained else self._past_head(head)
            if ours != head.head:
                raise ProtocolError("chain_broken", f"Track {head.track} is not what the agent signed.")
        return set()

    def _past_head(self, head: TrackHead) -> bytes:
        """Ours at that count; where we no longer know it, theirs."""
        return self._past.get(head.track, {}).get(head.next_sequence, head.head)

    def _expect(self, head: TrackHead) -> None:
        expected = self._expected.setdefault(head.track, {})
        expected[head.next_sequence] = head.head
        if len(expected) > HEADS_KEPT:
            del expected[next(iter(expected))]

    def _compare_expected(self, track: int) -> None:
        expected = self._expected.get(track)
        if not expected:
            return
        for count in [count for count in expected if count <= self._row(track).next_sequence]:
            self._compare(TrackHead(track, count, expected.pop(count)))

    # --- order and chain ----------------------------------------------------------------------------------------

    def _append(self, lane: int, header: Header, record: bytes) -> None:
        row = self._row(header.track)
        jump = header.sequence - row.next_sequence
        if jump:
            self._jump(lane, row, jump)
        pending = row.pending + UNKNOWN_HASH * jump + chain.record_hash(record)
        self._chain(self._known(replace(row, next_sequence=header.sequence + 1, pending=pending)))

    def _jump(self, lane: int, row: TrackRow, jump: int) -> None:
        missing = range(row.next_sequence, row.next_sequence + max(0, min(jump, MAX_JUMP)))
        gaps = [gap for gap in self.session.declared if gap.track == row.track]
        undeclared = sum(not any(gap.first <= sequence <= gap.last for gap in gaps) for sequence in missing)
        if not 0 < jump <= MAX_JUMP or undeclared > self._holes.get(lane, 0):
            raise ProtocolError("out_of_order", f"Track {row.track} went on {jump} away from {row.next_sequence}.")
        self._holes[lane] = max(0, self._holes.get(lane, 0) - jump)

    def _known(self, row: TrackRow) -> TrackRow:
        """Fills in hashes that gaps declared before their place was reached."""
        if UNKNOWN_HASH not in row.pending:
            return row
        pending = bytearray(row.pending)
        for gap in self.session.declared:
            for sequence, entry in enumerate(gap.hashes if gap.track == row.track else (), gap.first):
                at = (sequence - row.chained) * HASH_BYTES
                if 0 <= at < len(pending):
                    pending[at : at + HASH_BYTES] = entry
        return replace(row, pending=bytes(pending))

    def _chain(self, row: TrackRow) -> None:
        """Extends the head over every hash that is known."""
        head, chained, at = row.head, row.chained, 0
        past = self._past.setdefault(row.track, {})
        past[chained] = head
        while (entry := row.pending[at : at + HASH_BYTES]) and entry != UNKNOWN_HASH:
            head, chained, at = chain.extend(head, entry), chained + 1, at + HASH_BYTES
            past[chained] = head
        while len(past) > HEADS_KEPT:
            del past[next(iter(past))]
        self._tracks[row.track] = replace(row, head=head, chained=chained, pending=row.pending[at:])


def _after(session: SessionRow, body: Signed) -> SessionRow:
    if isinstance(body, Open):
        if body.device_key != session.device_key or body.session_id != session.session_id:
            raise ProtocolError("wrong_session", "OPEN is about another device or session.")
        return replace(session, wrap_key=body.wrap_key, opened_ms=body.wall_ms)
    if isinstance(body, State):
        if body.state not in STATES:
            raise ProtocolError("damaged", "A session cannot be in this state.")
        return replace(session, state=body.state, state_reason=body.reason)
    if isinstance(body, Gap):
        return replace(session, gaps=session.gaps + 1)
    if isinstance(body, End):
        return replace(session, state="ended", state_reason=body.reason, end_heads=body.heads)
    return session


def is_complete(session: SessionRow, durable: dict[int, TrackRow], holes: int) -> bool:
    """END is durable, and so is everything it counts, but for `holes` records that the agent itself declared lost."""
    if session.end_heads is None:
        return False
    missing = 0
    for head in session.end_heads:
        reached = durable[head.track].next_sequence if head.track in durable else 0
        missing += max(0, head.next_sequence - reached)
    return missing <= holes
