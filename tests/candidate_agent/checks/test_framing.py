"""The real detector on the drawn figure of the test camera: where a face is, how large, how many."""

import numpy as np
import pytest

from candidate_agent.checks import framing
from candidate_agent.checks.framing import Box
from tests.rig.camera import Image, _face, _room, dark, person

WIDTH, HEIGHT = 1280, 720


def faces(*places: tuple[int, int, int]) -> Image:
    image = _room(WIDTH, HEIGHT)
    for place in places:
        _face(image, *place)
    return image


def found(image: Image) -> tuple[Box, ...]:
    detect = framing.detect_by_cascade()
    assert detect is not None, "OpenCV brings its cascades"
    return detect(image)


@pytest.mark.parametrize(("width", "height"), [(1280, 960), (1280, 720), (640, 480)])
def test_the_one_face_of_the_test_cameras_figure_is_found_in_every_size(width: int, height: int) -> None:
    seen = [found(person(number, width, height)) for number in (0, 7, 20)]
    assert (framing.judge(seen).outcome, framing.judge(seen).unit) == ("pass", "%")
    left, top, wide, high = seen[0][0]
    assert left < 0.5 < left + wide and top < 0.42 < top + high


def test_in_a_dark_room_the_face_may_still_be_found_and_light_is_another_check() -> None:
    assert len(found(dark(0, 1280, 960))) == 1


@pytest.mark.parametrize(
    ("places", "outcome", "advice"),
    [
        ((), "person", "none"),
        (((640, 360, 140),), "pass", ""),
        (((640, 360, 320),), "warn", "large"),
        (((90, 360, 140),), "warn", "edge"),
        (((320, 300, 140), (960, 300, 140)), "warn", "several"),
    ],
)  # fmt: skip
def test_no_face_too_large_a_face_one_at_the_edge_and_two(
    places: tuple[tuple[int, int, int], ...], outcome: str, advice: str
) -> None:
    judged = framing.judge([found(faces(*places))] * 5)
    assert (judged.outcome, judged.advice) == (outcome, advice)


def test_a_picture_with_a_fourth_channel_is_read_too() -> None:
    with_alpha = np.dstack([faces((640, 360, 140)), np.full((HEIGHT, WIDTH), 255, np.uint8)])
    assert len(found(with_alpha)) == 1
