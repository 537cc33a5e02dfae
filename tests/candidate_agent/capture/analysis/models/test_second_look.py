"""Dark pictures are lifted and light ones left alone; a nearer look is upright; a turned picture gives places back."""

import cv2
import numpy as np
import pytest

from candidate_agent.capture.analysis.models.second_look import LIT, SIDE, leans, lifted, nearer


def grey(value: int, height: int = 240, width: int = 320) -> np.ndarray:
    return np.full((height, width, 3), value, np.uint8)


def test_a_light_picture_is_not_lifted_and_a_dark_one_is_brought_to_where_faces_are_found() -> None:
    assert lifted(grey(150)) is None
    light = lifted(grey(20))
    assert light is not None and abs(float(light.mean()) - LIT) < 12


def test_somebody_dark_before_a_bright_window_is_lifted_too() -> None:
    picture = grey(240)
    picture[100:, 120:200] = 12  # a seventh of the picture
    light = lifted(picture)
    assert light is not None and light[200, 160].mean() > 80


def test_black_is_lifted_without_a_fault() -> None:
    light = lifted(grey(0))
    assert light is not None and light.max() == 0


@pytest.mark.parametrize("tilt_deg", [-40, 0, 25])
def test_the_nearer_look_sets_the_eyes_level_in_the_middle(tilt_deg: float) -> None:
    picture = grey(160, 480, 640)
    along = np.radians(tilt_deg)
    away = 40 * np.array((np.cos(along), np.sin(along)))
    eyes_px = [np.array((320, 240)) - away, np.array((320, 240)) + away]
    for eye in eyes_px:
        cv2.circle(picture, [round(float(value)) for value in eye], 6, (0, 0, 0), -1)
    eyes = [(float(eye[0] / 640), float(eye[1] / 480)) for eye in eyes_px]
    crop = nearer(picture, (0.375, 0.333, 0.25, 0.333), eyes)
    assert crop.shape == (SIDE, SIDE, 3)
    dark = np.argwhere(crop[..., 1] < 60)
    assert np.ptp(dark[:, 0]) < 25 < np.ptp(dark[:, 1]), "they lie beside each other"
    assert abs(dark[:, 0].mean() - SIDE / 2) < 5


def test_a_place_in_a_turned_picture_is_given_back_as_it_is_in_the_picture() -> None:
    picture = grey(200)
    cv2.circle(picture, (100, 90), 8, (0, 0, 0), -1)
    turned = list(leans(picture))
    assert len(turned) == 2
    for each in turned:
        row, column = np.argwhere(each.pixels[..., 0] < 60).mean(axis=0)
        x, y = each.back((column / 320, row / 240), (320, 240))
        assert (x * 320, y * 240) == pytest.approx((100, 90), abs=1.5)
