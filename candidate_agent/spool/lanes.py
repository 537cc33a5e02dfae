"""The plain state that `store` keeps of each lane, and what one sync makes durable."""

from dataclasses import dataclass

from candidate_agent.spool.index import LaneState, Row
from candidate_agent.spool.log import SegmentWriter
from exam_protocol.records import TrackHead


class LaneFiles:
    """What is known of one lane. `rows`: appended, not yet in the index, by position."""

    def __init__(self, state: LaneState) -> None:
        self.lane, self.last, self.freed = state.lane, state.last, state.freed
        self.synced = state.last
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
    """What one sync makes durable."""

    last: dict[int, int]
    rows: list[Row]
    states: list[LaneState]
    heads: tuple[TrackHead, ...]
    media_time_us: int
    current: list[SegmentWriter]
    full: list[tuple[LaneFiles, SegmentWriter]]
    doomed: list[tuple[int, int]]
    new_files: bool

    @property
    def is_empty(self) -> bool:
        return not (self.rows or self.full or self.doomed or self.new_files)
