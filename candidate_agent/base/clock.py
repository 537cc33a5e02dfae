"""Time as a value: workers are given a Clock, tests give one that they move by hand."""

import time
from collections.abc import Callable
from typing import Protocol


class Clock(Protocol):
    def monotonic_us(self) -> int:
        """Microseconds that never go backwards; the zero means nothing."""

    def wall_ms(self) -> int:
        """Unix milliseconds; may jump."""


class SystemClock:
    def monotonic_us(self) -> int:
        return time.monotonic_ns() // 1000

    def wall_ms(self) -> int:
        return time.time_ns() // 1_000_000


class SleeplessClock:
    """A clock whose monotonic time also counts what the computer slept: a closed lid buys nobody time."""

    def __init__(self, clock: Clock, asleep_us: Callable[[], int]) -> None:
        self._clock, self._asleep_us = clock, asleep_us
        self._last_us = 0

    def monotonic_us(self) -> int:
        self._last_us = max(self._last_us, self._clock.monotonic_us() + self._asleep_us())
        return self._last_us

    def wall_ms(self) -> int:
        return self._clock.wall_ms()


class ManualClock:
    """For tests and replays."""

    def __init__(self, wall_ms: int = 1_700_000_000_000) -> None:
        self._us = 0
        self._wall_ms = wall_ms

    def monotonic_us(self) -> int:
        return self._us

    def wall_ms(self) -> int:
        return self._wall_ms + self._us // 1000

    def advance(self, seconds: float) -> None:
        self._us += round(seconds * 1_000_000)
