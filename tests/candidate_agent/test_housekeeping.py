"""What is looked at again and again: that somebody still watches."""

from types import SimpleNamespace
from typing import Any

from candidate_agent.housekeeping import Housekeeping


def test_a_monitor_that_stands_still_is_flagged_once_each_time() -> None:
    flags: list[str] = []
    monitor = SimpleNamespace(stands_still=False)
    hands: Any = SimpleNamespace(monitor=monitor, raise_flag=lambda code, reason: flags.append(code))
    nothing: Any = None
    log: Any = SimpleNamespace(line=lambda event, **fields: None)
    house = Housekeeping(nothing, hands, nothing, nothing, nothing, nothing, log, nothing)
    for still in (False, True, True, False, True):
        monitor.stands_still = still
        house._look_after_monitor()
    hands.monitor = None
    house._look_after_monitor()
    assert flags == ["RECORD_FAILED"] * 2
