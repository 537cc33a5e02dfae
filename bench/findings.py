"""What the search on the device costs: two children get the same pictures and sound, one looks at them, one does not.

`python -m bench.findings` measures CPU and memory of both in the same windows, what the same looks take one after
another, and each model by itself; `bench/__main__.py` calls `measure`. No device, no recording:
bench/media.py measures that.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from contextlib import AbstractContextManager, ExitStack

import psutil

from bench import cold_page
from bench.findings_agent import LOOKS_PER_S
from bench.media import child, shares
from bench.results import Figure, tell

WARM_UP_S, WINDOW_S, WINDOWS = 6.0, 6.0, 5
BAR, CPU_BAR = "bar", 10.0


def measure() -> list[Figure]:
    """About 55 s."""
    with ExitStack() as stack:
        looking, idle = (stack.enter_context(_agent(mode)) for mode in ("models", "none"))
        began_s = time.monotonic()
        time.sleep(WARM_UP_S)
        both = [psutil.Process(looking.pid), psutil.Process(idle.pid)]
        windows = [shares(both, WINDOW_S) for _ in range(WINDOWS)]
        memory_mb = [process.memory_info().rss / 1e6 for process in both]
        seconds = time.monotonic() - began_s
        output, _ = looking.communicate()
        idle.communicate()
    return _figures(windows, memory_mb, json.loads(output), seconds)


def _agent(mode: str) -> AbstractContextManager[subprocess.Popen[str]]:
    return child([sys.executable, "-m", "bench.findings_agent", mode], dict(os.environ), pipes=True)


def _figures(
    windows: list[list[float]], memory_mb: list[float], counted: dict[str, float], seconds: float
) -> list[Figure]:
    per_s = counted["looks"] / seconds
    # A busy machine gives fewer looks: then the cost is reckoned up to two a second.
    more = statistics.median(looking - idle for looking, idle in windows) * max(1.0, LOOKS_PER_S / per_s)
    models = [
        Figure(f"findings.{name}", round(counted[f"{name}_ms"], 2), "ms")
        for name in ("faces", "landmarks", "objects", "speech")
    ]
    return [
        Figure("findings.cpu", round(more, 2), "% of a core", BAR, CPU_BAR, has_bar=True),
        Figure("findings.work", round(counted["work"], 2), "% of a core", BAR, CPU_BAR, has_bar=True),
        cold_page.measure("findings"),
        Figure("findings.looks", round(per_s, 2), "a second"),
        Figure("findings.persons", round(counted["persons"] / seconds, 2), "a second"),
        Figure("findings.memory", round(memory_mb[0] - memory_mb[1], 1), "MB"),
        *models,
    ]


def main() -> None:
    tell(measure())


if __name__ == "__main__":
    main()
