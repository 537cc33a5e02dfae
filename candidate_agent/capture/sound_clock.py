"""Lays blocks of sound on the clock: holes get silence, and a microphone whose clock runs fast or slow is followed.

Pure. Used by `sound`. A callback can come late, never early: what is certain is the smallest lag of a while.
"""

from collections import deque
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.int16]

SECOND_US = 1_000_000


@dataclass(frozen=True, slots=True)
class Placed:
    """`silence` goes before the block, `skip` samples of it are left out, the rest is laid down `length` long."""

    silence: int
    skip: int
    length: int


class SmallestLag:
    """The smallest of the last `span_us`, in constant time a block: rising values that may still become it."""

    def __init__(self, span_us: int) -> None:
        self._span_us = span_us
        self._rising: deque[tuple[int, int]] = deque()
        self._since_us: int | None = None

    def add(self, at_us: int, lag_us: int) -> int | None:
        """None until it has looked on for the whole span."""
        if self._since_us is None:
            self._since_us = at_us
        while self._rising and self._rising[-1][1] >= lag_us:
            self._rising.pop()
        self._rising.append((at_us, lag_us))
        while at_us - self._rising[0][0] > self._span_us:
            self._rising.popleft()
        return self._rising[0][1] if at_us - self._since_us >= self._span_us else None

    def clear(self) -> None:
        self._rising.clear()
        self._since_us = None


class LastingLag:
    """The smallest lag of the last blocks that cover `span_us` both of sound and of the time in which they came: a
    bunch of late blocks is long in one and short in the other."""

    def __init__(self, span_us: int) -> None:
        self._span_us = span_us
        self._blocks: deque[tuple[int, int, int]] = deque()  # when it came, where it is in the sound, its lag

    def add(self, came_us: int, at_us: int, lag_us: int) -> int | None:
        """None until it has looked on for the whole span."""
        blocks = self._blocks
        blocks.append((came_us, at_us, lag_us))
        while len(blocks) > 1 and self._covers(blocks[1], came_us, at_us):
            blocks.popleft()
        return min(lag for _, _, lag in blocks) if self._covers(blocks[0], came_us, at_us) else None

    def _covers(self, first: tuple[int, int, int], came_us: int, at_us: int) -> bool:
        return came_us - first[0] >= self._span_us and at_us - first[1] >= self._span_us

    def clear(self) -> None:
        self._blocks.clear()


class SoundClock:
    """Where each block stands. Callbacks come late in bunches on a busy machine: that is neither hole nor drift.

    A hole is a lag of more than 35 ms that lasts a second. A busy machine can be late by up to 60 ms for as long: all
    but 30 ms of the lag are filled, so that sound is 30 ms wrong at most, whichever of both it was. A lag that grows or
    shrinks slowly, and what is left of a hole, is stretched or squeezed away, by half a percent at most. Sound that is
    more than 35 ms ahead of the clock for certain is cut: a stream's first block came late, and so too much silence was
    laid.
    """

    HOLE_SPAN_US = 1_000_000
    DRIFT_SPAN_US = 5_000_000
    IDLE_US = 2_000_000
    TOLERANCE_US = 35_000
    DOUBT_US = 30_000
    SETTLE_S = 10.0  # a lag is made up for within about this time
    MOST_STRETCH = 0.005

    def __init__(self, start_us: int, rate: int) -> None:
        self._start_us = start_us
        self._rate = rate
        self._position = 0  # samples laid down
        self._received = 0  # samples that came
        self._carry = 0.0
        self._fresh = True
        self._holes = LastingLag(self.HOLE_SPAN_US)
        self._drift = SmallestLag(self.DRIFT_SPAN_US)

    @property
    def next_us(self) -> int:
        """When the next sample to be laid down was taken."""
        return self._start_us + self._position * SECOND_US // self._rate

    def fresh(self) -> None:
        """Another stream begins: its first block stands where its time says, but for 30 ms."""
        self._fresh = True

    def place(self, taken_us: int, count: int) -> Placed:
        silence = self._samples(self._hole_us(taken_us, taken_us - self.next_us))
        self._position += silence
        ahead_us = self.next_us - taken_us
        skip = min(count, self._samples(ahead_us)) if ahead_us > self.TOLERANCE_US and not silence else 0
        length = count - skip + self._correction(taken_us, count - skip)
        self._received += count
        self._position += length
        return Placed(silence, skip, length)

    def idle(self, now_us: int) -> int:
        """Samples of silence while nothing comes: up to two seconds ago, which may still come late."""
        silence = self._samples(now_us - self.IDLE_US - self.next_us)
        self._position += silence
        return silence

    def _hole_us(self, taken_us: int, lag_us: int) -> int:
        if self._fresh:
            self._fresh = False
            self._holes.clear()
            self._settle()
            return lag_us - self.DOUBT_US
        smallest_us = self._holes.add(taken_us, self._received_us, lag_us + self._moved_us)
        lasting_us = 0 if smallest_us is None else smallest_us - self._moved_us
        if lasting_us <= self.TOLERANCE_US:
            return 0
        self._settle()
        return lasting_us - self.DOUBT_US

    def _settle(self) -> None:
        """What the clock's drift was seen by holds no more."""
        self._drift.clear()
        self._carry = 0.0

    @property
    def _received_us(self) -> int:
        return self._received * SECOND_US // self._rate

    @property
    def _moved_us(self) -> int:
        """Lags are kept against what came, so that what is filled and corrected meanwhile does not change those of
        before."""
        return (self._position - self._received) * SECOND_US // self._rate

    def _correction(self, taken_us: int, count: int) -> int:
        """Samples to add to a block, negative: to take away."""
        moved_us = self._moved_us
        smallest_us = self._drift.add(self._received_us, taken_us - self.next_us + moved_us)
        if smallest_us is None or not count:
            return 0
        lag = (smallest_us - moved_us) * self._rate / SECOND_US
        most = self.MOST_STRETCH * count
        self._carry += min(most, max(-most, lag * count / self._rate / self.SETTLE_S))
        whole = int(self._carry)
        self._carry -= whole
        return whole

    def _samples(self, duration_us: int) -> int:
        return max(0, duration_us) * self._rate // SECOND_US


def stretched(samples: Samples, length: int) -> Samples:
    """The block at another length; its first and last sample stay, so that blocks still join. Cubic (Catmull-Rom)."""
    if length == samples.size or samples.size < 4 or length < 2:
        return samples[:length]
    at = np.linspace(0, samples.size - 1, length)
    left = np.minimum(at.astype(np.int64), samples.size - 2)
    part = at - left
    padded = np.concatenate((samples[:1], samples, samples[-1:])).astype(np.float64)
    before, here, there, after = (padded[left + step] for step in range(4))
    slope, bow = there - before, 2 * before - 5 * here + 4 * there - after
    turn = 3 * (here - there) + after - before
    wave = here + 0.5 * part * (slope + part * (bow + part * turn))
    made: Samples = np.clip(np.rint(wave), -32768, 32767).astype(np.int16)
    return made
