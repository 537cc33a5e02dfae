"""Silence is counted in time awake, and a part of the agent is late only while it owes an answer."""

from collections.abc import Callable

from candidate_agent.base.heartbeat import Part, Silence


def test_a_look_that_came_late_adds_a_second_at_most() -> None:
    silence = Silence(0.0)
    assert [silence.look(at_s) for at_s in (0.5, 1.0, 4000.0, 4000.5, 3999.0)] == [0.5, 1.0, 2.0, 2.5, 2.5]
    silence.heard()
    assert silence.look(3999.5) == 0.5


def test_a_part_that_answers_is_never_late() -> None:
    part = Part(lambda answer: answer(), 0.0)
    assert [part.late_s(at_s) for at_s in (0.5, 1.0, 1.5)] == [0.5, 0.5, 0.5]


def test_a_part_that_hangs_is_later_and_later_until_it_answers() -> None:
    asked: list[Callable[[], None]] = []
    part = Part(asked.append, 0.0)
    assert [part.late_s(at_s) for at_s in (0.5, 1.0, 1.5)] == [0.5, 1.0, 1.5]
    asked[0]()
    assert part.late_s(2.0) == 0.5


def test_a_part_that_is_gone_is_late() -> None:
    def gone(answer: Callable[[], None]) -> None:
        raise RuntimeError("Event loop is closed")

    part = Part(gone, 0.0)
    assert [part.late_s(at_s) for at_s in (1.0, 2.0)] == [1.0, 2.0]
