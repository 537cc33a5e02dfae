"""Walks both lanes record by record: positions, sequences, chain heads against every signed promise. Used by `verify`.

Each track keeps its own chain. Where something is wrong the chain is taken up again at the next head that the device
signed, so that one damaged record does not make everything after it look damaged.
"""

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from exam_evidence.bundle import BundleReader, Frame, Torn
from exam_evidence.findings import Finding, track_name
from exam_evidence.identity import Name, check_record, likely_name
from exam_evidence.ledger import Ledger, MarkIndex
from exam_protocol import chain
from exam_protocol.errors import ProtocolError
from exam_protocol.records import Gap, Header, Lane, RecordType, Track, lane_of

MAX_FINDINGS = 10_000  # a bundle of noise must not fill the memory; the count goes on


@dataclass(slots=True)
class TrackState:
    """`head` is None while something before is unproven; `proven` is the sequence from which that is so."""

    track: int
    head: bytes | None
    next: int = 0
    records: int = 0
    missing: int = 0
    size_bytes: int = 0
    first_us: int = -1
    last_us: int = -1
    anchor: int = 0  # everything before this sequence is proven
    anchor_position: int = 0
    reported: bool = False  # whether what broke the chain since the anchor has been named


@dataclass(frozen=True, slots=True)
class Promise:
    """A head of (track, next sequence), by the device (`line` 0) or by a receipt of the server."""

    head: bytes
    line: int = 0


