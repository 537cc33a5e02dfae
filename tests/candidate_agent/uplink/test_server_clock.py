"""Which time commands are judged by, whatever our own clock and the server say."""

import pytest

from candidate_agent.base.clock import ManualClock
from candidate_agent.uplink.server_clock import BACK_MS, ServerClock

SERVER_MS = 1_800_000_000_000


class Watch(ManualClock):
    """A clock on the wall that somebody can set."""

    set_by_ms = 0

    def wall_ms(self) -> int:
        return super().wall_ms() + self.set_by_ms


@pytest.fixture
def watch() -> Watch:
    return Watch()


def test_our_own_clock_counts_until_the_server_was_heard(watch: Watch) -> None:
    assert ServerClock(watch).now_ms() == watch.wall_ms()


@pytest.mark.parametrize("set_by_ms", [-3_600_000, 3_600_000])
def test_setting_our_clock_during_the_exam_changes_nothing(watch: Watch, set_by_ms: int) -> None:
    clock = ServerClock(watch)
    clock.heard(SERVER_MS)
    watch.advance(10)
    watch.set_by_ms = set_by_ms
    assert clock.now_ms() == SERVER_MS + 10_000


def test_a_server_cannot_turn_time_back_to_make_an_old_command_young_again(watch: Watch) -> None:
    clock = ServerClock(watch)
    clock.heard(SERVER_MS)
    watch.advance(600)
    for _ in range(100):  # nor in small steps
        clock.heard(SERVER_MS)
    assert clock.now_ms() == SERVER_MS + 600_000 - BACK_MS


def test_a_server_whose_clock_goes_forward_is_followed(watch: Watch) -> None:
    clock = ServerClock(watch)
    clock.heard(SERVER_MS)
    clock.heard(SERVER_MS + 45_000)  # we slept, and the steady clock with us
    assert clock.now_ms() == SERVER_MS + 45_000
