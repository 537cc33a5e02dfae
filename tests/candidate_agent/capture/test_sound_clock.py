"""Laying sound on the clock: holes, bunches, and microphones whose clock is not ours, over three simulated hours."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from candidate_agent.capture.sound_clock import SoundClock, stretched
from tests.candidate_agent.capture.drifting import (
    BLOCK,
    BLOCK_US,
    RATE,
    THREE_HOURS,
    Trouble,
    sittings,
    worst_error_us,
)
from tests.candidate_agent.capture.studio import tone


def silence(clock: SoundClock, times_us: list[int]) -> list[int]:
    return [clock.place(us, BLOCK).silence for us in times_us]


def test_steady_blocks_need_no_silence_and_stay_as_they_are() -> None:
    clock = SoundClock(0, RATE)
    placed = [clock.place(n * BLOCK_US, BLOCK) for n in range(300)]
    assert {(p.silence, p.skip, p.length) for p in placed} == {(0, 0, BLOCK)}


def test_the_time_before_the_first_block_is_silence_but_for_thirty_milliseconds() -> None:
    assert SoundClock(0, RATE).place(1_500_000, BLOCK).silence == 72_000 - 1_440


@pytest.mark.parametrize("late_us", [400_000, 1_500_000])
def test_blocks_that_come_late_in_a_bunch_are_no_hole(late_us: int) -> None:
    clock = SoundClock(0, RATE)
    stall_us = 20 * BLOCK_US + late_us
    assert sum(silence(clock, [n * BLOCK_US if n < 20 else max(n * BLOCK_US, stall_us) for n in range(90)])) == 0


@pytest.mark.parametrize("hole_us", [120_000, 300_000, 2_500_000])
def test_a_real_hole_is_filled_within_a_second_up_to_thirty_milliseconds(hole_us: int) -> None:
    clock = SoundClock(0, RATE)
    silence(clock, [n * BLOCK_US for n in range(20)])
    filled = sum(silence(clock, [n * BLOCK_US + hole_us for n in range(20, 40)]))
    assert filled == pytest.approx((hole_us - 30_000) * RATE / 1_000_000, abs=10)


def test_thirty_milliseconds_are_not_filled_at_once_because_a_busy_machine_looks_the_same() -> None:
    clock = SoundClock(0, RATE)
    silence(clock, [n * BLOCK_US for n in range(20)])
    assert sum(silence(clock, [n * BLOCK_US + 60_000 for n in range(20, 40)])) == 30 * 48
    assert sum(silence(clock, [n * BLOCK_US + 60_000 for n in range(40, 300)])) == 0
    assert clock.next_us == pytest.approx(300 * BLOCK_US + 60_000, abs=12_000)  # the rest was stretched away


def test_a_second_hole_is_filled_a_second_after_it_although_the_first_is_not_long_ago() -> None:
    clock = SoundClock(0, RATE)
    silence(clock, [n * BLOCK_US for n in range(40)])
    late = [60_000 if n < 45 else 90_000 for n in range(40, 65)]
    silence(clock, [(40 + n) * BLOCK_US + late_us for n, late_us in enumerate(late)])
    assert clock.next_us == pytest.approx(65 * BLOCK_US + 90_000 - 30_000, abs=1_000)


def test_while_nothing_comes_silence_follows_the_clock_two_seconds_behind() -> None:
    clock = SoundClock(0, RATE)
    clock.place(0, BLOCK)
    assert clock.idle(500_000) == 0
    assert clock.idle(6_060_000) == 4 * RATE
    assert clock.idle(6_060_000) == 0


def test_another_stream_begins_where_its_first_block_says_but_for_thirty_milliseconds() -> None:
    clock = SoundClock(0, RATE)
    silence(clock, [n * BLOCK_US for n in range(20)])
    clock.fresh()
    assert clock.place(20 * BLOCK_US + 500_000, BLOCK).silence == 24_000 - 1_440


def test_sound_that_is_ahead_of_the_clock_is_cut() -> None:
    clock = SoundClock(0, RATE)
    clock.place(200_000, BLOCK)  # came late: the silence before it was too long
    placed = [clock.place(n * BLOCK_US, BLOCK) for n in range(1, 10)]
    assert sum(p.skip for p in placed) == 2 * BLOCK + 50 * 48
    assert clock.next_us == 10 * BLOCK_US


@pytest.mark.parametrize("ppm", [-300, 300])
def test_over_three_hours_sound_stays_within_fifteen_milliseconds_after_half_a_minute(ppm: int) -> None:
    assert worst_error_us(ppm, 1, THREE_HOURS, Trouble(), settled_us=30_000_000) < 15_000


def test_whatever_goes_wrong_in_three_hours_sound_stays_within_forty_milliseconds() -> None:
    """Seeds 3 and 10: two holes soon after each other; seed 14: another device at a busy time. Each was beyond once."""
    hour, others = THREE_HOURS // 3, sittings(range(100, 106), THREE_HOURS // 12)
    errors_us = others | sittings((3, 10, 14), hour)
    worst = max(errors_us, key=lambda seed: errors_us[seed])
    print(f"worst of {len(errors_us)}: {errors_us[worst] / 1000:.1f} ms, seed {worst}")
    assert errors_us[worst] < 40_000


@settings(max_examples=25, deadline=None)
@given(st.floats(-300, 300), st.integers(0, 1 << 32), st.floats(100, 10_000), st.floats(0, 0.003))
def test_no_clock_no_jitter_and_no_bunch_drives_sound_away(
    ppm: float, seed: int, jitter: float, bunches: float
) -> None:
    assert worst_error_us(ppm, seed, 5_000, Trouble(jitter, bunches)) < 40_000


@given(st.lists(st.tuples(st.integers(-(10**9), 10**12), st.integers(0, 10_000)), max_size=40))
def test_absurd_times_never_break_it(blocks: list[tuple[int, int]]) -> None:
    clock = SoundClock(0, RATE)
    for taken_us, count in blocks:
        placed = clock.place(taken_us, count)
        assert placed.silence >= 0 and 0 <= placed.skip <= count and placed.length >= 0


@pytest.mark.parametrize("length", [2_866, 2_879, 2_881, 2_894])
def test_a_stretched_block_is_the_same_tone_and_joins_at_both_ends(length: int) -> None:
    before = tone(1000, BLOCK)
    after = stretched(before, length)
    ideal = 12_000 * np.sin(2 * np.pi * 1000 * np.linspace(0, BLOCK - 1, length) / RATE)
    assert after.size == length and (after[0], after[-1]) == (before[0], before[-1])
    assert np.abs(after - ideal).max() < 3


def test_an_unstretched_block_is_untouched() -> None:
    noise = np.random.default_rng(1).integers(-32768, 32767, BLOCK).astype(np.int16)
    assert np.array_equal(stretched(noise, BLOCK), noise)
