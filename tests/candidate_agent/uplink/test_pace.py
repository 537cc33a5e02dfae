"""The guess of how long the rest takes is made of acknowledged bytes alone, and is none where nobody can know."""

import pytest

from candidate_agent.uplink.pace import SETTLE_S, STALL_S, Pace

S = 1_000_000


def after(seconds: int, bytes_per_s: int, whole: int, pace: Pace | None = None) -> Pace:
    pace = pace or Pace()
    for second in range(seconds + 1):
        left = max(0, whole - second * bytes_per_s)
        pace.look(second * S, left // 1000, left)
    return pace


def test_before_anything_moved_we_cannot_say_yet() -> None:
    pace = Pace()
    pace.look(0, 10, 10_000)
    assert (pace.left_s, pace.share) == (None, 0.0)
    assert after(int(SETTLE_S) - 1, 1000, 100_000).left_s is None


def test_at_a_steady_speed_the_guess_is_right() -> None:
    pace = after(10, 1000, 70_000)
    assert pace.left_s == pytest.approx(60, rel=0.02)
    assert (pace.sent_bytes, pace.sent_records) == (10_000, 10)
    assert pace.share == pytest.approx(1 / 7)


def test_a_speed_that_changes_shows_gently_and_in_the_end_wholly() -> None:
    pace, left = after(20, 1000, 200_000), 180_000
    guesses = []
    for second in range(21, 81):
        left -= 2000
        pace.look(second * S, left, left)
        guesses.append(pace.left_s)
    assert all(guess is not None for guess in guesses)
    first, last = guesses[0] or 0, guesses[-1] or 0
    assert first > 0.8 * 178_000 / 1000, "one fast second is not believed at once"
    assert last == pytest.approx(left / 2000, rel=0.05)


def test_where_nothing_moves_or_the_line_is_gone_nobody_knows() -> None:
    pace = after(10, 1000, 70_000)
    for second in range(11, 12 + int(STALL_S)):
        pace.look(second * S, 60, 60_000)
    assert pace.left_s is None
    pace = after(10, 1000, 70_000)
    pace.look(11 * S, 60, 60_000, link_up=False)
    assert pace.left_s is None


def test_a_short_pause_between_acknowledgements_is_no_stall() -> None:
    pace = Pace()
    for second in range(31):
        left = 100_000 - second // 3 * 3000
        pace.look(second * S, left, left)
    assert pace.left_s == pytest.approx(70, rel=0.35)


def test_nothing_left_is_no_time_left() -> None:
    pace = after(10, 1000, 10_000)
    assert (pace.left_s, pace.share) == (0.0, 1.0)
