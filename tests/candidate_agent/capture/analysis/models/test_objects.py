"""What the object model says about its anchors becomes boxes in shares of the picture."""

import numpy as np
import pytest

from candidate_agent.capture.analysis.models.objects import anchors, decoded, merged, overlap
from candidate_agent.capture.analysis.observations import ObjectSeen

PHONE = ObjectSeen("phone", 0.6, 0.2, 0.2, 0.1, 0.2)


def test_there_is_an_anchor_for_every_row_of_the_model_and_the_first_lies_upper_left() -> None:
    made = anchors()
    assert made.shape == (19206, 4)
    assert made[0] == pytest.approx((4 / 320, 4 / 320, 24 / 320, 24 / 320))
    assert made[:, :2].min() > 0 and made[:, :2].max() < 1


def test_an_anchor_that_is_not_moved_is_the_box_and_boxes_end_at_the_edge() -> None:
    around = np.array([[0.5, 0.25, 0.2, 0.1], [0.0, 0.0, 0.4, 0.4]], np.float32)
    boxes = decoded(np.zeros((2, 4), np.float32), around)
    assert boxes[0] == pytest.approx((0.2, 0.4, 0.1, 0.2))
    assert boxes[1] == pytest.approx((0.0, 0.0, 0.2, 0.2))


def test_what_two_looks_saw_is_there_once_as_the_surer_saw_it() -> None:
    again = ObjectSeen("phone", 0.4, 0.21, 0.2, 0.1, 0.2)
    book = ObjectSeen("book", 0.5, 0.2, 0.2, 0.1, 0.2)
    far = ObjectSeen("phone", 0.4, 0.7, 0.2, 0.1, 0.2)
    assert merged((again,), (PHONE, book, far)) == (PHONE, book, far)
    assert overlap(PHONE, far) == 0.0 and overlap(PHONE, PHONE) == pytest.approx(1)
