"""kill -9 of a real writer at random moments: what append() returned for is there afterwards, whole and in order."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from candidate_agent.spool.store import Spool
from exam_protocol.records import Lane, Track, parse_header

WRITER = """
import itertools, sys
from pathlib import Path
from candidate_agent.spool.store import Spool
from exam_protocol.records import Header, Lane, RecordType, Track

spool = Spool(Path(sys.argv[1]), segment_bytes=100_000, ballast_bytes=4096, sync_interval_s=0.005)
spool.open()
start = {lane: spool.last_position(lane) for lane in (0, 1)}
for number in itertools.count():
    lane = Lane.CONTROL if number % 5 == 0 else Lane.MEDIA
    track = Track.LOG if lane == Lane.CONTROL else Track.SCREEN
    position = spool.last_position(lane) + 1
    body = position.to_bytes(4, "big") * 500
    record = Header(RecordType.DATA, track, 0, 1, position - 1, position, bytes(16), len(body)).pack() + body
    assert spool.append(lane, record) == position
    if number % 50 == 0:
        spool.free(Lane.MEDIA, max(0, spool.synced_position(Lane.MEDIA) - 100))
    sys.stdout.write(f"{lane} {position}\\n")
    sys.stdout.flush()
"""


@pytest.mark.slow
def test_ten_kills_lose_nothing_that_append_returned_for(tmp_path: Path) -> None:
    chance = random.Random(7)
    returned = {0: 0, 1: 0}
    for _ in range(10):
        for lane, position in killed_after(tmp_path, chance.randrange(1, 1500)):
            returned[lane] = position
        spool = Spool(tmp_path, ballast_bytes=4096, sync_interval_s=None)
        spool.open()
        for lane in (Lane.CONTROL, Lane.MEDIA):
            last = spool.last_position(lane)
            assert last >= returned[lane]
            for position in range(max(1, spool.freed_position(lane) + 1, last - 400), last + 1):
                record = spool.read(lane, position)
                assert record is not None and parse_header(record).sequence == position - 1
                assert record[44:] == position.to_bytes(4, "big") * 500
            track = Track.LOG if lane == Lane.CONTROL else Track.SCREEN
            assert next(head for head in spool.heads() if head.track == track).next_sequence == last
        spool.close()


def killed_after(directory: Path, count: int) -> list[tuple[int, int]]:
    """Runs the writer until it told of `count` records, kills it, and gives everything it had told of by then."""
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(directory)], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    with writer.stdout:
        lines = [writer.stdout.readline() for _ in range(count)]
        writer.kill()
        lines += writer.stdout.readlines()
    writer.wait()
    whole = [line.split() for line in lines if line.endswith("\n")]
    return [(int(lane), int(position)) for lane, position in whole]
