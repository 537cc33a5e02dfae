"""The pulse looks on, comes early when it is asked to, survives a failing look, and ends."""

import threading

import pytest

from candidate_agent.platforms.macos.pulse import Pulse

WITHIN_S = 5.0


def test_it_looks_again_and_again() -> None:
    looks = threading.Semaphore(0)
    pulse = Pulse("test", 0.01, looks.release).start()
    assert all(looks.acquire(timeout=WITHIN_S) for _ in range(3))
    pulse.end()


def test_soon_does_not_wait_for_the_period() -> None:
    looked = threading.Event()
    pulse = Pulse("test", 3600, looked.set).start()
    pulse.soon()
    assert looked.wait(WITHIN_S)
    pulse.end()


def test_a_failing_look_is_told_and_the_next_one_made(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(threading, "excepthook", lambda given: told.append(str(given.exc_value)))
    again = threading.Event()

    def look() -> None:
        if told:
            again.set()
        raise ValueError("no answer")

    pulse = Pulse("test", 0.01, look).start()
    assert again.wait(WITHIN_S)
    pulse.end()
    assert set(told) == {"no answer"}


def test_it_ends_once_and_twice_and_from_within() -> None:
    before = threading.active_count()
    pulses: list[Pulse] = []
    ended = threading.Event()

    def look() -> None:
        pulses[0].end()
        ended.set()

    pulses.append(Pulse("test", 0.01, look))
    pulses[0].start()
    assert ended.wait(WITHIN_S)
    pulses[0].end()
    pulses[0].end()
    assert threading.active_count() == before
