"""Records what the ports of a real desktop tell in some quiet minutes: `python -m tests.candidate_agent.monitor.record
MINUTES`, on a machine that has Xvfb, openbox and xdotool. Writes traces/recorded.jsonl. The one that is kept took six
minutes, under `unshare --pid --fork --mount-proc`, so that other work on the machine is not in it.

A window of ours fills the display; a robot types at the pace of a person, with pauses, moves the pointer and starts
programs that are on no list. What is written is anonymous: window and process numbers are counted from one, a program
keeps its name only if it stands on the published list. The robot's keys are written as a person's: that they were sent
by a program is true of the recording, not of what it stands for.
"""

import os
import random
import subprocess
import sys
import threading
import time
from dataclasses import replace
from typing import Any

from candidate_agent.monitor.programs import ProgramList
from candidate_agent.platforms.linux import backend
from candidate_agent.platforms.ports import (
    ActiveWindowChanged,
    Closer,
    Devices,
    DisplaysChanged,
    KeysCounted,
    OurWindowChanged,
    Process,
    Unsupported,
    Window,
    WindowOpened,
    WindowOverOurs,
)
from tests.candidate_agent.monitor.trace import OUR_ID, OUR_PID, TRACES, StackLooked, write
from tests.rig.xserver import XServer, window

LOOK_EVERY_S = 5
SENTENCES = ("The trace of a matrix is the sum of its eigenvalues.", "We assume that A is not singular.", "Hence:")
NO = Unsupported("not recorded")


class Anonymous:
    """Numbers and names that tell nothing of the machine they were recorded on."""

    def __init__(self, ours: Window) -> None:
        self._windows = {ours.id: OUR_ID}
        self._processes: dict[int, int] = {ours.pid: OUR_PID, os.getpid(): OUR_PID}
        self._told: set[int] = set()
        self._programs = ProgramList()

    def event(self, event: Any) -> Any:
        match event:
            case ActiveWindowChanged(shown, ours):
                return ActiveWindowChanged(self._window(shown), ours)
            case WindowOverOurs(shown, share):
                return WindowOverOurs(self.window(shown), share)
            case OurWindowChanged(shown):
                return OurWindowChanged(self._window(shown))
            case WindowOpened(shown):
                return WindowOpened(self.window(shown))
            case KeysCounted(pressed, _, over_ms):
                return KeysCounted(pressed, 0, over_ms)
            case Process(pid, names, _):
                listed = self._programs.match(names)
                return Process(self._process(pid), names[:1] if listed else ("program",), 0.0)
        return event

    def is_news(self, event: Any) -> bool:
        """A process is told more than once; once is enough here."""
        if not isinstance(event, Process):
            return True
        new = event.pid not in self._told
        self._told.add(event.pid)
        return new

    def window(self, shown: Window) -> Window:
        number = self._windows.setdefault(shown.id, len(self._windows) + 1)
        listed = self._programs.match((), shown.program)
        return replace(shown, id=number, pid=self._process(shown.pid), program=shown.program if listed else "")

    def _window(self, shown: Window | None) -> Window | None:
        return None if shown is None else self.window(shown)

    def _process(self, pid: int) -> int:
        return self._processes.setdefault(pid, len(self._processes) + 1) if pid else 0


def type_and_move(server: XServer, until_s: float) -> None:
    chance = random.Random(7)
    while time.monotonic() < until_s:
        server.run("xdotool", "type", "--delay", str(chance.randint(110, 190)), chance.choice(SENTENCES))
        server.run("xdotool", "mousemove", str(chance.randint(50, 1200)), str(chance.randint(50, 750)))
        if chance.random() < 0.2:
            subprocess.run(["true"], check=True)
        time.sleep(chance.uniform(1, 9))


def main(minutes: float) -> None:
    events: list[tuple[int, Any]] = []
    lock = threading.Lock()
    with XServer() as server, window(server, title="ours", fullscreen=True) as ours:
        time.sleep(2)  # the window manager has done what it does
        platform = backend.platform(Devices(NO, NO, NO), server.display)
        anonymous = Anonymous(next(shown for shown in platform.windows.windows() if shown.id == ours))  # type: ignore[union-attr]
        began_s = time.monotonic()

        def note(event: Any) -> None:
            with lock:
                if anonymous.is_news(event):
                    events.append((round((time.monotonic() - began_s) * 1000), anonymous.event(event)))

        closers = subscribe(platform, ours, note)
        robot = threading.Thread(target=type_and_move, args=(server, began_s + minutes * 60))
        robot.start()
        while robot.is_alive():
            windows = platform.windows.windows()  # type: ignore[union-attr]
            note(StackLooked(tuple(anonymous.window(shown) for shown in windows)))
            robot.join(LOOK_EVERY_S)
        for close in closers:
            close()
    write(TRACES / "recorded.jsonl", events)
    print(f"{len(events)} events in {minutes} minutes")


def subscribe(platform: Any, ours: int, note: Any) -> list[Closer]:
    note(DisplaysChanged(platform.displays.displays()))
    closers = [platform.displays.watch(note), platform.windows.watch(ours, note), platform.keys.watch(note)]
    closers.append(platform.processes.watch(note))
    if not isinstance(platform.hotplug, Unsupported):
        closers.append(platform.hotplug.watch(note))
    active = platform.windows.active()
    note(ActiveWindowChanged(active, active is not None and active.id == ours))
    return closers


if __name__ == "__main__":
    main(float(sys.argv[1]))
