"""The monitor and nothing else, with the real ports of this desktop. A child of bench/watch.py.

Watches for the given seconds, then prints the processor time it took as JSON.
"""

import json
import sys
import threading
import time
from typing import Any

from candidate_agent.base.clock import SystemClock
from candidate_agent.monitor.rules import Rules
from candidate_agent.monitor.watchers import Monitor
from candidate_agent.platforms import select
from candidate_agent.platforms.portable.machine import asleep_us
from exam_protocol.records import FlagEntry

SETTLING_S = 2.0


def own_window(connection_name: str | None = None) -> int:
    """A fullscreen window of this process, in the place of the exam's."""
    from Xlib import display

    connection = display.Display(connection_name)
    screen = connection.screen()
    window = screen.root.create_window(
        0, 0, screen.width_in_pixels, screen.height_in_pixels, 0, screen.root_depth, background_pixel=screen.white_pixel
    )
    state = [connection.intern_atom("_NET_WM_STATE_FULLSCREEN")]
    window.change_property(connection.intern_atom("_NET_WM_STATE"), connection.intern_atom("ATOM"), 32, state)
    window.map()
    connection.sync()
    threading.Thread(target=_drain, args=(connection,), daemon=True).start()
    return int(window.id)


def _drain(connection: Any) -> None:
    while True:
        connection.next_event()


def main() -> None:
    platform, flags = select.load(), list[FlagEntry]()
    window = own_window()
    monitor = Monitor(
        platform, SystemClock(), Rules(), flags.append, lambda: window, lambda: None, asleep_us=asleep_us
    )  # fmt: skip
    monitor.start()
    pause = threading.Event()
    pause.wait(SETTLING_S)
    began_s, before_s, forks = time.monotonic(), time.process_time(), _forks()
    pause.wait(float(sys.argv[1]))
    busy_s, over_s = time.process_time() - before_s, time.monotonic() - began_s
    sys.stdout.write(json.dumps({"busy_s": busy_s, "over_s": over_s, "started": _forks() - forks}) + "\n")
    monitor.stop()


def _forks() -> int:
    """How many processes this machine has started so far."""
    with open("/proc/stat") as stat:  # noqa: PTH123
        return next(int(row.split()[1]) for row in stat if row.startswith("processes"))


if __name__ == "__main__":
    main()
