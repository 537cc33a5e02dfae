"""The index finds what it is asked for without reading everything else."""

from pathlib import Path

from candidate_agent.spool.index import Index, LaneState, Row

SEGMENTS, RECORDS = 50, 200


def test_the_last_record_of_an_old_segment_is_found_without_walking_through_the_later_ones(tmp_path: Path) -> None:
    """A long outage leaves hundreds of segments, and each is asked for at the next start."""
    index = Index(tmp_path / "index.sqlite")
    index.open()
    rows = (
        Row(1, position, (position - 1) // RECORDS * RECORDS + 1, 0, 1, b"", 1, position, 0)
        for position in range(1, SEGMENTS * RECORDS + 1)
    )
    index.commit(rows, [LaneState(1, SEGMENTS * RECORDS, 0)], (), {})
    steps: list[int] = []
    index._reader.set_progress_handler(lambda: steps.append(100), 100)
    try:
        for first in range(1, SEGMENTS * RECORDS, RECORDS):
            last = index.last_row(1, first, first + RECORDS)
            assert last is not None and last.position == first + RECORDS - 1
        assert sum(steps) < 100 * SEGMENTS
        assert index.last_row(1, SEGMENTS * RECORDS + 1, 1 << 62) is None
    finally:
        index.close()
