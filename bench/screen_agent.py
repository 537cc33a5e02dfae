"""The agent's way of a screen alone: source, lanes, sealing, spool. A child of bench/screen.py.

Records until its stdin closes, then prints counts as JSON. `compare` as argument: as on systems without DAMAGE.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

from bench.media_agent import opened
from candidate_agent.base.clock import SystemClock
from candidate_agent.capture import rate
from candidate_agent.capture.regions import Regions
from candidate_agent.capture.screens import Allowed, Screens
from candidate_agent.platforms import large_memory
from candidate_agent.platforms.linux.screen import X11Screen
from candidate_agent.platforms.portable import devices
from candidate_agent.platforms.ports import Display
from candidate_agent.spool.store import Spool


def main() -> None:
    large_memory.give_back_large()
    clock, port = SystemClock(), devices.screen_port()
    if sys.argv[1:] != ["compare"]:
        port = X11Screen(port, os.environ["DISPLAY"])
    with tempfile.TemporaryDirectory() as directory:
        spool = Spool(Path(directory) / "spool")
        spool.open()
        own, chosen = Allowed(Display("screen", 0, 0, 0, 0, True)), rate.profile("standard")
        screens = Screens(port, own, Regions(clock), chosen, opened(spool).media, clock, lambda _event: None)
        screens.start()
        sys.stdin.read()
        screens.stop()
        counted = screens.counted()[0]
        spool.close()
    sys.stdout.write(json.dumps({"in": counted.pictures, "still": counted.still, "dropped": counted.dropped}))


if __name__ == "__main__":
    main()
