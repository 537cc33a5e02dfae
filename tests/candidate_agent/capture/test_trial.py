"""How fast a computer would record: the real encoders, a short while."""

import itertools

import pytest

from candidate_agent.capture import trial


@pytest.mark.parametrize("profile", ["low", "store"])
def test_a_trial_makes_whole_seconds_of_recording_until_its_time_is_up(profile: str) -> None:
    """On a clock that says 0.4 s each time it is asked: three looks, so three seconds made in 1.6."""
    clock = (round(0.4 * look, 1) for look in itertools.count())
    assert trial.speed(profile, 1.0, lambda: next(clock)) == pytest.approx(2 / 1.6, rel=0.01)


def test_the_real_clock_gives_a_figure() -> None:
    assert trial.speed("store", 0.1) > 0


def test_a_profile_that_is_none_is_an_error() -> None:
    with pytest.raises(KeyError):
        trial.speed("vast")
