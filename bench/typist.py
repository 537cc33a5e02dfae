"""A window that somebody types into: a page of smooth text, eight characters a second, then and now a scroll by a line.

Run as a child by bench/media.py with DISPLAY set; draws until it is ended.
"""

import itertools
import time

import cv2
import numpy as np
from Xlib import X, display

TEXT = (
    "the determinant of a triangular matrix is the product of its diagonal entries, so every eigenvalue can be read "
    "off at once and the characteristic polynomial factors over the field as it stands, without any further work. "
)
CELL_WIDTH, LINE_HEIGHT, COLUMNS, LEFT, TOP = 11, 24, 140, 120, 60
PAPER, INK = (240, 244, 246), (32, 32, 32)
CHARACTERS_PER_S = 8


def glyph(letter: str) -> bytes:
    """One cell as the server takes it: BGRX."""
    cell = np.full((LINE_HEIGHT, CELL_WIDTH, 3), PAPER, np.uint8)
    cv2.putText(cell, letter, (0, 17), cv2.FONT_HERSHEY_SIMPLEX, 0.5, INK, 1, cv2.LINE_AA)
    return cv2.cvtColor(cell, cv2.COLOR_BGR2BGRA).tobytes()


class Page:
    def __init__(self) -> None:
        self._display = display.Display()
        screen = self._display.screen()
        self._width, self._height, self._depth = screen.width_in_pixels, screen.height_in_pixels, screen.root_depth
        self._window = screen.root.create_window(
            0, 0, self._width, self._height, 0, self._depth,
            background_pixel=PAPER[2] << 16 | PAPER[1] << 8 | PAPER[0], override_redirect=True,
        )  # fmt: skip
        self._context = self._window.create_gc(graphics_exposures=False)
        self._glyphs = {letter: glyph(letter) for letter in set(TEXT)}
        self._window.map()
        self._y = TOP

    def type(self, column: int, letter: str) -> None:
        x = LEFT + column * CELL_WIDTH
        self._window.put_image(
            self._context, x, self._y, CELL_WIDTH, LINE_HEIGHT, X.ZPixmap, self._depth, 0, self._glyphs[letter]
        )
        self._display.sync()

    def end_line(self) -> None:
        if self._y + 3 * LINE_HEIGHT < self._height:
            self._y += LINE_HEIGHT
            return
        kept = self._height - LINE_HEIGHT
        self._window.copy_area(self._context, self._window, 0, LINE_HEIGHT, self._width, kept, 0, 0)
        self._window.clear_area(0, self._y, self._width, self._height - self._y)


def main() -> None:
    page, text = Page(), itertools.cycle(TEXT)
    for _ in range(38):
        for column in range(COLUMNS):
            page.type(column, next(text))
        page.end_line()
    while True:
        for column in range(COLUMNS // 3):
            page.type(column, next(text))
            time.sleep(1 / CHARACTERS_PER_S)
        page.end_line()


if __name__ == "__main__":
    main()
