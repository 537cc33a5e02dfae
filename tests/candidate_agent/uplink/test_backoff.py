"""Waiting on the line: soon at first, never long, never all at once."""

from hypothesis import given
from hypothesis import strategies as st

from candidate_agent.uplink.backoff import CONNECT_S, LONGEST_S, SILENCE_S, connect_timeout_s, delay_s, silence_limit_s


@given(st.integers(0, 10_000), st.floats(0, 1))
def test_a_pause_is_between_half_of_and_all_of_a_doubling_step(attempt: int, chance: float) -> None:
    assert 0.125 <= delay_s(attempt, chance) <= min(LONGEST_S, 0.25 * 2 ** min(attempt, 10))


def test_after_the_lines_return_pause_and_connection_take_less_than_five_seconds() -> None:
    assert delay_s(99, 1.0) + CONNECT_S < 5


def test_every_fourth_try_is_patient_for_lines_on_which_a_handshake_takes_long() -> None:
    assert [connect_timeout_s(attempt) > CONNECT_S for attempt in range(8)] == [False, False, False, True] * 2


def test_a_large_record_on_a_slow_line_is_given_its_time() -> None:
    assert silence_limit_s(0) == SILENCE_S
    assert silence_limit_s(400_000) >= 100
