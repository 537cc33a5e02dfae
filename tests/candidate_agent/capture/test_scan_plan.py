"""The plan of a room scan: by the ground that was covered, by time where nothing turns, by hand where nothing can."""

from candidate_agent.capture import scan_plan
from candidate_agent.capture.scan_plan import Next, Plan


def play(speed: float, seconds: float, plan: Plan | None = None, press_s: float = -1) -> tuple[Plan, list[str], float]:
    """Ten pictures a second, turned by `speed` degrees a second. (plan, labels of kept pictures, when it was done)"""
    plan, kept = plan or scan_plan.begin(False, 0), []
    for number in range(round(seconds * 10)):
        now_us = number * 100_000
        seen: Next = scan_plan.saw(plan, speed / 10 if number else 0, now_us, number == round(press_s * 10))
        plan = seen.plan
        if seen.keep:
            kept.append(seen.label)
        if plan.part == scan_plan.DONE:
            return plan, kept, number / 10
    return plan, kept, seconds


def test_a_full_turn_keeps_a_picture_of_each_direction_and_one_of_the_desk() -> None:
    plan, kept, took_s = play(20, 60)
    assert (plan.part, plan.manner, len(plan.covered)) == (scan_plan.DONE, scan_plan.TURNED, 8)
    assert [label for label in kept if label != "timed"] == [*"01234567", "desk"]
    assert took_s < 25


def test_turning_to_the_left_and_back_counts_each_direction_once() -> None:
    plan, _, _ = play(-20, 9)
    assert sorted(plan.covered) == [0, 4, 5, 6, 7]
    back, kept_back, _ = play(20, 9, Plan(covered=plan.covered, heading=plan.heading, ground=plan.ground))
    assert back.covered == plan.covered and [label for label in kept_back if label != "timed"] == []


def test_a_picture_that_does_not_turn_ends_by_time_and_says_so() -> None:
    plan, kept, took_s = play(0, 60)
    assert (plan.part, plan.manner, took_s) == (scan_plan.DONE, scan_plan.TIMED, 20)
    assert kept == ["0", *["timed"] * 7]
    assert not scan_plan.stands_still(scan_plan.begin(False, 0), 9_000_000)
    assert scan_plan.stands_still(scan_plan.begin(False, 0), 10_000_000)


def test_somebody_who_sways_before_the_camera_is_not_waited_for() -> None:
    plan = scan_plan.begin(False, 0)
    for number in range(250):
        to_and_fro = 8.0 if number // 10 % 2 else -8.0  # degrees a second
        plan = scan_plan.saw(plan, to_and_fro / 10, number * 100_000).plan
    assert (plan.part, plan.manner, plan.timed) == (scan_plan.DONE, scan_plan.TIMED, 7)


def test_who_stops_on_the_way_is_asked_for_the_desk_and_keeps_what_was_seen() -> None:
    half, _, _ = play(20, 9)
    plan, kept, _ = play(0, 60, half)
    assert (plan.part, plan.manner) == (scan_plan.DONE, scan_plan.TURNED) and 3 < len(plan.covered) < 8
    assert kept[-1] == "desk"


def test_a_very_slow_turn_ends_after_a_minute_with_the_desk() -> None:
    plan, kept, took_s = play(4.5, 90)
    assert plan.part == scan_plan.DONE and kept[-1] == "desk" and 60 <= took_s <= 66


def test_a_press_goes_on_to_the_desk() -> None:
    plan, kept, took_s = play(20, 60, press_s=4)
    assert plan.part == scan_plan.DONE and kept[-1] == "desk" and took_s < 10


def test_by_hand_each_picture_waits_for_its_press() -> None:
    plan, kept = scan_plan.begin(True, 0), list[str]()
    assert scan_plan.saw(plan, 0, 30_000_000).plan.part == "desk"
    for number in range(3):
        seen = scan_plan.saw(plan, 0, 1_000_000 * number, pressed=True)
        plan = seen.plan
        kept.append(seen.label)
    assert kept == ["desk", "left", "right"] and (plan.part, plan.manner) == (scan_plan.DONE, "desk_only")


def test_by_hand_nobody_is_waited_for_without_end() -> None:
    _, kept, took_s = play(0, 300, scan_plan.begin(True, 0))
    assert kept == ["desk", "left", "right"] and took_s == 180


def test_progress_never_goes_back_and_ends_whole() -> None:
    plan, shares = scan_plan.begin(False, 0), [0.0]
    for number in range(700):
        plan = scan_plan.saw(plan, 2 if number % 50 else 0, number * 100_000).plan
        shares.append(scan_plan.share(plan, number * 100_000))
    assert shares == sorted(shares) and shares[-1] == 1
