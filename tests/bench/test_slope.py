"""The slope says flat of what is flat, and sees what grows."""

import math

import numpy as np
import pytest

from bench.slope import slope

HOURS = [minute / 60 for minute in range(40, 180)]


def noise(seed: int, size: float = 1.0) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, size, len(HOURS))


def test_a_straight_line_is_found_exactly() -> None:
    found = slope(HOURS, [100 + 3 * at for at in HOURS])
    assert found.value == pytest.approx(3) and found.low == pytest.approx(3) and found.high == pytest.approx(3)
    assert not found.is_flat(1)


def test_single_peaks_do_not_bend_it() -> None:
    values = [100.0 + 3 * at for at in HOURS]
    values[-9:-5] = [500.0] * 4
    assert slope(HOURS, values).value == pytest.approx(3, abs=0.2)


def test_noise_alone_is_flat_nineteen_times_of_twenty() -> None:
    flat = [
        slope(HOURS, list(100 + noise(seed))).low <= 0 <= slope(HOURS, list(100 + noise(seed))).high
        for seed in range(40)
    ]
    assert sum(flat) >= 35


def test_what_comes_round_every_twenty_minutes_is_flat() -> None:
    values = [100 + 10 * math.sin(at * 3 * 2 * math.pi) + more for at, more in zip(HOURS, noise(3), strict=True)]
    assert slope(HOURS, values).is_flat(1)


def test_two_megabytes_an_hour_under_noise_are_seen() -> None:
    found = slope(HOURS, [100 + 2 * at + more for at, more in zip(HOURS, noise(4), strict=True)])
    assert 1 < found.low < 2 < found.high < 3 and not found.is_flat(1)


def test_growth_that_is_surely_small_counts_as_flat() -> None:
    found = slope(HOURS, [100 + 0.3 * at for at in HOURS])
    assert found.low > 0 and found.is_flat(1) and not found.is_flat(0.2)


def test_a_level_line_is_flat() -> None:
    found = slope(HOURS, [100.0] * len(HOURS))
    assert (found.value, found.low, found.high) == (0, 0, 0) and found.is_flat(1)
