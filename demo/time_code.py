"""The time code on the sample exam page, read back from a picture of it.

The page (exam_site/index.html) draws, inside a magenta frame, 28 equal cells, white for 1 and black for 0: 24 bits of
Unix time in tenths of a second, most significant first, then 4 bits of checksum (sum of the six nibbles, modulo 16).
"""

import numpy as np
import numpy.typing as npt

from demo.failure import StepFailed

VALUE_BITS = 24
CHECK_BITS = 4
CELLS = VALUE_BITS + CHECK_BITS
TICK_S = 0.1
FRAME_CELLS = 0.5  # width of the magenta frame, in cells
SMALLEST_CELL_PX = 3.0

Picture = npt.NDArray[np.uint8]


def encode(unix_s: float) -> tuple[int, ...]:
    """The cells, as the page draws them."""
    value = int(unix_s / TICK_S) % (1 << VALUE_BITS)
    number = value << CHECK_BITS | _check(value)
    return tuple(number >> shift & 1 for shift in range(CELLS - 1, -1, -1))


def read(picture: Picture) -> int:
    """Tenths of a second modulo 2**24 from an RGB picture (height, width, 3). Raises StepFailed if illegible."""
    left, top, right, bottom = _frame(picture)
    cell_px = (right - left) / (CELLS + 2 * FRAME_CELLS)
    if cell_px < SMALLEST_CELL_PX:
        raise StepFailed(f"the time code's cells are only {cell_px:.1f} pixels wide")
    y = (top + bottom) // 2
    number = 0
    for cell in range(CELLS):
        x = int(left + (FRAME_CELLS + cell + 0.5) * cell_px)
        number = number << 1 | int(picture[y - 1 : y + 2, x - 1 : x + 2].mean() > 127)
    value, check = number >> CHECK_BITS, number & (1 << CHECK_BITS) - 1
    if check != _check(value):
        raise StepFailed(f"the time code's checksum does not hold ({number:07x})")
    return value


def age_s(value: int, now_unix_s: float) -> float:
    """How long ago the page showed this value; the code repeats after 19 days."""
    ticks = (int(now_unix_s / TICK_S) - value) % (1 << VALUE_BITS)
    return (ticks if ticks < 1 << VALUE_BITS - 1 else ticks - (1 << VALUE_BITS)) * TICK_S


def _check(value: int) -> int:
    return sum(value >> shift & 15 for shift in range(0, VALUE_BITS, 4)) % 16


def _frame(picture: Picture) -> tuple[int, int, int, int]:
    """Left, top, right, bottom (exclusive) of the magenta frame."""
    red, green, blue = (picture[:, :, channel].astype(np.int16) for channel in range(3))
    magenta = (red > 150) & (blue > 150) & (green < 110)
    rows, columns = magenta.sum(axis=1), magenta.sum(axis=0)
    if not magenta.any() or rows.max() < CELLS * SMALLEST_CELL_PX:
        raise StepFailed("no time code is in the picture")
    ys, xs = np.nonzero(rows > rows.max() / 2)[0], np.nonzero(columns > columns.max() / 2)[0]
    return int(xs[0]), int(ys[0]), int(xs[-1]) + 1, int(ys[-1]) + 1
