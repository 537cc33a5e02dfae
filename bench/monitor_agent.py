"""The monitor alone, as a child of bench/monitor.py with DISPLAY set: real ports, no window of ours but an id.

Prints a line of JSON for each flag, with the steady clock's time. Flags are not folded here: each is to be timed.
"""

import json
import sys
import time

from candidate_agent.base.clock import SystemClock
from candidate_agent.base.findings import Folding
from candidate_agent.monitor.observations import Observation
from candidate_agent.monitor.rules import Rules
from candidate_agent.monitor.watchers import Monitor
from candidate_agent.platforms import select
from candidate_agent.platforms.ports import Unsupported
from exam_protocol.records import FlagEntry


class Unfolded(Rules):
    def judge(self, observation: Observation, now_us: int) -> tuple[FlagEntry, ...]:
        self._folding = Folding()
        return super().judge(observation, now_us)


def tell(flag: FlagEntry) -> None:
    print(json.dumps({"code": flag.code, "reason": flag.reason, "at_s": time.monotonic()}), flush=True)


def main(our_window: int) -> None:
    platform = select.load()
    windows = platform.windows
    assert not isinstance(windows, Unsupported)
    monitor = Monitor(
        platform, SystemClock(), Unfolded(), tell, lambda: our_window, lambda: windows.bring_to_front(our_window)
    )
    monitor.start()
    print(json.dumps({"code": "ready"}), flush=True)
    sys.stdin.read()  # until the parent closes it
    monitor.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]))
