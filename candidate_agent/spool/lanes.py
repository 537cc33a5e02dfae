"""The plain state that `store` keeps of each lane, how it comes back after a crash, and what one sync makes durable."""

import os
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from candidate_agent.spool.index import LaneState, Row
from candidate_agent.spool.log import SegmentWriter, scan, segment_path
from exam_protocol.records import Header, TrackHead, parse_header


class LaneFiles:
    """What is known of one lane. `rows`: appended, not yet in the index, by position: all those after `indexed`."""

    def __init__(self, state: LaneState) -> None:
        self.lane, self.last, self.freed = state.lane, state.last, state.freed
        self.synced = self.indexed = state.last
        self.dropped = 0
        self.segments: list[int] = []
        self.doomed: list[int] = []  # acknowledged segments, deleted once the index has forgotten them
        self.rows: dict[int, Row] = {}
        self.writer: SegmentWriter | None = None
        self.full: list[SegmentWriter] = []  # to be synced once more, then closed
        self.backlog_bytes = 0

    def state(self) -> LaneState:
        return LaneState(self.lane, self.last, self.freed, self.dropped)


@dataclass(frozen=True, slots=True)
class Batch:
    """What one sync makes durable. `has_news`: records that were not sendable yet."""

    last: dict[int, int]
    rows: list[Row]
    states: list[LaneState]
    heads: tuple[TrackHead, ...]
    media_time_us: int
    current: list[SegmentWriter]
    full: list[tuple[LaneFiles, SegmentWriter]]
    doomed: list[tuple[int, int]]
    new_files: bool
    has_news: bool

    @property
    def is_empty(self) -> bool:
        return not (self.rows or self.full or self.doomed or self.new_files)

    @property
    def needs_index(self) -> bool:
        """Files come and go together with what the index says of them."""
        return bool(self.full or self.doomed or self.new_files)


Note = Callable[[LaneFiles, int, int, bytes, Header], None]


def take_batch(
    lanes: Collection[LaneFiles], heads: tuple[TrackHead, ...], media_time_us: int, new_files: bool
) -> Batch:
    """What is to be made durable now; full and doomed segments are the batch's business from here on."""
    batch = Batch(
        last={lane.lane: lane.last for lane in lanes},
        rows=[row for lane in lanes for row in lane.rows.values()],
        states=[lane.state() for lane in lanes],
        heads=heads,
        media_time_us=media_time_us,
        current=[lane.writer for lane in lanes if lane.writer is not None and lane.last > lane.synced],
        full=[(lane, writer) for lane in lanes for writer in lane.full],
        doomed=[(lane.lane, first) for lane in lanes for first in lane.doomed],
        new_files=new_files,
        has_news=any(lane.last > lane.synced for lane in lanes),
    )
    for lane in lanes:
        lane.full, lane.doomed = [], []
    return batch


def recover_segment(
    directory: Path,
    lane: LaneFiles,
    first: int,
    indexed: Row | None,
    note: Note,
) -> None:
    """Notes what stands whole behind the last indexed record; cuts off or deletes the rest."""
    path = segment_path(directory, lane.lane, first)
    end = indexed.offset + indexed.length if indexed else 0
    last_before = lane.last
    for found in scan(path, end):
        if found.position > lane.last + 1:
            break
        end = found.offset + len(found.record)
        if found.position == lane.last + 1:
            note(lane, first, found.offset, found.record, parse_header(found.record))
    if indexed or lane.last > last_before:
        lane.segments.append(first)
        if path.stat().st_size > end:
            os.truncate(path, end)
    else:  # nothing whole in it, or all of it acknowledged
        path.unlink()
