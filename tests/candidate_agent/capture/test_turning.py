"""The angle that a camera turned, from drawn panoramas. No real camera was turned for this."""

from itertools import pairwise

import cv2
import numpy as np
import pytest

from candidate_agent.capture import turning
from tests.candidate_agent.capture import cards
from tests.rig.camera import person


def panorama(seed: int = 5) -> cards.Image:
    """Six rooms side by side and closed to a ring: 360 degrees at the 60 that a picture shows."""
    random = np.random.default_rng(seed)
    rooms = [cards.room(random, person=False) for _ in range(6)]
    for picture in rooms:
        for _ in range(6):
            x, y = (int(value) for value in random.integers(0, 400, 2))
            cv2.rectangle(picture, (x, y), (x + 60, y + 40), tuple(int(v) for v in random.integers(0, 255, 3)), -1)
    return np.concatenate(rooms, axis=1)


def look(around: cards.Image, degrees: float, random: np.random.Generator) -> cards.Image:
    """What a camera sees that was turned so far to the right."""
    left = round(degrees / 60 * cards.WIDTH)
    view = np.take(around, range(left, left + cards.WIDTH), axis=1, mode="wrap")
    return np.clip(view + random.normal(0, 4, view.shape), 0, 255).astype(np.uint8)


def turned(steps: list[float]) -> float:
    around, random = panorama(), np.random.default_rng(1)
    views = [turning.small(look(around, degrees, random)) for degrees in steps]
    return sum(turning.between(one, other).degrees for one, other in pairwise(views))


@pytest.mark.parametrize("speed", [1.2, 3.0, 6.0, -3.0])
def test_a_full_turn_adds_up_to_about_a_circle(speed: float) -> None:
    count = round(360 / abs(speed))
    assert turned([speed * at for at in range(count + 1)]) == pytest.approx(np.sign(speed) * 360, abs=18)


def test_a_camera_at_rest_does_not_turn_although_somebody_moves_before_it() -> None:
    views = [turning.small(person(number, 640, 480)) for number in range(60)]
    moved = [turning.between(one, other).degrees for one, other in pairwise(views)]
    assert max(abs(np.cumsum(moved))) < 4


def test_pictures_that_have_nothing_in_common_or_show_nothing_tell_no_angle() -> None:
    random = np.random.default_rng(2)
    one, other = (turning.small(random.integers(0, 256, (480, 640, 3), dtype=np.uint8)) for _ in range(2))
    assert not turning.between(one, other).sure
    wall = turning.small(np.full((480, 640, 3), 120, np.uint8))
    assert turning.between(wall, wall) == turning.NO_TURN
