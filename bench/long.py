"""Whether three hours of exam leave anything behind: the real media path on SIMULATED devices, up to 60 times as fast.

`python -m bench.long` runs two children beside each other (bench/long_agent.py), one with the models, for about three
minutes, or with `--whole` until three hours are simulated; `bench/__main__.py` calls `measure`. How fast it went is a
figure: it goes no faster than the lanes can follow, and every picture of the (small) displays is encoded.
"""

import json
import os
import subprocess
import sys
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass

from bench.media import child
from bench.results import Figure, tell
from bench.slope import Slope, slope

MINUTES, WARM_UP_MIN, SPEED = 180, 40, 60
LIMIT_S, WHOLE_S = 175.0, 3600.0
LEAST_MIN = 15  # behind the warm-up: fewer say nothing
FLAT_MB_PER_H = 1.0
FLAT = "flat: 0 in the 95 % interval of the slope, or surely less than"

Row = dict[str, float]


@dataclass(frozen=True, slots=True)
class Part:
    """`rows`: one for each simulated minute behind the warm-up."""

    name: str
    rows: list[Row]
    totals: Row

    def series(self, name: str) -> list[float]:
        return [row[name] for row in self.rows]

    def per_hour(self, name: str) -> Slope:
        return slope([row["minute"] / 60 for row in self.rows], self.series(name))


def measure(limit_s: float = LIMIT_S) -> list[Figure]:
    """About 180 s."""
    with ExitStack() as stack:
        running = {mode: stack.enter_context(_agent(mode, limit_s)) for mode in ("none", "models")}
        return [
            figure for mode, process in running.items() for figure in _figures(part(mode, process.communicate()[0]))
        ]


def _agent(mode: str, limit_s: float) -> AbstractContextManager[subprocess.Popen[str]]:
    words = [mode, str(MINUTES), str(limit_s), str(SPEED)]
    return child([sys.executable, "-m", "bench.long_agent", *words], dict(os.environ), pipes=True)


def part(mode: str, output: str) -> Part:
    """Raises ValueError where it broke off, or too little time was simulated to say anything."""
    *rows, totals = (json.loads(line) for line in output.splitlines() or ["{}"])
    if "hours" not in totals:
        raise ValueError(f"the simulated exam broke off after {len(rows) + 1} minutes")
    behind = [row for row in rows if row["minute"] > WARM_UP_MIN]
    if len(behind) < LEAST_MIN:
        raise ValueError(
            f"only {totals['hours'] * 60:.0f} minutes were simulated, {WARM_UP_MIN + LEAST_MIN} are needed"
        )
    return Part("long" if mode == "none" else "long.models", behind, totals)


def _figures(of: Part) -> list[Figure]:
    grows, files, threads = (of.per_hour(name) for name in ("rss", "files", "threads"))
    hours, seconds = of.totals["hours"], of.totals["seconds"]
    certain = 0.0 if grows.is_flat(FLAT_MB_PER_H) else grows.low
    return [
        Figure(f"{of.name}.grows", round(grows.value, 2), f"MB an hour ({grows.low:.2f} to {grows.high:.2f})"),
        Figure(f"{of.name}.grows_surely", round(certain, 2), "MB an hour", FLAT, FLAT_MB_PER_H, has_bar=True),
        Figure(f"{of.name}.memory", round(of.series("rss")[-1], 1), "MB at the end, of small simulated devices"),
        Figure(f"{of.name}.memory_shared", round(of.series("pss")[-1], 1), "MB, shared pages by their share"),
        Figure(f"{of.name}.files", of.series("files")[-1], f"open at the end ({files.value:+.1f} an hour)"),
        Figure(f"{of.name}.threads", max(of.series("threads")), f"at most ({threads.value:+.1f} an hour)"),
        Figure(f"{of.name}.kept", round(max(of.series("disk_mb")), 1), "MB on the disk at most, line away 5 min in 20"),
        Figure(f"{of.name}.written", round(of.totals["written_bytes"] / 1e6 / hours, 1), "MB of records an hour"),
        Figure(f"{of.name}.simulated", round(hours, 2), "hours"),
        Figure(f"{of.name}.speed", round(hours * 3600 / seconds, 1), "times as fast as real"),
        Figure(f"{of.name}.broken", of.totals["broken"], "parts that failed", "none may", 0.5, has_bar=True),
        Figure(f"{of.name}.dropped", of.totals["dropped"], "pictures and blocks"),
    ]


def main() -> None:
    tell(measure(WHOLE_S if "--whole" in sys.argv else LIMIT_S))


if __name__ == "__main__":
    main()
