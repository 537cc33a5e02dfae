"""Tables of what was observed and what is flagged, with time as a value; then any sequence at all."""

from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from candidate_agent.capture.analysis.observations import FaceBox, FacesSeen, HeadPose, Observation, SoundLevel
from candidate_agent.capture.analysis.rules.findings import Findings
from exam_protocol.catalogue import FLAGS
from exam_protocol.records import FlagEntry
from tests.candidate_agent.capture.analysis.rules.looks import (
    BOOK,
    FACE,
    OTHER,
    PERSON,
    PHONE,
    Script,
    codes,
    cover,
    during,
    eyes,
    faces,
    frozen,
    head,
    level,
    luma,
    objects,
    play,
    speech,
    us,
)

WEAK = FaceBox(0.4, 0.2, 0.2, 0.4, 0.7)
SMALL = FaceBox(0.1, 0.2, 0.02, 0.03, 0.9)
SEATED = during(0, 60, head(3, -5))


def glances(name: str, seconds: float = 5, count: int = 5, *, begin: float = 70, apart: float = 30) -> Script:
    turned = {"left": head(35, -5), "right": head(-35, -5), "up": head(3, 25), "down": head(3, -45)}[name]
    script = []
    for number in range(count):
        at = begin + number * apart
        script += during(at, at + seconds, turned) + during(at + seconds + 0.5, at + apart - 0.5, head(3, -5))
    return script


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        # presence
        (during(0, 60, faces(FACE)), []),
        (during(0, 14.5, faces()) + during(15, 30, faces(FACE)), []),
        (during(0, 15, faces()), ["FACE_ABSENT"]),
        (during(0, 29, faces()), ["FACE_ABSENT"]),
        (during(0, 10, faces()) + during(10.5, 10.5, faces(FACE)) + during(11, 16, faces()), ["FACE_ABSENT"]),
        (during(0, 10, faces()) + during(10.5, 11, faces(FACE)) + during(11.5, 26, faces()), []),
        (during(0, 10, faces()) + during(10.5, 10.5, faces(WEAK)) + during(11, 16, faces()), ["FACE_ABSENT"]),
        (during(0, 5, faces()) + during(5.5, 60, faces(WEAK)), []),
        (during(0, 20, faces(), every=4), ["FACE_ABSENT"]),
        (during(0, 60, faces(), every=7), []),  # looks so far apart say nothing of the time between
        (during(0, 10, faces()) + during(100, 110, faces()), []),
        (during(0, 9, faces(FACE, OTHER)) + during(9.5, 20, faces(FACE)), ["FACE_MULTIPLE"]),
        (during(0, 2.5, faces(FACE, OTHER)) + during(3, 20, faces(FACE)), []),
        (during(0, 1.5, faces(FACE, OTHER)) + during(5, 6.5, faces(FACE, OTHER)), ["FACE_MULTIPLE"]),
        (during(0, 60, faces(FACE, SMALL)), []),
        (during(0, 60, faces(FACE, WEAK)), []),
        (during(0, 14, faces()) + during(0, 60, objects()), []),  # nobody looked for faces any more
        (during(0, 29.5, faces()) + during(0, 29.5, objects()), ["FACE_ABSENT"]),
        (during(0, 30.5, faces()) + during(0, 30.5, objects()), ["FACE_ABSENT", "SEAT_LEFT"]),
        (during(0, 300, faces()) + during(0, 300, objects()), ["FACE_ABSENT", "SEAT_LEFT"]),
        (during(0, 300, faces()) + during(0, 300, objects(PERSON)), ["FACE_ABSENT"]),
        (during(0, 120, objects()) + during(0, 120, faces(FACE)), []),
        (during(0, 10, cover(0.1)), ["FACE_COVERED"]),
        (during(0, 9.5, cover(0.1)) + during(10, 20, cover(0.9)), []),
        (during(0, 60, cover(0.5)), []),
        # the way somebody looks
        (SEATED + glances("left"), ["GAZE_AWAY_PATTERN"]),
        (SEATED + glances("right"), ["GAZE_AWAY_PATTERN"]),
        (SEATED + glances("up"), ["GAZE_AWAY_PATTERN"]),
        (SEATED + glances("down"), ["GAZE_AWAY_PATTERN"]),
        (SEATED + glances("left", count=4), []),
        (SEATED + glances("left", seconds=3.5), []),
        (SEATED + glances("left", apart=80), []),
        (SEATED + glances("left", count=3) + glances("right", count=3, begin=160), []),
        (SEATED + glances("left", count=10, apart=12), ["GAZE_AWAY_PATTERN"] * 2),
        (during(0, 300, head(33, 0)), []),  # that is how this person sits
        # things
        (during(0, 1, objects(PHONE)), ["PHONE_VISIBLE"]),
        (during(0, 0.5, objects(PHONE)) + during(1, 60, objects()), []),
        ([*during(0, 2, objects(PHONE), every=1), *during(0.5, 1.5, objects(), every=1)], ["PHONE_VISIBLE"]),
        (during(0, 60, objects(PHONE), every=2), ["PHONE_VISIBLE"]),
        (during(0, 60, objects(PHONE), every=7), []),
        (during(0, 10, objects(BOOK)), ["BOOK_VISIBLE"]),
        # the camera
        (during(0, 5, luma(5, 2)), ["CAMERA_COVERED"]),
        (during(0, 4.5, luma(5, 2)) + during(5, 60, luma(120, 50)), []),
        (during(0, 60, luma(120, 3)), []),  # a white wall
        (during(0, 60, luma(25, 20)), ["CAMERA_DARK"]),
        (during(0, 60, luma(45, 20)), []),
        (during(0, 60, luma(5, 2)) + during(0, 60, faces()) + during(0, 60, objects()), ["CAMERA_COVERED"]),
        (during(0, 12, frozen(0)), ["CAMERA_FROZEN"]),
        (during(0, 10, frozen(0)) + during(10.5, 30, frozen(100)), []),
        (during(0, 60, frozen(100)), []),
        (during(0, 60, luma(5, 2)) + during(0, 60, frozen(0)), ["CAMERA_COVERED"]),
        # sound
        (speech(0, 5), ["VOICE_NEAR"]),
        (speech(0, 4.5), []),
        (speech(0, 2) + speech(20, 22) + speech(31, 33) + speech(50, 52), []),
        (speech(0, 2) + speech(10, 12) + speech(20, 22), ["VOICE_NEAR"]),
        (speech(0, 50), ["VOICE_NEAR"]),
        (during(0, 30, level(-20), every=1), ["NOISE_HIGH"]),
        (during(0, 60, level(-33), every=1), []),
        (during(0, 300, level(-20), every=1) + speech(-1, 300), ["VOICE_NEAR"]),
        (during(0, 15, level(-20), every=1) + during(16, 60, level(-50), every=1), []),
    ],
)
def test_what_is_observed_is_flagged(script: Script, expected: list[str]) -> None:
    assert codes(play([(second + 5, moved(seen, 5)) for second, seen in script])) == expected


