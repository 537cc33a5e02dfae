"""Brightness, and a camera that gives the same picture again."""

import numpy as np
import pytest

from candidate_agent.capture.analysis.observations import FrozenFor
from candidate_agent.capture.analysis.picture_facts import Standstill, luma
from candidate_agent.platforms.ports import Picture


def grey(value: int, taken_us: int = 0) -> Picture:
    return Picture(np.full((48, 64, 3), value, np.uint8), taken_us)


def test_brightness_and_its_spread() -> None:
    assert luma(grey(37).pixels, 5) == pytest.approx(luma(grey(37).pixels, 5)) and luma(grey(37).pixels, 5).mean == 37
    pixels = grey(0).pixels.copy()
    pixels[:24] = 200
    seen = luma(pixels, 9)
    assert (seen.at_us, seen.mean, seen.spread) == (9, 100, 100)


def test_the_same_picture_is_counted_from_its_first_and_one_byte_ends_it() -> None:
    still = Standstill()
    assert still.take(grey(90, 1_000), 1) == FrozenFor(1, 0)
    assert still.take(grey(90, 4_000), 2) == FrozenFor(2, 3_000)
    assert still.take(grey(90, 9_000), 3) == FrozenFor(3, 8_000)
    moved = grey(90, 11_000)
    moved.pixels[47, 63, 2] += 1
    assert still.take(moved, 4) == FrozenFor(4, 0)


def test_a_picture_of_another_size_is_another_picture_and_nothing_is_counted_over_a_loss() -> None:
    still = Standstill()
    still.take(grey(90, 0), 0)
    assert still.take(Picture(np.full((24, 32, 3), 90, np.uint8), 5), 1).for_us == 0
    still.forget()
    assert still.take(Picture(np.full((24, 32, 3), 90, np.uint8), 9), 2).for_us == 0
