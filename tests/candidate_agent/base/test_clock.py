"""The exam's time goes on while the computer sleeps."""

from candidate_agent.base.clock import ManualClock, SleeplessClock


def test_time_asleep_counts_and_never_goes_backwards() -> None:
    asleep_us = [0]
    awake = ManualClock()
    clock = SleeplessClock(awake, lambda: asleep_us[0])
    awake.advance(1)
    assert clock.monotonic_us() == 1_000_000
    asleep_us[0] = 3_600_000_000
    assert clock.monotonic_us() == 3_601_000_000
    asleep_us[0] -= 1  # two readings of two clocks, one after the other
    assert clock.monotonic_us() == 3_601_000_000
    assert clock.wall_ms() == awake.wall_ms()
