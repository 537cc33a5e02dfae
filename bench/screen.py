"""What recording a screen costs while somebody reads: the agent's screen and ffmpeg record the same one at once.

`python -m bench.screen` makes a virtual screen with a page on it and measures CPU, as bench/media.py does; a third
recorder compares pictures instead of asking the server, as on systems without the extension DAMAGE.
"""

import json
import os
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import psutil

from bench.media import SCREEN, SCREEN_PER_S, WARM_UP_S, WINDOW_S, child, shares, virtual_screen
from bench.results import Figure, tell

WINDOWS = 5
FFMPEG = "half of ffmpeg, the same screen, unencrypted"


def ffmpeg(display: str, output_path: Path) -> list[str]:
    return [
        "ffmpeg", "-nostdin", "-loglevel", "error", "-y", "-f", "x11grab", "-framerate", str(SCREEN_PER_S),
        "-video_size", SCREEN, "-i", display, "-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "veryfast",
        "-crf", "26", "-threads", "1", str(output_path),
    ]  # fmt: skip


def measure() -> list[Figure]:
    """About 50 s."""
    with tempfile.TemporaryDirectory() as directory, ExitStack() as stack:
        return _measure(Path(directory), stack)


def _measure(directory: Path, stack: ExitStack) -> list[Figure]:
    display = stack.enter_context(virtual_screen())
    plain = {**os.environ, "DISPLAY": display}
    agent = [sys.executable, "-m", "bench.screen_agent"]
    stack.enter_context(child([sys.executable, "-m", "bench.reader"], plain))
    ours = stack.enter_context(child(agent, plain, pipes=True))
    comparing = stack.enter_context(child([*agent, "compare"], plain, pipes=True))
    peer = stack.enter_context(child(ffmpeg(display, directory / "peer.mkv"), plain))
    time.sleep(WARM_UP_S)
    processes = [psutil.Process(each.pid) for each in (ours, comparing, peer)]
    windows = [shares(processes, WINDOW_S) for _ in range(WINDOWS)]
    counts = json.loads(ours.communicate()[0])
    comparing.communicate()
    damage, compared, theirs = (statistics.median(column) for column in zip(*windows, strict=True))
    return [
        Figure("screen.reading", round(damage, 2), "% of a core", FFMPEG, round(theirs / 2, 2), has_bar=True),
        Figure("screen.reading_compared", round(compared, 2), "% of a core", FFMPEG, round(theirs / 2, 2)),
        Figure("screen.grabs", counts["in"], "pictures"),
        Figure("screen.dropped", counts["dropped"], "pictures"),
    ]


def main() -> None:
    tell(measure())


if __name__ == "__main__":
    main()
