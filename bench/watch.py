"""What watching costs, and how soon it tells: the monitor alone beside 300 idle programs, then events until their flags.

`python -m bench.watch` takes about two minutes and a half; `bench/__main__.py` calls `measure`.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from bench.results import Figure, line, write
from tests.escape.attempts.captures import copied
from tests.escape.room import ROOT, Room, rooms

PROGRAMS, SECONDS = 300, 60.0
EVENTS = 50
FLAG_BAR_MS, COST_BAR_PERCENT = 500.0, 1.0
PATIENCE_S = 3.0


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="exam-bench-") as directory, rooms(Path(directory)) as room_of:
        return [*_cost(room_of("openbox")), *_delays(room_of)]


def _cost(room: Room) -> list[Figure]:
    """Processor time of a process that does nothing but watch. Programs that others start on this machine meanwhile
    are looked at as well: how many, is told beside it."""
    idle = [subprocess.Popen(["sleep", "600"]) for _ in range(PROGRAMS)]
    try:
        command = [sys.executable, "-m", "bench.watch_agent", str(SECONDS)]
        said = subprocess.run(
            command, env=room.environment, cwd=ROOT, capture_output=True, text=True, check=True, timeout=SECONDS + 60
        ).stdout
    finally:
        for process in idle:
            process.kill()
            process.wait()
    seen = json.loads(said.splitlines()[-1])
    percent = round(100 * seen["busy_s"] / seen["over_s"], 2)
    return [
        Figure("watch.cost", percent, "% of a core", "the bar", COST_BAR_PERCENT, has_bar=True),
        Figure("watch.programs_started", seen["started"], "meanwhile"),
    ]


def _delays(room_of: Callable[[str], Room]) -> list[Figure]:
    figures: list[Figure] = []
    for kind, name, act, code in (
        ("openbox", "window", _opens_window, "OVERLAY_TOPMOST"),
        ("openbox", "process", _starts_program, "REMOTE_CONTROL"),
        ("displays", "display", _plugs, "DISPLAY_ADDED"),
    ):
        room = room_of(kind)
        if room.exam is None:
            room.begin_exam()
            room.rest_eyes()
        figures += _percentiles(name, [_delay_ms(room, act, code) for _ in range(EVENTS)])
    return figures


def _delay_ms(room: Room, act: Callable[[Room], Callable[[], None]], code: str) -> float:
    """From the moment the event is brought about to the flag. A flag that does not come counts as the patience."""
    exam = room.exam_or_fail
    exam.ask("fresh")
    room.pause(0.05)
    since = time.monotonic()
    undo = act(room)
    until, told = time.monotonic() + PATIENCE_S, None
    while told is None and time.monotonic() < until:
        told = next((flag.at for flag in exam.flags(since) if flag.code == code), None)
        room.pause(0.005)
    undo()
    return 1000 * ((told or since + PATIENCE_S) - since)


def _opens_window(room: Room) -> Callable[[], None]:
    screen = room.x.screen()
    window = screen.root.create_window(
        200, 200, 500, 300, 0, screen.root_depth, background_pixel=0xFF00FF, override_redirect=True
    )
    window.map()
    room.x.sync()

    def undo() -> None:
        window.destroy()
        room.x.sync()

    return undo


def _starts_program(room: Room) -> Callable[[], None]:
    path = room.work_dir / "tmp" / "anydesk"
    if not path.exists():
        copied(room, "sleep", "anydesk")
    room.start(str(path), "10")
    return room.end_children


def _plugs(room: Room) -> Callable[[], None]:
    room.screen.plug_display()

    def undo() -> None:
        gone = threading.Event()
        room.screen.unplug_display()
        gone.wait(0.1)

    return undo


def _percentiles(name: str, delays_ms: list[float]) -> list[Figure]:
    cuts = statistics.quantiles(delays_ms, n=100, method="inclusive")
    return [
        Figure(f"watch.{name}_p50", round(cuts[49], 1), "ms"),
        Figure(f"watch.{name}_p95", round(cuts[94], 1), "ms", "the bar", FLAG_BAR_MS, has_bar=True),
    ]


def main() -> None:
    found = measure()
    write(found)
    for figure in found:
        sys.stdout.write(line(figure) + "\n")


if __name__ == "__main__":
    main()
