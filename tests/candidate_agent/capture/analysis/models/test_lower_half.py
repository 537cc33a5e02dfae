"""How mouth and chin differ from cheeks and forehead, told of drawn crops."""

import numpy as np
import pytest

from candidate_agent.capture.analysis.models.landmarks import LOWER, SIDE, UPPER, lower_half

ABOVE, BELOW = (0.5, 0.3), (0.5, 0.8)


def points() -> np.ndarray:
    at = np.zeros((478, 3), np.float32)
    for part, (x, y) in ((UPPER, ABOVE), (LOWER, BELOW)):
        at[part, 0], at[part, 1] = x * SIDE, y * SIDE
    return at


def crop(upper: tuple[int, int, int], lower: tuple[int, int, int]) -> np.ndarray:
    """Blue, green, red."""
    made = np.empty((SIDE, SIDE, 3), np.uint8)
    made[: SIDE // 2], made[SIDE // 2 :] = upper, lower
    return made


def test_a_face_of_one_colour_differs_in_nothing() -> None:
    assert lower_half(crop((90, 120, 180), (90, 120, 180)), points()) == pytest.approx((0, 0, 0))


def test_half_the_light_is_darker_and_hardly_another_colour() -> None:
    told = lower_half(crop((90, 120, 180), (45, 60, 90)), points())
    assert told is not None and told[2] < -0.5 and abs(told[0]) < 0.08 and abs(told[1]) < 0.08


def test_a_blue_cloth_is_bluer_and_less_red() -> None:
    told = lower_half(crop((90, 120, 180), (215, 200, 170)), points())
    assert told is not None and told[0] < -0.3 and told[1] > 0.2


@pytest.mark.parametrize("value", [3, 255])
def test_where_the_camera_tells_no_colours_nothing_is_said(value: int) -> None:
    assert lower_half(crop((value,) * 3, (value,) * 3), points()) is None
