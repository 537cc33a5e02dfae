"""A thread that stands back does so alone."""

import os
import sys
import threading

import pytest

from candidate_agent.platforms.low_priority import NICE, stand_back


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the priority of a thread")
def test_the_thread_stands_back_and_no_other_does() -> None:
    before, found = os.getpriority(os.PRIO_PROCESS, 0), []

    def work() -> None:
        found.append((stand_back(), os.getpriority(os.PRIO_PROCESS, threading.get_native_id())))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [(True, min(19, before + NICE))]
    assert os.getpriority(os.PRIO_PROCESS, threading.main_thread().native_id or 0) == before
