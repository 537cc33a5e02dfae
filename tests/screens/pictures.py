"""`make screens`: a picture of every screen in three sizes, and of each state of a screen in one, in docs/screens/,
with a page that shows them all.

Drawn by a real browser from the sample states of the tests. `python -m tests.screens.pictures OUT [NAME ...]
[--language xx] [--scheme dark] [--size small]` draws some of them elsewhere, for looking.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np
from playwright.sync_api import Browser

from candidate_agent.ui.view_model import view
from tests.candidate_agent.ui.states import NOW_US, STATES, WALL_MS
from tests.screens.browser import browser, draw, page

DOCS = Path(__file__).parents[2] / "docs" / "screens"
SIZES = {"small": (1024, 600), "middle": (1366, 768), "large": (1920, 1080)}
QUALITY = 50  # WebP: a tenth of PNG's bytes, and letters stay sharp enough to judge
WAY_OUT = ("way-out", "way-out-ar", "way-out-200")
HEAD = """# Every screen

Made by `make screens` from the sample states in `tests/candidate_agent/ui/states.py`: in a real browser, without the
program behind them, in English and light colours. Each screen is there at 1024x600, 1366x768 and 1920x1080; each state
of a screen, shown here, at 1366x768. The `candidate-*.png` are the real window, from the demo.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", nargs="?", type=Path, default=DOCS)
    parser.add_argument("names", nargs="*", default=[])
    parser.add_argument("--language", default="en")
    parser.add_argument("--scheme", default="light")
    parser.add_argument("--size", choices=SIZES, action="append")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with browser() as running:
        for size in options.size or SIZES:
            names = options.names or (list(STATES) if size == "middle" else one_of_each())
            _draw(running, options.out, size, names, options.language, options.scheme)
    if not options.names:
        _draw_way_out(options.out)
    if options.out == DOCS:
        (DOCS / "README.md").write_text(gallery([*STATES, *WAY_OUT]), encoding="utf-8")


def one_of_each() -> list[str]:
    """The first sample state of each screen, and all that have a panel open."""
    chosen: dict[str, str] = {}
    for name, state in STATES.items():
        drawn = view(state.session, now_us=NOW_US, wall_ms=WALL_MS, live=state.live)
        chosen.setdefault(f"{drawn['screen']} {state.panel}", name)
    return list(chosen.values())


def _draw(running: Browser, out: Path, size: str, names: list[str], language: str, scheme: str) -> None:
    """A page of its own for each: a panel that one state opened must not stand open in the next."""
    width, height = SIZES[size]
    for name in names:
        with page(running, width, height, scheme, reduced_motion="reduce") as opened:
            draw(opened, name, language)
            _write(out / f"{name}-{size}.webp", opened.screenshot())


def _draw_way_out(out: Path) -> None:
    """The emergency exit is no page: a process of its own draws it. English, Arabic, and twice as large."""
    with tempfile.TemporaryDirectory() as drawn:
        subprocess.run(
            [sys.executable, "-m", "tests.candidate_agent.ui.way_out_pictures", drawn],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        for name in WAY_OUT:
            for size in SIZES if name == WAY_OUT[0] else ["middle"]:
                _write(out / f"{name}-{size}.webp", (Path(drawn) / f"{name}-{size}.png").read_bytes())


def _write(path: Path, png: bytes) -> None:
    picture = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
    path.write_bytes(cv2.imencode(".webp", picture, [cv2.IMWRITE_WEBP_QUALITY, QUALITY])[1].tobytes())


def gallery(names: list[str]) -> str:
    return "\n".join([HEAD, *(f"## {name}\n\n![{name}]({name}-middle.webp)\n" for name in names)])


if __name__ == "__main__":
    main()
