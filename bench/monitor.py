"""What watching costs with 300 other processes, and how soon a program, a window or a display is a flag.

`python -m bench.monitor`. A real X server (Xorg with its dummy driver, so that displays can be plugged) and a window
manager; 300 sleeping processes. The monitor is a process of its own, so that all its threads and ports are counted.
"""

import json
import os
import queue
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from Xlib import X, display

from bench.results import Figure, line, write
from candidate_agent.monitor.published import PUBLISHED
from candidate_agent.platforms.linux.processes import LinuxProcesses
from candidate_agent.platforms.ports import Process
from tests.rig.xserver import XServer, window

PROCESSES = 300
QUIET_S = 20
EACH = 20  # events of each kind
FLAG_S = 5.0
CPU_BAR, DELAY_BAR_MS = 1.0, 500.0


class Watching:
    """The monitor's process and what it told."""

    def __init__(self, server: XServer, our_window: int) -> None:
        command = [sys.executable, "-m", "bench.monitor_agent", str(our_window)]
        self.process = subprocess.Popen(
            command, env=server.environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._told: queue.Queue[dict[str, Any]] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self.flagged("ready")

    def _read(self) -> None:
        assert self.process.stdout is not None
        for text in self.process.stdout:
            self._told.put(json.loads(text))

    def flagged(self, code: str, word: str = "") -> dict[str, Any]:
        """Raises queue.Empty where it is not told in time."""
        while True:
            told = self._told.get(timeout=FLAG_S)
            if told["code"] == code and word in told.get("reason", ""):
                return told

    def cpu_s(self) -> float:
        times = psutil.Process(self.process.pid).cpu_times()
        return times.user + times.system

    def end(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(10)


@contextmanager
def others(count: int) -> Iterator[None]:
    running = [subprocess.Popen(["sleep", "600"]) for _ in range(count)]
    try:
        yield
    finally:
        for process in running:
            process.kill()
            process.wait()


def measure() -> list[Figure]:
    with others(PROCESSES), XServer(hot_plug=True) as server, window(server, title="ours", fullscreen=True) as ours:
        watching = Watching(server, ours)
        try:
            time.sleep(3)  # what runs at the start is looked at once
            quiet = _quiet(watching)
            delays_ms = {
                "program": _programs(watching),
                "window": _windows(server, watching),
                "display": _displays(server, watching),
            }
        finally:
            watching.end()
    return _figures(*quiet, delays_ms)


def _quiet(watching: Watching) -> tuple[float, float]:
    """Percent of a core, and how many programs a second others started here meanwhile: each is looked at."""
    starts: list[Process] = []
    stop_counting = LinuxProcesses().watch(starts.append)
    began_s, used_s = time.monotonic(), watching.cpu_s()
    time.sleep(QUIET_S)
    percent = 100 * (watching.cpu_s() - used_s) / (time.monotonic() - began_s)
    stop_counting()
    return percent, len(starts) / QUIET_S


def _programs(watching: Watching) -> list[float]:
    """A sleep under the names of the list, one after the other."""
    listed = [
        (category.upper(), entry.names[0], entry.title)
        for category, entries in PUBLISHED.items()
        for entry in entries
        if "*" not in entry.names[0]
    ]
    with tempfile.TemporaryDirectory() as directory:
        delays = []
        for code, name, title in listed[:EACH]:
            program = shutil.copy("/bin/sleep", Path(directory) / name)
            began_s = time.monotonic()
            process = subprocess.Popen([program, "60"])
            delays.append(_delay_ms(watching, began_s, code, title))
            process.kill()
            process.wait()
    return delays


def _windows(server: XServer, watching: Watching) -> list[float]:
    """That no window manager holds back, as overlays are: others would never come over the exam."""
    connection = display.Display(server.display)
    root = connection.screen().root
    delays = []
    for _ in range(EACH):
        over = root.create_window(100, 100, 800, 600, 0, X.CopyFromParent, override_redirect=True)
        began_s = time.monotonic()
        over.map()
        connection.sync()
        delays.append(_delay_ms(watching, began_s, "OVERLAY_TOPMOST", ""))
        over.destroy()
        connection.sync()
        time.sleep(0.3)
    connection.close()
    return delays


def _displays(server: XServer, watching: Watching) -> list[float]:
    delays = []
    for _ in range(EACH):
        began_s = time.monotonic()
        server.plug_display()
        delays.append(_delay_ms(watching, began_s, "DISPLAY_ADDED", ""))
        server.unplug_display()
        time.sleep(0.3)
    return delays


def _delay_ms(watching: Watching, began_s: float, code: str, word: str) -> float:
    told = watching.flagged(code, word)
    return max(0.0, (float(told["at_s"]) - began_s) * 1000)


def _figures(cpu_percent: float, starts_per_s: float, delays_ms: dict[str, list[float]]) -> list[Figure]:
    together = sorted(delay for delays in delays_ms.values() for delay in delays)
    p95 = together[int(0.95 * (len(together) - 1))]
    parts = [
        Figure(f"monitor.{name}_flagged", round(max(delays), 1), "ms, slowest") for name, delays in delays_ms.items()
    ]
    return [
        Figure(
            "monitor.cpu", round(cpu_percent, 2), "% of a core", f"bar, {PROCESSES} processes", CPU_BAR, has_bar=True
        ),
        Figure("monitor.starts", round(starts_per_s, 1), "sightings of a new program a second"),
        Figure("monitor.flagged_p50", round(statistics.median(together), 1), "ms"),
        Figure("monitor.flagged_p95", round(p95, 1), "ms", "bar", DELAY_BAR_MS, has_bar=True),
        *parts,
    ]


if __name__ == "__main__":
    found = [*measure(), Figure("monitor.load", round(os.getloadavg()[0], 2), "processes")]
    write(found)
    for figure in found:
        print(line(figure))
