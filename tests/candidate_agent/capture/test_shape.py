"""Sizes and pixels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from candidate_agent.capture import shape
from candidate_agent.capture.shape import Size

sides = st.integers(2, 5000)


def noise(height: int, width: int, channels: int = 4, seed: int = 1) -> shape.Image:
    return np.random.default_rng(seed).integers(0, 256, (height, width, channels), dtype=np.uint8)


@given(sides, sides, sides, sides)
def test_a_size_that_is_fitted_is_even_inside_the_box_and_in_proportion(w: int, h: int, box_w: int, box_h: int) -> None:
    found = shape.fit(Size(w, h), box_w, box_h)
    assert found.width % 2 == found.height % 2 == 0
    assert found.width <= max(2, box_w + 1) and found.height <= max(2, box_h + 1)
    assert found.width <= w and found.height <= h


def test_a_size_that_fits_is_only_made_even() -> None:
    assert shape.fit(Size(1367, 769), 1920, 1200) == Size(1366, 768)
    assert shape.fit(Size(3840, 2160), 1920, 1200) == Size(1920, 1080)


@pytest.mark.parametrize(("height", "width"), [(64, 64), (65, 67), (70, 1366)])
def test_pixels_become_i420_of_the_even_size_and_back(height: int, width: int) -> None:
    pixels = np.full((height, width, 4), (200, 100, 50, 255), np.uint8)
    size = shape.picture_size(pixels)
    out = shape.i420_buffer(size)
    shape.to_i420(pixels, out)
    luma, blue, red = shape.planes(out)
    assert luma.shape == (size.height, size.width) and blue.shape == red.shape == (size.height // 2, size.width // 2)
    assert luma.min() == luma.max() and blue.mean() > 128 > red.mean()


@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize("row", [0, 31, 32, 100, 255])
def test_converting_and_scaling_the_changed_rows_gives_what_converting_all_gives(channels: int, row: int) -> None:
    before = noise(256, 320, channels)
    after = before.copy()
    after[row, 5:40] ^= 0x55
    rows = shape.changed_rows(before, after)
    assert rows is not None and rows[0] <= row < rows[1] and rows[1] - rows[0] == 32
    size, small = Size(320, 256), Size(80, 64)
    part, whole = shape.i420_buffer(size), shape.i420_buffer(size)
    part_small, whole_small = shape.i420_buffer(small), shape.i420_buffer(small)
    shape.to_i420(before, part)
    shape.scale_i420(part, part_small)
    shape.to_i420(after[rows[0] : rows[1]], part, rows[0])
    shape.scale_i420(part, part_small, rows)
    shape.to_i420(after, whole)
    shape.scale_i420(whole, whole_small)
    assert np.array_equal(part, whole) and np.array_equal(part_small, whole_small)


def test_rows_are_scaled_all_where_the_heights_do_not_divide() -> None:
    source, part, whole = (shape.i420_buffer(size) for size in (Size(320, 200), Size(130, 82), Size(130, 82)))
    shape.to_i420(noise(200, 320), source)
    shape.scale_i420(source, part, (32, 64))
    shape.scale_i420(source, whole)
    assert np.array_equal(part, whole)


def test_equal_pictures_have_no_changed_rows_and_one_bit_is_noticed() -> None:
    one, other = noise(101, 203), noise(101, 203)
    assert shape.changed_rows(one, other) is None
    other[70, 202, 2] ^= 1
    assert shape.changed_rows(one, other) == (64, 96)


def test_the_odd_last_row_that_nobody_sees_is_no_change() -> None:
    one, other = noise(65, 64), noise(65, 64)
    other[64] ^= 1
    assert shape.changed_rows(one, other) is None


def test_another_size_is_a_change_of_everything() -> None:
    assert shape.changed_rows(noise(64, 64), noise(32, 64)) == (0, 32)


def test_joined_rows_hold_both() -> None:
    assert shape.joined((32, 64), (96, 128)) == (32, 128)
    assert shape.joined(None, (1, 2)) == (1, 2) and shape.joined((1, 2), None) == (1, 2)
    assert shape.joined(None, None) is None


def test_what_is_blacked_is_black_to_the_next_even_pixel_and_the_rest_is_as_it_was() -> None:
    pixels = np.full((40, 60, 4), 200, np.uint8)
    out = shape.blacked(pixels, (shape.Rect(11, 3, 21, 9), shape.Rect(50, 30, 900, 900), shape.Rect(-9, -9, 0, 2)))
    assert out is pixels and not out[2:10, 10:22, :3].any() and not out[30:, 50:, :3].any()
    black = int((out[:, :, 0] == 0).sum())
    assert black == 8 * 12 + 10 * 10
    fixed = np.full((4, 4, 3), 9, np.uint8)
    fixed.flags.writeable = False
    assert not shape.blacked(fixed, (shape.Rect(0, 0, 4, 4),)).any() and fixed.all()
