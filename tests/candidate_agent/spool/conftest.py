"""Records that the spool takes: real headers, bodies of random bytes. Not sealed: the spool does not care."""

import threading
import time
from collections.abc import Callable

import pytest

from exam_protocol.records import Header, RecordType, Track

SESSION = bytes(range(16))
MakeRecord = Callable[..., bytes]


@pytest.fixture
def make_record() -> MakeRecord:
    counters: dict[int, int] = {}

    def make(track: int = Track.SCREEN, size: int = 100) -> bytes:
        sequence = counters.get(track, 0)
        counters[track] = sequence + 1
        body = (b"%08d" % sequence + bytes([track])) * (size // 9 + 1)
        body = body[:size]
        return Header(RecordType.DATA, track, 0, 1, sequence, sequence * 1000, SESSION, len(body)).pack() + body

    return make


@pytest.fixture
def wait_until() -> Callable[[Callable[[], bool]], None]:
    """Waits for a condition, at most ten seconds."""

    def wait(condition: Callable[[], bool]) -> None:
        tick, deadline = threading.Event(), time.monotonic() + 10
        while not condition():
            assert time.monotonic() < deadline, "the condition did not come true in ten seconds"
            tick.wait(0.005)

    return wait
