"""How old a picture is when the console draws it: one candidate and eight, small layers in the grid, sealed end to end.

Beside each, in the same run, the same packets over a bare WebSocket to a page: what is more is the price of sealing, of
the spool that is synced before anything leaves, and of a server that stores before it relays. `bench/__main__.py` calls
`measure`.
"""

import os
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.canvas.hall import SEATS, Hall, hall
from bench.canvas.steps import Steps, table
from bench.results import Figure
from demo.failure import need, wait_for

SETTLING_S, KEEPING_S, WINDOW_S = 3.0, 20.0, 20.0
BARS_MS = {"one": 80, "eight": 150}
_BARE_BEGIN = "() => { bare_ages_ms.length = 0; bare_lost = 0; }"
_BARE_AGAIN = "() => bare_drawn.clear()"
_BEGIN = """() => { console_metrics.latency_ms.length = 0;
  for (const step of Object.values(bench_steps)) step.length = 0; }"""
BARE = "same packets over a bare WebSocket"


@dataclass(frozen=True, slots=True)
class Window:
    ages_ms: list[float]
    load: float
    cpu: dict[str, float]  # percent of a core, by program
    lost: int = 0  # pictures that could not be decoded


def measure() -> list[Figure]:
    """About 150 s where the machine is quiet."""
    with tempfile.TemporaryDirectory(prefix="exam-canvas-") as directory, hall(Path(directory)) as opened:
        opened.open()
        return _measure(opened)


def _measure(hall: Hall) -> list[Figure]:
    hall.enters()
    hall.all_are_seen()
    steps = {}
    figures = []
    for name in BARS_MS:
        if name == "eight":
            _bring_the_others(hall)
        sealed, steps[name] = _sealed_window(hall)
        bare = _bare_window(hall)
        figures += _figures(name, sealed, bare)
    stamps = [candidate.leave() for candidate in hall.candidates]
    assert hall.server_running is not None
    hall.processes.end(hall.server_running)
    for name, page in steps.items():
        sys.stdout.write(table(name, Steps(stamps, hall.stamps_path, page)))
    return figures


def _bring_the_others(hall: Hall) -> None:
    """Simulated ones, with what the real candidate's media path makes now."""
    real, packets_path = hall.candidates[0], hall.directory / "packets"
    real.tell("keep")
    time.sleep(KEEPING_S)
    real.tell(f"write {packets_path}")
    wait_for("the packets are kept", packets_path.exists, 60)
    for number in range(1, SEATS):
        hall.enters(packets_path=packets_path, lag_s=number / SEATS * 0.2)
    hall.all_are_seen()


def _sealed_window(hall: Hall) -> tuple[Window, dict[str, list[list[float]]]]:
    page = hall.proctor.page
    page.bring_to_front()
    hall.tell("sealed")
    page.wait_for_timeout(1000 * SETTLING_S)
    page.evaluate(_BEGIN)
    cpu = _cpu_over_window(hall)
    ages_ms = page.evaluate("() => console_metrics.latency_ms")
    return Window(ages_ms, os.getloadavg()[0], cpu), page.evaluate("() => bench_steps")


def _bare_window(hall: Hall) -> Window:
    page = hall.bare_page
    assert page is not None
    page.bring_to_front()
    hall.tell("bare")
    page.evaluate(_BARE_AGAIN)
    page.wait_for_timeout(1000 * SETTLING_S)
    wait_for("the peer's page draws everybody", lambda: page.evaluate("() => bare_drawn.size") == _tracks(hall), 60)
    page.evaluate(_BARE_BEGIN)
    cpu = _cpu_over_window(hall)
    ages_ms = page.evaluate("() => bare_ages_ms")
    return Window(ages_ms, os.getloadavg()[0], cpu, page.evaluate("() => bare_lost"))


def _tracks(hall: Hall) -> int:
    return 2 * len(hall.candidates)


def _cpu_over_window(hall: Hall) -> dict[str, float]:
    assert hall.server_running is not None
    real, *others = [psutil.Process(candidate.process.pid) for candidate in hall.candidates]
    groups = {
        "real": [real], "simulated": others, "server": [psutil.Process(hall.server_running.process.pid)],
        "browser": [psutil.Process(pid) for pid in hall.browser_pids()],
    }  # fmt: skip
    before, began = {name: _worked_s(group) for name, group in groups.items()}, time.monotonic()
    hall.proctor.page.wait_for_timeout(1000 * WINDOW_S)
    took = time.monotonic() - began
    return {name: 100 * (_worked_s(group) - before[name]) / took for name, group in groups.items()}


def _worked_s(group: list[psutil.Process]) -> float:
    worked = 0.0
    for process in group:
        if process.is_running():
            times = process.cpu_times()
            worked += times.user + times.system
    return worked


def _figures(name: str, sealed: Window, bare: Window) -> list[Figure]:
    for window in (sealed, bare):
        need(len(window.ages_ms) >= WINDOW_S, f"only {len(window.ages_ms)} pictures were drawn in {WINDOW_S:.0f} s")
    (p50, p95), (bare_p50, bare_p95) = _percentiles(sealed.ages_ms), _percentiles(bare.ages_ms)
    need(not bare.lost, f"the peer's page lost {bare.lost} pictures, so there is nothing to compare with")
    at = f"canvas.{name}"
    note = " (one real, seven simulated)" if name == "eight" else ""
    return [
        Figure(f"{at}.p95", p95, "ms" + note, "the bar", BARS_MS[name], has_bar=True),
        Figure(f"{at}.p50_over_bare", p50, "ms", BARE, bare_p50),
        Figure(f"{at}.p95_over_bare", p95, "ms", BARE, bare_p95),
        Figure(f"{at}.pictures", _a_second(sealed), "a second", BARE, _a_second(bare)),
        *(Figure(f"{at}.cpu_{who}", round(share, 1), "% of a core") for who, share in sealed.cpu.items() if share),
        Figure(f"{at}.load", round(sealed.load, 2), "processes", "in the peer's window", round(bare.load, 2)),
    ]


def _a_second(window: Window) -> float:
    return round(len(window.ages_ms) / WINDOW_S, 1)


def _percentiles(values_ms: list[float]) -> tuple[float, float]:
    cuts = statistics.quantiles(values_ms, n=100, method="inclusive")
    return round(cuts[49], 1), round(cuts[94], 1)
