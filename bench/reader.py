"""A window that somebody reads in: a full page of smooth text that stands still and goes up by three lines every ten
seconds. Run as a child by bench/screen.py with DISPLAY set; draws until it is ended.
"""

import itertools
import time

from bench.typist import COLUMNS, TEXT, Page

SCROLL_EVERY_S, SCROLL_LINES = 10.0, 3


def main() -> None:
    page, text = Page(), itertools.cycle(TEXT)

    def write_lines(count: int) -> None:
        for _ in range(count):
            for column in range(COLUMNS):
                page.type(column, next(text))
            page.end_line()

    write_lines(45)
    while True:
        time.sleep(SCROLL_EVERY_S)
        write_lines(SCROLL_LINES)


if __name__ == "__main__":
    main()
