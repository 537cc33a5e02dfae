"""The two clocks of the server, given in so that tests can turn them."""

import time


class Clock:
    def wall_ms(self) -> int:
        """Unix milliseconds."""
        return time.time_ns() // 1_000_000

    def monotonic_s(self) -> float:
        return time.monotonic()
