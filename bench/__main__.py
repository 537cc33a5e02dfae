"""`make bench`: every figure beside its peer, a line each, and all of them in bench/results/latest.json.

Status 0 also where a bar is missed (it says so), 1 where a figure could not be measured.
"""

import os
import sys
import time
from collections.abc import Callable

from bench import check_in, findings, legible, live, long, media, monitor, screen
from bench.canvas import measure as canvas
from bench.results import RESULTS_PATH, Figure, line, write
from demo.player import time_limit

LIMIT_S = 1_100.0
BENCHMARKS: tuple[tuple[str, Callable[[], list[Figure]]], ...] = (
    ("recording beside ffmpeg, about 80 s", media.measure),
    ("text read back from the recording, about 80 s", legible.measure),
    ("the search on the device, about 55 s", findings.measure),
    ("a screen while somebody reads, about 50 s", screen.measure),
    ("a live sitting, about 90 s", live.measure),
    ("capture to canvas, one candidate and eight, about 160 s", canvas.measure),
    ("check-in, about 120 s", check_in.measure),
    ("watching 300 processes, about 60 s", monitor.measure),
    ("hours of exam on simulated devices, about 180 s", long.measure),
)


def main() -> int:
    began_s = time.monotonic()
    figures: list[Figure] = []
    unmeasured = []
    RESULTS_PATH.unlink(missing_ok=True)  # only figures of one run stand together
    for title, measure in BENCHMARKS:
        _say(f"{title} …")
        try:
            with time_limit(LIMIT_S - (time.monotonic() - began_s)):
                found = measure()
        except Exception as error:  # whatever it is, the other figures still count
            _say(f"  NOT MEASURED: {type(error).__name__}: {error}")
            unmeasured.append(title)
            continue
        found.append(Figure(f"{found[0].name.split('.')[0]}.load", round(os.getloadavg()[0], 2), "processes"))
        figures += found
        for figure in found:
            _say(f"  {line(figure)}")
    write(figures)
    _say(_last_line(figures, unmeasured, time.monotonic() - began_s))
    return 1 if unmeasured else 0


def _last_line(figures: list[Figure], unmeasured: list[str], seconds: float) -> str:
    missed = [figure.name for figure in figures if not figure.meets_bar]
    barred = sum(figure.has_bar for figure in figures)
    verdict = f"missed: {', '.join(missed)}" if missed else f"all {barred} bars met"
    failed = f"; NOT MEASURED: {', '.join(unmeasured)}" if unmeasured else ""
    return f"bench: {verdict}{failed}; {len(figures)} figures in {seconds:.0f} s, see bench/results/{RESULTS_PATH.name}"


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
