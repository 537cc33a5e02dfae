"""Sizes and pixels: from what a device gives to what an encoder takes. Pure functions on arrays; called by the lanes.

I420 is kept as OpenCV lays it out: one array of height*3/2 x width, Y above, then U and V packed. Sides are even.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from candidate_agent.platforms.ports import Rows

Image = npt.NDArray[np.uint8]

BAND_ROWS = 32
LARGE_PIXELS = 3840 * 2160
"""Of screens: from here on a picture (33 MB) is scaled down before it is kept."""


@dataclass(frozen=True, slots=True)
class Size:
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Rect:
    """Of pixels: first column and row, and those behind the last. May reach out of the picture."""

    left: int
    top: int
    right: int
    bottom: int


def one_thread_each() -> None:
    """Every lane has a thread of its own: OpenCV's pool beside them only wakes processors for a millisecond's work."""
    cv2.setNumThreads(1)


def even(width: int, height: int) -> Size:
    """The largest even size inside. At most one row and one column are lost."""
    return Size(width & ~1, height & ~1)


def fit(size: Size, max_width: int, max_height: int) -> Size:
    """`size` scaled down into the box, sides in proportion and even. Never scaled up."""
    scale = min(1.0, max_width / size.width, max_height / size.height)
    if scale == 1.0:
        return even(size.width, size.height)
    return Size(max(2, round(size.width * scale / 2) * 2), max(2, round(size.height * scale / 2) * 2))


def picture_size(pixels: Image) -> Size:
    return even(pixels.shape[1], pixels.shape[0])


def i420_buffer(size: Size) -> Image:
    return np.zeros((size.height * 3 // 2, size.width), np.uint8)


def to_i420(pixels: Image, out: Image, first: int = 0) -> None:
    """BGRA or BGR into a buffer of the whole picture's `picture_size`; an odd last row or column is left out.

    `pixels`: the whole picture, or its rows from `first` on, which is even.
    """
    height, width = out.shape[0] * 2 // 3, out.shape[1]
    rows = min(pixels.shape[0], height - first) & ~1
    conversion = cv2.COLOR_BGRA2YUV_I420 if pixels.shape[2] == 4 else cv2.COLOR_BGR2YUV_I420
    if rows == height:
        cv2.cvtColor(pixels[:height, :width], conversion, dst=out)
    elif rows > 0:
        band = cv2.cvtColor(pixels[:rows, :width], conversion).astype(np.uint8, copy=False)
        for part, target, step in zip(planes(band), planes(out), (1, 2, 2), strict=True):
            target[first // step : (first + rows) // step] = part


def planes(i420: Image) -> tuple[Image, Image, Image]:
    """Views of Y, U and V."""
    height, width = i420.shape[0] * 2 // 3, i420.shape[1]
    flat, area = i420.reshape(-1), height * width
    half = (height // 2, width // 2)
    return i420[:height], flat[area : area * 5 // 4].reshape(half), flat[area * 5 // 4 :].reshape(half)


def scale_i420(source: Image, out: Image, rows: Rows | None = None) -> None:
    """Each plane scaled down: averaged, or interpolated above a third, where it shows little. `rows`: none but these.

    Rows alone can be scaled where the heights divide without remainder; else all are.
    """
    method = cv2.INTER_AREA if out.shape[1] * 3 <= source.shape[1] else cv2.INTER_LINEAR
    height, out_height = source.shape[0] * 2 // 3, out.shape[0] * 2 // 3
    factor = height // out_height
    first, end = rows or (0, height)
    if height % out_height or BAND_ROWS % (2 * factor) or end % (2 * factor):
        first, end = 0, height
    for plane, target, step in zip(planes(source), planes(out), (1, 2, 2), strict=True):
        if end - first < height:
            plane, target = plane[first // step : end // step], target[first // step // factor : end // step // factor]
        cv2.resize(plane, (target.shape[1], target.shape[0]), dst=target, interpolation=method)


def scale(pixels: Image, size: Size) -> Image:
    """Interleaved pixels averaged down: for thumbnails."""
    return cv2.resize(pixels, (size.width, size.height), interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def blacked(pixels: Image, rects: tuple[Rect, ...]) -> Image:
    """`pixels` with black in place of `rects`, whose sides go outwards to even numbers: colour is kept for two by two
    pixels. Written into where the array allows it, which a fresh picture does; else a copy."""
    if not rects:
        return pixels
    out = pixels if pixels.flags.writeable else pixels.copy()
    for rect in rects:
        rows = slice(max(0, rect.top & ~1), max(0, rect.bottom + 1 & ~1))
        out[rows, max(0, rect.left & ~1) : max(0, rect.right + 1 & ~1), :3] = 0
    return out


def decoded(jpeg: bytes) -> Image:
    """BGR pixels of a JPEG that this program made."""
    pixels = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert pixels is not None, "our own JPEG can be read"
    return pixels.astype(np.uint8, copy=False)


def changed_rows(one: Image, other: Image) -> Rows | None:
    """From which row to before which two pictures differ, in bands of 32 rows; None: equal to the last byte.

    0.7 ms for 1080p: eight bytes at a time where they fit.
    """
    height = picture_size(other).height
    if one.shape != other.shape:
        return 0, height
    changed = list(_changed_bands(one, other))
    return (changed[0][0], changed[-1][1]) if changed else None


def same(one: Image, other: Image) -> bool:
    """Equal to the last byte; pictures of a live camera differ in the first band already."""
    return one.shape == other.shape and next(_changed_bands(one, other), None) is None


def _changed_bands(one: Image, other: Image) -> Iterator[Rows]:
    wide = one.nbytes % (8 * one.shape[0]) == 0 and one.flags.c_contiguous and other.flags.c_contiguous
    lines = [image.reshape(image.shape[0], -1) for image in (one, other)]
    left, right = (line.view(np.uint64) if wide else line for line in lines)
    height = picture_size(other).height
    for first in range(0, height, BAND_ROWS):
        end = min(first + BAND_ROWS, height)
        if not np.array_equal(left[first:end], right[first:end]):
            yield first, end


def joined(one: Rows | None, other: Rows | None) -> Rows | None:
    """The rows that hold both."""
    if one is None or other is None:
        return one or other
    return min(one[0], other[0]), max(one[1], other[1])
