"""`make screens`: a picture of every screen in three sizes, in docs/screens/, with a page that shows them all.

Drawn by a real browser from the sample states of the tests. `python -m tests.screens.pictures OUT [NAME ...]
[--language xx] [--scheme dark] [--size small]` draws some of them elsewhere, for looking.
"""

import argparse
from pathlib import Path

from playwright.sync_api import Browser

from tests.candidate_agent.ui.states import STATES
from tests.screens.browser import browser, draw, page

DOCS = Path(__file__).parents[2] / "docs" / "screens"
SIZES = {"small": (1024, 600), "middle": (1366, 768), "large": (1920, 1080)}
QUALITY = 72  # JPEG: a tenth of PNG's bytes, and letters stay sharp enough to judge
HEAD = """# Every screen

Made by `make screens` from the sample states in `tests/candidate_agent/ui/states.py`: in a real browser, without the
program behind them, in English and light colours, at 1024x600, 1366x768 and 1920x1080. Shown here: the middle size.
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
            _draw(running, options.out, size, options.names or list(STATES), options.language, options.scheme)
    if options.out == DOCS:
        (DOCS / "README.md").write_text(gallery(list(STATES)), encoding="utf-8")


def _draw(running: Browser, out: Path, size: str, names: list[str], language: str, scheme: str) -> None:
    """A page of its own for each: a panel that one state opened must not stand open in the next."""
    width, height = SIZES[size]
    for name in names:
        with page(running, width, height, scheme, reduced_motion="reduce") as opened:
            draw(opened, name, language)
            opened.screenshot(path=out / f"{name}-{size}.jpg", type="jpeg", quality=QUALITY)


def gallery(names: list[str]) -> str:
    return "\n".join([HEAD, *(f"## {name}\n\n![{name}]({name}-middle.jpg)\n" for name in names)])


if __name__ == "__main__":
    main()
