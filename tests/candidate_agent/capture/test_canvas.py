"""A display that is read in parts gives the same pictures as one that is read whole."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from candidate_agent.base.clock import SystemClock
from candidate_agent.capture import shape
from candidate_agent.capture.canvas import Canvas, in_bands
from candidate_agent.capture.sources import ScreenSource
from candidate_agent.platforms.ports import Display, Picture, Rows
from tests.candidate_agent.capture.studio import until

HEIGHT, WIDTH = 150, 64


def test_rows_are_widened_to_bands_within_the_display() -> None:
    assert in_bands((33, 34), 150) == (32, 64) and in_bands((0, 150), 150) == (0, 150)
    assert in_bands((140, 900), 150) == (128, 150) and in_bands((-5, 3), 150) == (0, 32)
    assert in_bands((150, 160), 150) is None and in_bands((-9, 0), 150) is None


@given(st.lists(st.tuples(st.integers(0, HEIGHT - 1), st.integers(0, 255)), max_size=12))
def test_what_is_taken_over_in_parts_is_the_whole(strokes: list[tuple[int, int]]) -> None:
    display, canvas = np.zeros((HEIGHT, WIDTH, 4), np.uint8), Canvas()
    assert canvas.take_whole(display.copy()) == (0, HEIGHT)
    for row, shade in strokes:
        before = display.copy()
        display[row] = shade
        first, end = in_bands((row, row + 1), HEIGHT) or (0, 0)
        assert canvas.take(display[first:end].copy(), first) == shape.changed_rows(before, display)
        assert canvas.pixels is not None and np.array_equal(canvas.pixels, display)


def test_a_display_of_another_size_is_new_as_a_whole() -> None:
    canvas = Canvas()
    canvas.take_whole(np.zeros((64, 64, 4), np.uint8))
    assert canvas.take_whole(np.zeros((64, 96, 4), np.uint8)) == (0, 64)


class Drawn:
    """A display that says where it is drawn on, and counts the rows that are read of it."""

    def __init__(self) -> None:
        self.width, self.height = WIDTH, HEIGHT
        self.pixels = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
        self.told: list[Rows] = []
        self.rows_read: list[Rows] = []

    def open(self, display: Display) -> "Drawn":
        return self

    def changed(self) -> Rows | None:
        return self.told.pop(0) if self.told else None

    def read(self) -> Picture:
        return Picture(self.pixels.copy(), SystemClock().monotonic_us())

    def read_rows(self, rows: Rows) -> Picture:
        self.rows_read.append(rows)
        return Picture(self.pixels[rows[0] : rows[1]].copy(), SystemClock().monotonic_us())

    def close(self) -> None: ...


def test_of_a_display_that_tells_where_it_changes_only_that_is_read() -> None:
    drawn, seen = Drawn(), list[Rows | None]()
    source = ScreenSource(drawn, Display("one", 0, 0, WIDTH, HEIGHT, True), 50)
    source.subscribe(lambda picture: seen.append(picture.new if picture else None))
    source.start()
    until(lambda: seen == [(0, HEIGHT)])
    drawn.pixels[70] = 9
    drawn.told.append((70, 71))
    until(lambda: (64, 96) in seen)
    latest = source.latest()
    source.stop()
    assert drawn.rows_read == [(64, 96)]
    assert latest is not None and np.array_equal(latest.pixels, drawn.pixels)


def test_parts_that_are_to_be_black_are_black_in_rows_as_well() -> None:
    drawn, asked = Drawn(), list[tuple[int, int]]()
    source = ScreenSource(drawn, Display("one", 0, 0, WIDTH, HEIGHT, True), 50)

    def mask(pixels: shape.Image, first: int, height: int) -> shape.Image:
        asked.append((first, height))
        return shape.blacked(pixels, (shape.Rect(0, 80 - first, WIDTH, 90 - first),))

    source.mask(mask, lambda: 0, 0.0)
    source.start()
    until(lambda: source.latest() is not None)
    drawn.pixels[:] = 50
    drawn.told.append((64, 100))
    until(lambda: bool(drawn.rows_read))
    until(lambda: (latest := source.latest()) is not None and latest.pixels[64, 0, 0] == 50)
    latest = source.latest()
    source.stop()
    assert (64, HEIGHT) in asked
    assert latest is not None and latest.pixels[79, 0, 0] == 50 and not latest.pixels[80:90, :, :3].any()