def moved(seen: Observation, by: float) -> Observation:
    """The same later: so that a script may begin at 0, or a little before."""
    times = {field.name: getattr(seen, field.name) for field in fields(seen)}
    return type(seen)(**{
        name: value + us(by) if name in ("at_us", "from_us", "to_us") else value for name, value in times.items()
    })  # fmt: skip


def test_a_reason_says_the_number_and_the_flag_says_from_when_to_when() -> None:
    (flag,) = play(during(3, 18, faces()))
    assert (flag.reason, flag.numbers, flag.from_us, flag.to_us) == (
        "No face for 15 s.", {"seconds": 15}, us(3), us(18),
    )  # fmt: skip


def test_no_face_in_a_dark_room_weighs_less_and_says_so() -> None:
    flags = play(during(0, 16, faces()) + during(0, 16, luma(20, 15)))
    absent = next(flag for flag in flags if flag.code == "FACE_ABSENT")
    assert absent.severity == "low" and absent.reason == "No face for 15 s; the picture is dark."


def test_what_an_accommodation_mutes_is_never_made() -> None:
    script = during(0, 40, faces()) + during(0, 40, objects()) + speech(1, 20)
    assert codes(play(script, Findings(frozenset({"FACE_ABSENT", "VOICE_NEAR"})))) == ["SEAT_LEFT"]
    assert play(script, Findings(frozenset(FLAGS))) == []


def test_repeats_within_a_minute_are_one_flag_with_a_count() -> None:
    script: Script = []
    for begin in (0, 17, 34):
        script += during(begin, begin + 16, faces()) + during(begin + 16.1, begin + 16.6, faces(FACE))
    assert [(flag.code, flag.count) for flag in play(script)] == [("FACE_ABSENT", 1), ("FACE_ABSENT", 2)]


def test_a_break_counts_for_nothing() -> None:
    findings = Findings()
    flags = [flag for second, seen in during(0, 12, faces()) for flag in findings.take(seen, us(second))]
    findings.rest(us(12.2))
    for second, seen in during(12.5, 300, faces()):
        flags += findings.take(seen, us(second))
    findings.resume(us(300))
    for second, seen in during(300, 312, faces()):
        flags += findings.take(seen, us(second))
    assert flags == []
    assert codes(list(findings.take(FacesSeen(us(315), ()), us(315)))) == ["FACE_ABSENT"]


def test_what_was_seen_before_a_break_and_comes_after_it_is_left_out() -> None:
    findings = Findings()
    findings.rest(us(5))
    findings.resume(us(100))
    assert findings.take(FacesSeen(us(4), ()), us(100)) == ()
    assert codes([flag for at, seen in during(101, 116, faces()) for flag in findings.take(seen, us(at))]) == [
        "FACE_ABSENT"
    ]


