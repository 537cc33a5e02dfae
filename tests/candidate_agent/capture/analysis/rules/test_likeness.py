"""Another face or voice is told after three hits in a minute, only where it was asked for, with how well that works."""

import pytest

from candidate_agent.capture.analysis.observations import FaceLikeness, Observation, VoiceLikeness
from candidate_agent.capture.analysis.rules.findings import Findings
from candidate_agent.capture.analysis.rules.likeness import (
    FACE_LIKE,
    FACE_TRIALS,
    VOICE_LIKE,
    VOICE_TRIALS,
    Trials,
)
from exam_protocol.records import FlagEntry
from tests.candidate_agent.capture.analysis.rules.looks import Script, codes, play, us

BOTH = frozenset({"FACE_CHANGED", "VOICE_SECOND"})


def face(second: float, likeness: float) -> tuple[float, Observation]:
    return second, FaceLikeness(us(second), likeness)


def voice(second: float, likeness: float) -> tuple[float, Observation]:
    return second, VoiceLikeness(us(second - 1.6), us(second), likeness)


def told(script: Script, opt_in: frozenset[str] = BOTH) -> list[FlagEntry]:
    return play(script, Findings(opt_in=opt_in))


@pytest.mark.parametrize(
    ("make", "limit", "code"), [(face, FACE_LIKE, "FACE_CHANGED"), (voice, VOICE_LIKE, "VOICE_SECOND")]
)
def test_three_hits_within_a_minute_are_told_and_two_are_not(make, limit: float, code: str) -> None:  # type: ignore[no-untyped-def]
    low, high = limit - 0.1, limit + 0.1
    alike = [make(second, high) for second in range(20, 60, 4)]
    assert told([*alike, make(61, low), make(65, low)]) == []
    assert codes(told([*alike, make(61, low), make(65, low), make(69, high), make(73, low)])) == [code]
    assert told([make(second, low) for second in (10, 50, 90, 130, 170)]) == []


def test_what_the_policy_does_not_name_is_not_told() -> None:
    script = [*(face(second, 0.0) for second in range(5, 60, 4)), *(voice(second, 0.0) for second in range(5, 60, 4))]
    assert told(script, frozenset()) == []
    assert codes(told(script, frozenset({"VOICE_SECOND"}))) == ["VOICE_SECOND"]


def test_somebody_who_stays_is_told_once_and_who_comes_again_is_told_again() -> None:
    stays = [face(second, 0.1) for second in range(5, 300, 4)]
    assert codes(told(stays)) == ["FACE_CHANGED"]
    again = [face(second, 0.8) for second in range(301, 400, 4)] + [face(second, 0.1) for second in range(401, 420, 4)]
    assert codes(told(stays + again)) == ["FACE_CHANGED", "FACE_CHANGED"]


def test_what_was_counted_before_a_break_does_not_count_after_it() -> None:
    findings = Findings(opt_in=BOTH)
    for second in (5, 9):
        findings.take(face(second, 0.1)[1], us(second))
    findings.rest(us(10))
    findings.resume(us(20))
    assert findings.take(face(24, 0.1)[1], us(24)) == ()


def test_the_flag_says_its_numbers_and_how_well_it_works() -> None:
    (changed,) = told([face(second, 0.123) for second in (10, 14, 18)])
    assert changed.reason.startswith(
        "The face was unlike the one at the start in 3 looks within 8 s (likeness at most 0.12;"
    )
    assert FACE_TRIALS.words("other faces") in changed.reason
    assert (changed.from_us, changed.to_us) == (us(10), us(18))
    assert changed.numbers == {"looks": 3, "likeness": 0.12} and changed.severity == "medium"
    (second,) = told([voice(at, 0.4) for at in (10, 12, 14)])
    assert VOICE_TRIALS.words("other voices") in second.reason
    assert (second.from_us, second.to_us) == (us(8.4), us(14))


@pytest.mark.parametrize("trials", [FACE_TRIALS, VOICE_TRIALS])
def test_how_well_it_works_was_measured(trials: Trials) -> None:
    assert 0 < trials.found <= trials.changes and 0 <= trials.wrong <= trials.unchanged
    assert trials.changes >= 20 and trials.unchanged >= 5
