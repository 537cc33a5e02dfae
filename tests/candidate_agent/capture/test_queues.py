"""The bounded queue that drops the oldest."""

import threading

from candidate_agent.capture.queues import Latest


def test_a_full_queue_drops_the_oldest_and_counts() -> None:
    queue: Latest[int] = Latest(4)
    for number in range(7):
        queue.put(number)
    assert [queue.get(0) for _ in range(5)] == [3, 4, 5, 6, None]
    assert queue.dropped == 3


def test_closing_wakes_the_reader() -> None:
    queue: Latest[int] = Latest(4)
    got: list[int | None] = []
    reader = threading.Thread(target=lambda: got.append(queue.get(30)))
    reader.start()
    queue.close()
    reader.join(5)
    assert got == [None] and queue.finished


def test_what_waits_is_still_taken_out_after_closing_and_nothing_comes_behind_it() -> None:
    queue: Latest[int] = Latest(4)
    queue.put(1)
    queue.close()
    queue.put(2)
    assert not queue.finished and queue.get(0) == 1 and queue.finished
