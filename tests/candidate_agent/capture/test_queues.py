"""The bounded queues: one drops the oldest, one gathers and makes its writers wait."""

import threading

from candidate_agent.capture.queues import Gathering, Latest
from tests.candidate_agent.capture.studio import until


def test_a_full_queue_drops_the_oldest_and_counts() -> None:
    queue: Latest[int] = Latest(4)
    for number in range(7):
        queue.put(number)
    assert [queue.get(0) for _ in range(5)] == [3, 4, 5, 6, None]
    assert queue.dropped == 3


def test_closing_wakes_the_reader_and_keeps_what_waits() -> None:
    queue: Latest[int] = Latest(4)
    got: list[int | None] = []
    reader = threading.Thread(target=lambda: got.append(queue.get(30)))
    reader.start()
    queue.close()
    reader.join(5)
    assert got == [None]
    queue.put(1)
    assert not queue.finished and queue.get(0) == 1 and queue.finished


def take_all(queue: Gathering[int], bundles: list[list[int]]) -> None:
    """All that a reader takes until the queue is closed."""
    while (items := queue.take()) is not None:
        bundles.append(items)


def test_what_is_not_urgent_waits_for_what_is() -> None:
    queue: Gathering[int] = Gathering(64, 30)
    bundles: list[list[int]] = []
    reader = threading.Thread(target=take_all, args=(queue, bundles), daemon=True)
    reader.start()
    for number in range(4):
        queue.put(number, urgent=number == 3)
    until(lambda: bool(bundles))
    queue.put(4, urgent=False)
    queue.close()
    reader.join(10)
    assert bundles == [[0, 1, 2, 3], [4]]


def test_what_is_not_urgent_comes_after_a_while_or_when_it_is_much() -> None:
    soon: Gathering[int] = Gathering(64, 0.05)
    soon.put(1, urgent=False)
    assert soon.take() == [1] and soon.take() == []
    many: Gathering[int] = Gathering(8, 30)
    for number in range(4):
        many.put(number, urgent=False)
    assert many.take() == [0, 1, 2, 3]


def test_a_writer_waits_for_room_and_nothing_is_lost() -> None:
    queue: Gathering[int] = Gathering(4, 0.05)
    writer = threading.Thread(target=lambda: [queue.put(number, urgent=False) for number in range(50)], daemon=True)
    writer.start()
    got: list[int] = []
    while len(got) < 50:
        items = queue.take()
        assert items is not None and len(items) <= 4
        got += items
    writer.join(10)
    assert got == list(range(50))
