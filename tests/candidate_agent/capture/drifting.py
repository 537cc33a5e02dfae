"""A simulated microphone for `test_sound_clock`: a clock of its own, jitter, bunches, holes, busy times, other devices.

`python -m tests.candidate_agent.capture.drifting 20` prints the worst error of so many simulated three-hour sittings.
"""

import random
import sys
from collections.abc import Iterable
from dataclasses import dataclass

from candidate_agent.capture.sound_clock import SoundClock

RATE, BLOCK, BLOCK_US = 48_000, 2_880, 60_000
LATENCY_US = 30_000
THREE_HOURS = 3 * 3600 * 1_000_000 // BLOCK_US
SETTLES_US = 2_500_000  # after a hole or another device


@dataclass(frozen=True)
class Trouble:
    """`bunches` to `devices`: the chance at each block. A bunch holds all blocks back for up to 0.9 s; a busy time
    makes each one up to 60 ms late for up to four seconds, all the same or each another; another device has another
    clock."""

    jitter_us: float = 8_000
    bunches: float = 0.002
    holes: float = 0.0
    busy: float = 0.0
    devices: float = 0.0


ALL = Trouble(holes=0.002, busy=0.0005, devices=0.0002)


class Microphone:
    """`step` gives when the next block was taken and when it comes."""

    def __init__(self, ppm: float, seed: int, trouble: Trouble, clock: SoundClock) -> None:
        self._chance, self._trouble, self._clock = random.Random(seed), trouble, clock
        self._taken_us = self._came_us = self._held_until_us = self._busy_until_us = 0.0
        self._steady_us: float | None = None  # how late each block of the busy time is; None: each another
        self._follow(ppm)
        self.settled_us = 0.0

    def _follow(self, ppm: float) -> None:
        self._period_us = BLOCK_US / (1 + ppm / 1e6)

    def _may(self, chance: float) -> bool:
        return self._chance.random() < chance

    def step(self) -> tuple[float, float]:
        self._happen()
        taken_us = self._taken_us
        comes_us = taken_us + self._period_us + LATENCY_US + self._late_us()
        self._came_us = max(self._came_us, self._held_until_us, comes_us)
        self._taken_us += self._period_us
        return taken_us, self._came_us

    def _happen(self) -> None:
        chance, trouble = self._chance, self._trouble
        if self._may(trouble.holes):
            self._leave_out(5e3 * 140 ** chance.random())  # 5 to 700 ms
        if self._may(trouble.devices):
            self._leave_out(chance.uniform(0, 2e6))
            self._follow(chance.uniform(-100, 100))
            self._clock.fresh()
        if self._may(trouble.bunches):
            self._held_until_us = self._taken_us + chance.uniform(1e5, 9e5)
        if self._may(trouble.busy) and self._taken_us > self._busy_until_us:
            self._busy_until_us = self._taken_us + chance.uniform(1e6, 4e6)
            self._steady_us = chance.choice([None, chance.uniform(0, 6e4)])

    def _leave_out(self, duration_us: float) -> None:
        self._taken_us += duration_us
        self.settled_us = self._taken_us + SETTLES_US

    def _late_us(self) -> float:
        late_us = self._chance.expovariate(1 / self._trouble.jitter_us)
        if self._taken_us >= self._busy_until_us:
            return late_us
        return late_us + (self._chance.uniform(0, 6e4) if self._steady_us is None else self._steady_us)


def worst_error_us(ppm: float, seed: int, blocks: int, trouble: Trouble, settled_us: float = 2_000_000) -> float:
    """The largest distance of a block from where it was taken, apart from the 2.5 s after a hole or another device and
    all before `settled_us`."""
    clock, worst_us = SoundClock(0, RATE), 0.0
    microphone = Microphone(ppm, seed, trouble, clock)
    for _ in range(blocks):
        taken_us, came_us = microphone.step()
        clock.place(int(came_us - BLOCK_US), BLOCK)
        if taken_us > max(settled_us, microphone.settled_us):
            worst_us = max(worst_us, abs(clock.next_us - BLOCK_US - LATENCY_US - taken_us))
    return worst_us


def sittings(seeds: Iterable[int], blocks: int = THREE_HOURS) -> dict[int, float]:
    """Worst error of each seed, in microseconds; clocks wrong by up to 100 ppm, and everything that can go wrong."""
    return {seed: worst_error_us(random.Random(seed).uniform(-100, 100), seed, blocks, ALL) for seed in seeds}


if __name__ == "__main__":
    errors_us = sittings(range(int(sys.argv[1])))
    worst = max(errors_us, key=lambda seed: errors_us[seed])
    sys.stdout.write(f"{len(errors_us)} x 3 h, worst {errors_us[worst] / 1000:.1f} ms (seed {worst})\n")
