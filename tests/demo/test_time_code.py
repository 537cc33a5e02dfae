import cv2
import numpy as np
import pytest

from demo import time_code
from demo.failure import StepFailed


def drawn(cells: tuple[int, ...], cell_px: int = 32) -> np.ndarray:
    """A page of 1920x1080 with the strip somewhere on it, as page.js draws it."""
    page = np.full((1080, 1920, 3), 244, np.uint8)
    frame = cell_px // 2
    width, height = cell_px * len(cells) + 2 * frame, 2 * cell_px
    strip = page[700 : 700 + height, 300 : 300 + width]
    strip[:] = (255, 0, 255)
    for index, cell in enumerate(cells):
        left = frame + index * cell_px
        strip[frame : height - frame, left : left + cell_px] = 255 * cell
    return page


@pytest.mark.parametrize("scale", [1.0, 2 / 3, 0.5, 0.37])
def test_the_code_is_read_back_at_every_size_and_after_lossy_coding(scale: float) -> None:
    now_s = 1_790_000_123.4
    page = drawn(time_code.encode(now_s))
    small = cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    _, jpeg = cv2.imencode(".jpg", small[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 60])
    picture = cv2.imdecode(jpeg, cv2.IMREAD_COLOR)[:, :, ::-1]
    assert time_code.age_s(time_code.read(picture), now_s) == pytest.approx(0, abs=0.11)


def test_a_wrong_cell_is_noticed() -> None:
    cells = list(time_code.encode(1_790_000_123.4))
    cells[5] ^= 1
    with pytest.raises(StepFailed, match="checksum"):
        time_code.read(drawn(tuple(cells)))


def test_a_page_without_a_code_has_none() -> None:
    with pytest.raises(StepFailed, match="no time code"):
        time_code.read(np.full((600, 800, 3), 200, np.uint8))


def test_age_goes_on_over_the_turn_of_the_counter() -> None:
    turn_s = (1 << time_code.VALUE_BITS) * time_code.TICK_S
    assert time_code.age_s((1 << time_code.VALUE_BITS) - 3, turn_s * 1000 + 0.2) == pytest.approx(0.5, abs=0.11)
