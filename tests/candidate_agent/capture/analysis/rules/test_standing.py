"""What was told, goes on and can be mended by the candidate stands until it is over; nothing else ever does."""

from candidate_agent.capture.analysis.observations import Observation
from candidate_agent.capture.analysis.rules.findings import Findings
from tests.candidate_agent.capture.analysis.rules.looks import (
    Script,
    during,
    faces,
    frozen,
    level,
    luma,
    speech,
    us,
)


def standing(script: Script, *, muted: frozenset[str] = frozenset(), until_s: float = 0) -> list[tuple[float, str]]:
    """Each change, with the second at which it was seen, looked at twice a second."""
    findings, seen, changes = Findings(muted), frozenset[str](), list[tuple[float, str]]()
    waiting: list[tuple[float, Observation]] = sorted(script, key=lambda entry: entry[0])
    for half in range(int(2 * max(until_s, waiting[-1][0] + 1)) + 1):
        now_s = half / 2
        while waiting and waiting[0][0] <= now_s:
            findings.take(waiting.pop(0)[1], us(now_s))
        findings.tick(us(now_s))
        now = findings.standing(us(now_s))
        if now != seen:
            seen = now
            changes.append((now_s, ",".join(sorted(now))))
    return changes


def test_a_covered_camera_stands_from_its_flag_until_it_is_uncovered() -> None:
    script = [*during(0, 3, luma(120, 50)), *during(3.5, 20, luma(4, 2)), *during(20.5, 30, luma(120, 50))]
    assert standing(script) == [(8.5, "CAMERA_COVERED"), (20.5, "")]


def test_a_dark_room_stands_until_there_is_light() -> None:
    script = [*during(0, 20, luma(30, 20)), *during(20.5, 25, luma(90, 40))]
    assert standing(script) == [(10.0, "CAMERA_DARK"), (20.5, "")]


def test_a_frozen_camera_stands_until_it_moves_and_no_longer_than_it_is_looked_at() -> None:
    still = [*during(0, 5, luma(120, 50)), *during(5, 25, frozen(5))]
    moves = standing([*still, *during(25.5, 30, frozen(25.5))])
    assert [words for _, words in moves] == ["CAMERA_FROZEN", ""] and 25 < moves[1][0] < 27
    changes = standing(still, until_s=60)
    assert [words for _, words in changes] == ["CAMERA_FROZEN", ""] and 30 < changes[1][0] < 33


def test_a_loud_room_stands_until_it_has_been_quiet_for_some_seconds_and_speech_is_none() -> None:
    loud = during(1, 40, level(-20), every=1)
    changes = standing([*loud, *during(41, 70, level(-60), every=1)])
    assert [words for _, words in changes] == ["NOISE_HIGH", ""] and 44 < changes[1][0] < 55
    assert standing([*speech(0, 40), *loud]) == []


def test_somebody_who_is_away_and_what_is_muted_stand_never() -> None:
    assert standing(during(0, 60, faces())) == []
    assert standing(during(0, 20, luma(4, 2)), muted=frozenset({"CAMERA_COVERED"})) == []


def test_in_a_break_nothing_stands() -> None:
    findings = Findings()
    for second, seen in during(0, 10, luma(4, 2)):
        findings.take(seen, us(second))
    assert findings.standing(us(10)) == {"CAMERA_COVERED"}
    findings.rest(us(10.5))
    assert findings.standing(us(10.5)) == frozenset()
