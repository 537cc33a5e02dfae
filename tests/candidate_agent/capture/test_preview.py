"""Thumbnails and small figures."""

import cv2
import numpy as np
import pytest

from candidate_agent.capture import preview
from candidate_agent.platforms.ports import Picture
from tests.candidate_agent.capture.studio import tone


def picture(value: int, width: int = 640, height: int = 480, channels: int = 3) -> Picture:
    return Picture(np.full((height, width, channels), value, np.uint8), 0)


@pytest.mark.parametrize("channels", [3, 4])
def test_a_thumbnail_keeps_proportion_and_colour(channels: int) -> None:
    data = preview.jpeg(picture(77, channels=channels), 160)
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert decoded is not None and decoded.shape == (120, 160, 3)
    assert abs(float(decoded.mean()) - 77) < 2


def test_a_picture_smaller_than_asked_stays_as_it_is() -> None:
    decoded = cv2.imdecode(np.frombuffer(preview.jpeg(picture(9, 101, 77), 640), np.uint8), cv2.IMREAD_COLOR)
    assert decoded is not None and decoded.shape[:2] == (77, 101)


def test_light_is_the_mean_brightness() -> None:
    assert preview.luma(picture(0)) == 0 and preview.luma(picture(255, channels=4)) == 255


def test_level_is_minus_infinity_clipped_for_silence_and_minus_nine_for_this_sine() -> None:
    assert preview.level_dbfs(np.zeros(100, np.int16)) == preview.level_dbfs(np.empty(0, np.int16)) == -120
    assert preview.level_dbfs(tone(440, 48_000)) == pytest.approx(20 * np.log10(12_000 / 32_768) - 3.01, abs=0.1)
