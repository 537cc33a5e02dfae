"""Whether something grows: the slope of a series by Theil and Sen, with its interval. Pure; used by bench/long.py.

The median of the slopes between all pairs, so that single peaks do not bend it. The interval is Sen's, from the spread
of Kendall's S, widened where neighbours resemble each other (Hamed and Rao, by the correlation of the ranks of what is
left after the slope): samples of one process are not drawn one by one.
"""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

Z_95 = 1.96


@dataclass(frozen=True, slots=True)
class Slope:
    """Per unit of x. `low` to `high`: 95 %."""

    value: float
    low: float
    high: float

    def is_flat(self, bound: float) -> bool:
        """Zero lies in the interval, or what it grows is less than `bound` for certain."""
        return self.low <= 0 or self.high < bound


def slope(x: Sequence[float], y: Sequence[float]) -> Slope:
    """Of at least three points with different x."""
    pairs = sorted(
        (y[later] - y[earlier]) / (x[later] - x[earlier])
        for later in range(len(x))
        for earlier in range(later)
        if x[later] != x[earlier]
    )
    middle = statistics.median(pairs)
    rest = [value - middle * at for at, value in zip(x, y, strict=True)]
    count = len(x)
    spread = math.sqrt(count * (count - 1) * (2 * count + 5) / 18 * _widening(rest))
    reach = Z_95 * spread
    low, high = (round((len(pairs) + side * reach) / 2) for side in (-1, 1))
    return Slope(middle, pairs[max(0, low)], pairs[min(len(pairs) - 1, high)])


def _widening(rest: Sequence[float]) -> float:
    """How much more the variance of S is than with independent samples, at least 1."""
    count = len(rest)
    ranks = np.argsort(np.argsort(rest)).astype(float)
    ranks -= ranks.mean()
    power = float(ranks @ ranks)
    if power == 0:
        return 1.0
    total = 0.0
    for lag in range(1, count // 2):
        alike = float(ranks[:-lag] @ ranks[lag:]) / power
        if abs(alike) > Z_95 / math.sqrt(count):
            total += (count - lag) * (count - lag - 1) * (count - lag - 2) * alike
    return max(1.0, 1 + 2 / (count * (count - 1) * (count - 2)) * total)
