"""A covered face is told by what changed in it since this person sat down, by nothing that was there from the start."""

from candidate_agent.capture.analysis.observations import FaceCover
from candidate_agent.capture.analysis.rules.cover import LOOKS_FIRST
from candidate_agent.capture.analysis.rules.findings import Findings
from tests.candidate_agent.capture.analysis.rules.looks import us

OWN, CLOTH, BEARD = (0.03, -0.04, -0.3), (-0.5, 0.2, 0.1), (0.12, -0.13, -0.9)
Part = tuple[float, float, tuple[float, float, float] | None]


def told(*parts: Part) -> list[str]:
    """From, to, and the lower half of the face for so long; two looks a second."""
    findings, flags = Findings(), []
    for begin, end, lower in parts:
        for step in range(int((end - begin) * 2)):
            at_us = us(begin + step / 2)
            flags += findings.take(FaceCover(at_us, 1.0, lower), at_us)
    return [flag.code for flag in (*flags, *findings.end())]


def test_a_cloth_that_stays_ten_seconds_is_told_once() -> None:
    assert told((0, 8, OWN), (8, 40, CLOTH)) == ["FACE_COVERED"]


def test_a_cup_that_is_put_down_again_is_not() -> None:
    assert told((0, 8, OWN), (8, 14, CLOTH), (14, 20, OWN), (20, 27, CLOTH), (27, 60, OWN)) == []


def test_a_beard_and_a_cover_from_the_start_say_nothing() -> None:
    assert told((0, 60, BEARD)) == told((0, 60, CLOTH)) == []


def test_small_changes_of_light_and_turns_are_followed() -> None:
    slow = tuple((8 + 5.0 * step, 13 + 5.0 * step, (0.03, -0.04, -0.3 - 0.05 * step)) for step in range(20))
    assert told((0, 8, OWN), *slow) == []
    assert told((0, 8, OWN), (8, 40, None)) == [], "turned away: nothing is known"


def test_nothing_is_told_before_this_face_is_known() -> None:
    few = (LOOKS_FIRST - 2) / 2
    assert told((0, few, OWN), (few, few + 3, CLOTH)) == []
