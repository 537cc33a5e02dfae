"""The judge of identity pictures, on scenes composed in code. What it finds of real documents nobody has measured."""

import cv2
import numpy as np
import pytest

from candidate_agent.capture import card_judge
from tests.candidate_agent.capture import cards

COUNT = 20
pytestmark = pytest.mark.slow  # the scenes are drawn: about ten seconds


def test_held_documents_are_found_in_nearly_every_scene() -> None:
    """The outline has at least four fifths in common with the true one."""
    found = {kind: cards.figures(kind, COUNT)[0] for kind in ("held", "turned", "glare", "dim", "moved", "blurred")}
    assert sum(found.values()) / len(found) >= 0.95, found
    assert min(found.values()) >= 0.86, found


def test_no_card_is_seen_in_noise_nor_in_a_room_without_one() -> None:
    for hints in cards.empty(COUNT):
        assert hints[card_judge.NO_CARD] + hints[card_judge.DARK] >= COUNT * 0.93, hints


@pytest.mark.parametrize(
    ("kind", "hints"),
    [
        ("held", {"good"}), ("blurred", {"blurred", "no_card"}), ("moved", {"blurred", "no_card"}),
        ("glare", {"glare"}), ("dim", {"dark"}),
    ],
)  # fmt: skip
def test_the_one_hint_is_what_is_wrong(kind: str, hints: set[str]) -> None:
    _, said, _ = cards.figures(kind, COUNT)
    assert sum(said[hint] for hint in hints) >= COUNT * 0.9, said
    assert kind == "held" or said["good"] <= COUNT * 0.1, said


@pytest.mark.parametrize("turned", [24.0, -24.0])
def test_a_card_that_is_turned_far_is_called_tilted(turned: float) -> None:
    random = np.random.default_rng(3)
    scene = cards.held(random, share=(0.4, 0.45), turn=0, uneven=0, thumb=False)
    middle = tuple(float(value) for value in scene.corners.mean(axis=0))
    spun = cv2.warpAffine(scene.pixels, cv2.getRotationMatrix2D(middle, turned, 1), (cards.WIDTH, cards.HEIGHT))
    assert card_judge.judge(spun.astype(np.uint8)).hint == card_judge.TILTED


@pytest.mark.parametrize("shape", [(1, 1, 3), (2, 900, 3), (33, 47, 4), (480, 640, 4), (1440, 1920, 3), (481, 641, 3)])
def test_odd_sizes_are_judged_too(shape: tuple[int, int, int]) -> None:
    assert card_judge.judge(np.full(shape, 128, np.uint8)).hint == card_judge.NO_CARD
    assert card_judge.judge(np.zeros(shape, np.uint8)).hint == card_judge.DARK


def test_a_large_picture_is_judged_as_its_small_one() -> None:
    scene = cards.held(np.random.default_rng(11), share=(0.5, 0.5))
    small = card_judge.judge(scene.pixels)
    large = card_judge.judge(cv2.resize(scene.pixels, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC).astype(np.uint8))
    assert small.hint == card_judge.GOOD and large.corners
    assert np.abs(np.array(small.corners) - np.array(large.corners)).max() < 0.03
