"""Profiles, pacing, key frames, hurrying."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from candidate_agent.capture import rate
from candidate_agent.capture.rate import KeyFrames, Pace, Pacer


def test_each_profile_asks_for_less_than_the_one_before() -> None:
    full, standard, low, store = (rate.profile(name) for name in ("full", "standard", "low", "store"))
    assert full.screen.per_s > standard.screen.per_s > low.screen.per_s > store.screen.per_s
    assert full.camera.per_s > standard.camera.per_s > low.camera.per_s > store.camera.per_s
    assert store.screen_small is None and store.camera_small is None


def test_an_unknown_profile_is_an_error() -> None:
    with pytest.raises(KeyError):
        rate.profile("finest")


@pytest.mark.parametrize("source_per_s", [5, 10, 15, 30, 60])
@pytest.mark.parametrize("per_s", [1, 5, 10])
def test_a_pacer_lets_the_asked_rate_through(source_per_s: int, per_s: int) -> None:
    pacer = Pacer(per_s)
    passed = sum(pacer.due(frame * 1_000_000 // source_per_s) for frame in range(20 * source_per_s))
    assert passed == pytest.approx(20 * min(source_per_s, per_s), rel=0.06, abs=1)


@given(st.lists(st.integers(-12_000, 12_000), min_size=50, max_size=50))  # together less than a quarter of 100 ms
def test_a_source_that_jitters_around_the_rate_loses_nothing(jitter_us: list[int]) -> None:
    pacer = Pacer(10)
    assert all(pacer.due(frame * 100_000 + off_us) for frame, off_us in enumerate(jitter_us))


def test_a_pacer_goes_on_after_a_pause_and_after_time_went_back() -> None:
    pacer = Pacer(5)
    assert pacer.due(0) and pacer.due(60_000_000) and not pacer.due(60_050_000)
    assert pacer.due(1_000_000) and not pacer.due(1_050_000) and pacer.due(1_200_000)


def test_the_first_frame_is_a_key_frame_then_one_per_distance_while_things_move() -> None:
    keys = KeyFrames(10)
    assert keys.next_is_key(0, moved=True)
    keys.made(0)
    assert not keys.next_is_key(9_999_999, moved=True)
    assert keys.next_is_key(10_000_000, moved=True)
    assert not keys.next_is_key(99_000_000, moved=False)


def test_a_key_frame_that_was_asked_for_comes_also_when_nothing_moves_and_once() -> None:
    keys = KeyFrames(10)
    keys.made(0)
    keys.ask()
    assert keys.next_is_key(1, moved=False)
    keys.made(1)
    assert not keys.next_is_key(2, moved=True)


def test_pictures_that_pile_up_make_it_hurry_before_one_is_dropped_and_it_calms_down_after_a_minute() -> None:
    pace = Pace(5)
    presets = [pace.after(200_000 * n, 100_000, waiting=n) for n in range(5)]  # the fifth that waits is dropped
    assert presets == ["veryfast", "veryfast", "veryfast", "veryfast", "ultrafast"]
    presets = [pace.after(200_000 * n, 20_000, waiting=0) for n in range(5, 400)]
    assert presets[0] == "ultrafast" and presets[-1] == "veryfast"
    assert presets.index("veryfast") * 0.2 >= 59


def test_a_start_that_stalls_and_is_worked_off_is_no_reason_to_hurry() -> None:
    pace = Pace(10)
    stall = [(900_000, 4), (20_000, 4), (20_000, 3), (20_000, 2), (20_000, 2), (20_000, 1), (20_000, 0)]
    assert {pace.after(100_000 * n, busy_us, waiting) for n, (busy_us, waiting) in enumerate(stall)} == {"veryfast"}


def test_one_key_frame_that_takes_seconds_is_no_reason_to_hurry() -> None:
    assert Pace(5).after(0, 2_000_000, waiting=1) == "veryfast"


def test_a_load_that_lasts_makes_it_hurry() -> None:
    pace = Pace(5)
    assert [pace.after(n * 200_000, 190_000, waiting=0) for n in range(12)][-1] == "ultrafast"
