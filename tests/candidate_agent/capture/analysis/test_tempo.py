"""Pictures are looked at as often as the computer can spare, and never more than twice a second."""

from candidate_agent.capture.analysis.tempo import INTERVALS_US, QUICKER_AFTER_US, Tempo


def looks(tempo: Tempo, count: int, share: float, now_us: int = 0) -> int:
    """Each takes `share` of the interval that holds; the time after them."""
    for _ in range(count):
        now_us += tempo.interval_us
        tempo.after(now_us, round(share * tempo.interval_us))
    return now_us


def test_it_begins_with_two_a_second_and_stays_there_while_looks_are_short() -> None:
    tempo = Tempo()
    looks(tempo, 500, 0.12)
    assert tempo.interval_us == 500_000


def test_looks_that_take_too_long_make_it_slower_step_by_step_but_one_alone_does_not() -> None:
    tempo = Tempo()
    looks(tempo, 2, 0.9)
    looks(tempo, 1, 0.1)
    looks(tempo, 2, 0.9)
    assert tempo.interval_us == 500_000
    steps = [tempo.interval_us]
    for _ in range(12):
        looks(tempo, 1, 0.9)
        steps.append(tempo.interval_us)
    assert sorted(set(steps)) == list(INTERVALS_US) and steps == sorted(steps)


def test_it_is_quick_again_only_after_a_while_without_trouble() -> None:
    tempo = Tempo()
    now_us = looks(tempo, 3, 0.9)
    calm = QUICKER_AFTER_US // 1_000_000
    now_us = looks(tempo, calm - 1, 0.01, now_us)
    assert tempo.interval_us == 1_000_000
    looks(tempo, 3, 0.01, now_us)
    assert tempo.interval_us == 500_000


def test_what_would_be_too_much_when_quicker_keeps_it_slow() -> None:
    tempo = Tempo()
    now_us = looks(tempo, 3, 0.9)
    looks(tempo, 100, 0.2, now_us)
    assert tempo.interval_us == 1_000_000, "0.2 of a second is 0.4 of half a second"


def test_an_encoder_that_is_behind_makes_it_slower_at_once_and_keeps_it_so() -> None:
    tempo = Tempo()
    tempo.encoders_behind = True
    now_us = looks(tempo, 3, 0.01)
    assert tempo.interval_us == 4_000_000
    tempo.encoders_behind = False
    looks(tempo, 40, 0.01, now_us)
    assert tempo.interval_us == 500_000