class Walk:
    """One pass over both lanes. `receipts`: line, track, next sequence, head. `opens`, with a key: whether a sealed
    record opens.
    """

    def __init__(
        self, reader: BundleReader, ledger: Ledger, receipts: list[tuple[int, int, int, bytes]],
        opens: Callable[[bytes], bool] | None = None,
    ) -> None:  # fmt: skip
        self.reader, self.ledger, self.opens = reader, ledger, opens
        self.findings: list[Finding] = []
        self.findings_left_out = 0
        self.tracks: dict[int, TrackState] = {}
        self.holes: dict[int, list[int]] = {0: [], 1: []}
        self.attested = False
        self._promises = _promises(ledger, receipts)
        self._marks = MarkIndex(ledger.marks())
        self._gaps = _gaps_by_track(ledger.gaps())
        self._epochs = set(ledger.epochs())

    def run(self) -> None:
        for lane in Lane:
            self._lane(lane)
        for track in sorted(set(self.tracks) | {track for track, _ in self._promises}):
            self._finish(self._state(track))
        self._holes_declared()

    def _lane(self, lane: int) -> None:
        if f"lane{lane}.records" not in self.reader.names():
            self._note(Finding("lane_missing", f"The bundle holds no lane {lane}.", f"lane{lane}.records"))
        expected = {1}
        for item in self.reader.lane(lane, self.ledger.session_id):
            if isinstance(item, Torn):
                self._torn(item)
                continue
            expected = self._position(item, expected)
            if item.is_hole:
                self.holes[lane].append(item.position)
            else:
                self._record(item)

    def _position(self, frame: Frame, expected: set[int]) -> set[int]:
        """Which positions may follow: after a wrong one both the count and the frame's own word are taken up."""
        file = f"lane{frame.lane}.records"
        if not frame.framing_ok:
            text = "The length before this record does not fit it."
            self._note(Finding("framing_damaged", text, file, position=frame.position))
        if frame.position in expected:
            return {frame.position + 1}
        text = f"Position {frame.position} stands where {min(expected)} was expected."
        self._note(Finding("position_wrong", text, file, position=min(expected)))
        return {min(expected) + 1, frame.position + 1}

    def _torn(self, torn: Torn) -> None:
        text = f"{torn.length} bytes after position {torn.after_position} are no record."
        self._note(Finding("lane_torn", text, f"lane{torn.lane}.records", position=torn.after_position + 1))

    def _record(self, frame: Frame) -> None:
        try:
            header = check_record(frame.record, self.ledger.session_id, frame.lane)
            if fault := self.ledger.faults.get(frame.position) if frame.lane == Lane.CONTROL else None:
                raise fault
            if header.type is RecordType.DATA and self.opens and not self.opens(frame.record):
                raise ProtocolError("damaged", "A sealed record was changed after it was sealed.")
        except ProtocolError as error:
            self._damaged(frame, error)
            return
        self._sound(frame, header)

    def _damaged(self, frame: Frame, error: ProtocolError) -> None:
        """Names the record, and where it can be told which one it was, goes on as if it were there."""
        name = likely_name(frame.record, {track: state.next for track, state in self.tracks.items()})
        code = "record_damaged" if error.code == "damaged" else f"record_{error.code}"
        track, sequence = (track_name(name[0]), name[1]) if name else ("", None)
        file = f"lane{frame.lane}.records"
        self._note(Finding(code, error.text, file, track=track, sequence=sequence, position=frame.position))
        if name:
            state = self._state(name[0])
            state.head, state.reported = None, True
            self._count(state, frame)
            self._compare(state, frame.position)

    def _sound(self, frame: Frame, header: Header) -> None:
        state = self._state(header.track)
        if header.sequence < state.next:
            self._refuse(frame, header, "sequence_repeated", "A record of this number stood here before.")
            return
        if header.sequence > state.next:
            self._advance(state, header.sequence, frame.position)
        if header.type is RecordType.DATA and header.epoch not in self._epochs:
            self._epochs.add(header.epoch)
            self._refuse(frame, header, "epoch_unknown", f"No valid EPOCH record declares epoch {header.epoch}.")
        hash_of_record = chain.record_hash(frame.record)
        promised = self._marks.of(header.track, header.sequence)
        if promised and promised != hash_of_record[: len(promised)]:
            self._refuse(frame, header, "record_changed", "A record is not the one that the device signed for.")
            state.head, state.reported = None, True
        elif state.head is not None:
            state.head = chain.extend(state.head, hash_of_record)
        self._time(state, header)
        self._count(state, frame)
        self._compare(state, frame.position)

    def _refuse(self, frame: Frame, header: Header, code: str, text: str) -> None:
        self._note(
            Finding(
                code, text, f"lane{frame.lane}.records",
                track=track_name(header.track), sequence=header.sequence, position=frame.position,
            )
        )  # fmt: skip

    def _count(self, state: TrackState, frame: Frame) -> None:
        state.next += 1
        state.records += 1
        state.size_bytes += len(frame.record)

    @staticmethod
    def _time(state: TrackState, header: Header) -> None:
        state.first_us = header.media_time_us if state.first_us < 0 else min(state.first_us, header.media_time_us)
        state.last_us = max(state.last_us, header.media_time_us)

    def _state(self, track: int) -> TrackState:
        if track not in self.tracks:
            self.tracks[track] = TrackState(track, chain.start(self.ledger.session_id, track))
            self._compare(self.tracks[track], 0)
        return self.tracks[track]

    def _advance(self, state: TrackState, target: int, position: int | None) -> None:
        """Records next..target-1 are not there: declared ones are counted, others named."""
        for gap in self._gaps.get(state.track, []):
            if gap.last < state.next or gap.first >= target:
                continue
            if gap.first > state.next:
                self._missing(state, gap.first, position)
            self._declared(state, gap, min(gap.last + 1, target))
        if state.next < target:
            self._missing(state, target, position)

    def _missing(self, state: TrackState, target: int, position: int | None) -> None:
        count = target - state.next
        text = f"{count} record{'s are' if count > 1 else ' is'} missing and no gap was declared."
        file = f"lane{_lane_file(state.track)}.records"
        name = track_name(state.track)
        self._note(
            Finding(
                "records_missing", text, file, track=name, sequence=state.next, last_sequence=target - 1,
                position=position,
            )
        )  # fmt: skip
        state.head, state.reported = None, True
        state.missing += count
        state.next = target

    def _declared(self, state: TrackState, gap: Gap, target: int) -> None:
        """A declared hole: with the hashes of what is missing the chain goes on, without it waits for the next head."""
        state.missing += target - state.next
        known = gap.hashes if len(gap.hashes) == gap.last - gap.first + 1 else ()
        if known and state.head is not None:
            for sequence in range(state.next, target):
                state.head = chain.extend(state.head, known[sequence - gap.first])
                state.next += 1
                self._compare(state, 0)
        else:
            state.head, state.reported, state.next = None, True, target
            self._compare(state, 0)

    def _compare(self, state: TrackState, position: int) -> None:
        promises = self._promises.get((state.track, state.next), [])
        device = [promise for promise in promises if not promise.line]
        if device and state.head is not None and any(promise.head != state.head for promise in device):
            self._broken(state, position)
            state.head = None
        if state.head is not None:
            self._receipted(state, promises)
        if device:
            state.head, state.reported = device[0].head, False
            state.anchor, state.anchor_position = state.next, position

    def _broken(self, state: TrackState, position: int) -> None:
        text = "One or more of these records are not what the device signed for."
        file = f"lane{_lane_file(state.track)}.records"
        self._note(
            Finding(
                "chain_broken", text, file, track=track_name(state.track), sequence=state.anchor,
                last_sequence=max(state.next - 1, state.anchor), position=state.anchor_position + 1,
                last_position=max(position, state.anchor_position + 1),
            )
        )  # fmt: skip

    def _receipted(self, state: TrackState, promises: list[Promise]) -> None:
        for promise in promises:
            if promise.line and promise.head == state.head:
                self.attested |= state.track == Track.LEDGER and state.next > 0
            elif promise.line:
                text = f"The server confirmed other records of {track_name(state.track)} before {state.next}."
                wrong = not state.missing
                self._note(Finding("receipt_disagrees", text, "receipts.jsonl", wrong=wrong, line=promise.line))

    def _finish(self, state: TrackState) -> None:
        """The end of a track: nothing that was promised may be missing, and nothing may follow END."""
        promised = max((n for track, n in self._promises if track == state.track), default=0)
        if promised > state.next:
            self._advance(state, promised, None)
        if self.ledger.end:
            self._after_end(state)
        elif state.next > state.anchor:
            text = "These records came after the last signed checkpoint: nothing proves that they are complete."
            self._tail("unproven_tail", text, state, state.anchor, wrong=False)

    def _after_end(self, state: TrackState) -> None:
        if state.track == Track.LEDGER:
            self._ledger_after_end()
            return
        heads = self.ledger.end.heads if self.ledger.end else ()
        last = next((head.next_sequence for head in heads if head.track == state.track), 0)
        if state.next > last:
            self._tail("after_end", "Records stand after the end that the device signed.", state, last, wrong=True)

    def _ledger_after_end(self) -> None:
        """A gap may still be declared after END: the spool can find damage while it drains."""
        for position, entry in self.ledger.entries.items():
            if entry.header.sequence > self.ledger.end_sequence and not isinstance(entry.body, Gap):
                text = "A signed record stands after END."
                sequence = entry.header.sequence
                finding = Finding("after_end", text, "lane0.records", sequence=sequence, position=position)
                self._note(msgspec.structs.replace(finding, track=track_name(Track.LEDGER)))

    def _tail(self, code: str, text: str, state: TrackState, first: int, *, wrong: bool) -> None:
        file = f"lane{_lane_file(state.track)}.records"
        name = track_name(state.track)
        self._note(Finding(code, text, file, wrong=wrong, track=name, sequence=first, last_sequence=state.next - 1))

    def _holes_declared(self) -> None:
        for lane, positions in self.holes.items():
            missing = sum(s.missing for s in self.tracks.values() if _lane_file(s.track) == lane)
            if len(positions) > missing:
                text = f"{len(positions)} places were left empty, {missing} missing records are known."
                file = f"lane{lane}.records"
                self._note(Finding("hole_undeclared", text, file, position=positions[0], last_position=positions[-1]))

    def _note(self, finding: Finding) -> None:
        if len(self.findings) < MAX_FINDINGS:
            self.findings.append(finding)
        else:
            self.findings_left_out += 1


def _lane_file(track: int) -> int:
    return lane_of(track)


def _promises(ledger: Ledger, receipts: list[tuple[int, int, int, bytes]]) -> dict[Name, list[Promise]]:
    promises: dict[Name, list[Promise]] = {}
    for head in ledger.promised_heads():
        promises.setdefault((head.track, head.next_sequence), []).append(Promise(head.head))
    for line, track, following, head_bytes in receipts:
        promises.setdefault((track, following), []).append(Promise(head_bytes, line))
    return promises


def _gaps_by_track(gaps: list[Gap]) -> dict[int, list[Gap]]:
    by_track: dict[int, list[Gap]] = {}
    for gap in sorted(gaps, key=lambda gap: (gap.track, gap.first)):
        if gap.last >= gap.first >= 0:
            by_track.setdefault(gap.track, []).append(gap)
    return by_track