def test_a_pattern_says_from_where_it_was_measured() -> None:
    (flag,) = play(SEATED + glances("left"))
    assert flag.numbers == {"episodes": 5, "baseline_yaw_deg": 3.0, "baseline_pitch_deg": -5.0}
    assert flag.reason == "Looked to their left 5 times within 5 min, for 4 s or longer each time."
    assert flag.from_us == us(70)


def test_eyes_count_with_the_head_and_closed_eyes_do_not() -> None:
    def turned(open_share: float) -> Script:
        script = during(0, 60, head(0)) + during(0, 60, eyes(0))
        for begin in range(70, 220, 30):
            script += during(begin, begin + 29, head(12))
            script += during(begin, begin + 5, eyes(14, open_share=open_share)) + during(
                begin + 5.5, begin + 29, eyes(0)
            )
        return script

    assert codes(play(turned(1.0))) == ["GAZE_AWAY_PATTERN"]
    assert play(turned(0.1)) == []


def test_nobody_can_turn_away_slowly_and_become_the_new_baseline() -> None:
    """Half an hour at the edge of what still counts as looking here, then aside: it is seen as before."""
    script = SEATED + during(61, 1860, head(3 + 9.9, -5), every=2)
    assert codes(play(script + glances("left", begin=1870))) == ["GAZE_AWAY_PATTERN"]
    assert play(SEATED + glances("left", count=0) + during(61, 400, head(3 + 9.9, -5), every=2)) == []


def test_a_seat_that_shifts_a_little_is_followed() -> None:
    script = SEATED
    for step in range(9):  # a degree a minute to the left, nine in all
        script = script + during(60.5 + 60 * step, 120 + 60 * step, head(3 + step, -5))
    (flag,) = play(script + glances("left", begin=700))
    assert flag.numbers["baseline_yaw_deg"] >= 9


def test_an_unsteady_first_minute_is_measured_for_longer() -> None:
    unsteady = [*during(0, 29, head(-30, 0)), *during(29.5, 60, head(30, 0))]
    settled = unsteady + during(60.5, 200, head(0, 0))
    (flag,) = play(settled + glances("left", begin=210))
    assert abs(flag.numbers["baseline_yaw_deg"]) <= 4


def test_what_comes_out_of_order_or_from_the_future_is_left_out() -> None:
    findings = Findings()
    assert findings.take(FacesSeen(us(99), ()), us(1)) == ()
    for second in range(2, 40, 2):
        assert findings.take(FacesSeen(us(1), ()), us(second)) == ()


_TIMES = st.integers(-(10**7), 10**9)
_SHARES = st.floats(0, 1)
_DEGREES = st.floats(-180, 180)
_OBSERVATIONS = st.one_of(
    st.tuples(_TIMES, st.lists(st.tuples(_SHARES, _SHARES, _SHARES, _SHARES, _SHARES), max_size=3)).map(
        lambda drawn: faces(*(FaceBox(*box) for box in drawn[1]))(drawn[0])
    ),
    st.builds(HeadPose, _TIMES, _DEGREES, _DEGREES, _DEGREES),
    st.builds(lambda at, yaw, pitch, share: eyes(yaw, pitch, share)(at), _TIMES, _DEGREES, _DEGREES, _SHARES),
    st.builds(lambda at, seen: cover(seen)(at), _TIMES, _SHARES),
    st.builds(
        lambda at, seen: objects(*seen)(at), _TIMES, st.lists(st.sampled_from((PERSON, PHONE, BOOK)), max_size=3)
    ),
    st.builds(lambda at, mean, spread: luma(mean, spread)(at), _TIMES, st.floats(0, 255), st.floats(0, 128)),
    st.builds(lambda at, since: frozen(since)(at), _TIMES, st.floats(-10, 1000)),
    st.builds(lambda begin, long: speech(begin, begin + long)[-1][1], st.floats(0, 900), st.floats(0.1, 60)),
    st.builds(SoundLevel, _TIMES, st.floats(-120, 10)),
)
_STEPS = st.one_of(
    st.tuples(st.just("take"), _OBSERVATIONS, st.integers(-(10**6), 10**7)),
    st.tuples(st.sampled_from(("tick", "rest", "resume")), st.none(), st.integers(-(10**6), 10**8)),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(_STEPS, max_size=120))
def test_whatever_comes_whenever_nothing_breaks_and_times_make_sense(steps: list[tuple[str, Any, int]]) -> None:
    findings, now_us, latest_us = Findings(), 0, 0
    flags: list[FlagEntry] = []
    for what, observation, step_us in steps:
        now_us += step_us
        latest_us = max(latest_us, now_us)
        match what:
            case "take":
                flags += findings.take(observation, now_us)
            case "tick":
                flags += findings.tick(now_us)
            case "rest":
                findings.rest(now_us)
            case "resume":
                findings.resume(now_us)
    for flag in [*flags, *findings.end()]:
        assert 0 <= flag.from_us <= flag.to_us <= latest_us
        assert flag.count >= 1 and flag.reason and flag.code in FLAGS
