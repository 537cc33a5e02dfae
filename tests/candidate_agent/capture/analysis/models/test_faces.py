"""Which looks are taken where no face is sure, and what must agree before a doubtful one counts. The detector is one
that answers from a script."""

from typing import Any

import numpy as np
import pytest

from candidate_agent.capture.analysis.models import faces as module
from candidate_agent.capture.analysis.models.faces import SCORE, Faces

LIGHT, DARK = np.full((480, 640, 3), 160, np.uint8), np.full((480, 640, 3), 20, np.uint8)
Looks = list[list[float]]


class Scripted:
    """Answers each look with faces of the next scores, in the middle of what it is shown."""

    def __init__(self, looks: Looks) -> None:
        self.looks, self.asked, self._size = list(looks), 0, (320, 240)

    def setInputSize(self, size: tuple[int, int]) -> None:
        self._size = size

    def detect(self, pixels: np.ndarray) -> tuple[int, np.ndarray | None]:
        self.asked += 1
        scores = self.looks.pop(0) if self.looks else []
        width, height = self._size
        box = [width * 0.35, height * 0.3, width * 0.3, height * 0.4]
        eyes = [width * 0.43, height * 0.45, width * 0.57, height * 0.45]
        rows = [[*box, *eyes, *[0.0] * 6, score] for score in scores]
        return 1, np.array(rows, np.float32) if rows else None


@pytest.fixture
def looking(monkeypatch: pytest.MonkeyPatch) -> Any:
    def with_looks(looks: Looks) -> tuple[Faces, Scripted]:
        scripted = Scripted(looks)
        monkeypatch.setattr(module.cv2.FaceDetectorYN, "create", lambda *given: scripted)
        return Faces(b"x"), scripted

    return with_looks


def test_a_sure_face_costs_one_look(looking: Any) -> None:
    faces, detector = looking([[0.9, 0.4]])
    assert [face.box.score for face in faces.find(DARK, _never)] == pytest.approx([0.9])
    assert detector.asked == 1


def _never(face: object) -> float:
    raise AssertionError("the landmark model is asked for nothing")


def test_a_dark_picture_is_lifted_before_a_face_is_given_up(looking: Any) -> None:
    faces, detector = looking([[], [0.7]])
    assert [face.box.score for face in faces.find(DARK)] == pytest.approx([0.7])
    assert detector.asked == 2


def test_a_doubtful_face_counts_where_a_nearer_look_agrees(looking: Any) -> None:
    faces, _ = looking([[0.4], [0.8]])
    assert [face.box.score for face in faces.find(LIGHT)] == [SCORE]


def test_a_doubtful_face_counts_where_the_landmark_model_sees_a_whole_face(looking: Any) -> None:
    faces, _ = looking([[0.4]])
    assert len(faces.find(LIGHT, lambda face: 0.9)) == 1


def test_a_doubtful_face_that_nothing_else_sees_is_none(looking: Any) -> None:
    faces, detector = looking([[0.55], [0.5]])
    assert faces.find(LIGHT, lambda face: 0.2) == ()
    assert detector.asked == 4, "once, from nearer, and leaning both ways"


def test_a_head_that_leans_counts_only_where_the_landmark_model_sees_a_whole_face(looking: Any) -> None:
    faces, _ = looking([[], [], [0.9]])
    assert faces.find(LIGHT, lambda face: 0.1) == ()
    faces, _ = looking([[], [], [0.9]])
    (face,) = faces.find(LIGHT, lambda face: 0.9)
    middle = face.box.left + face.box.width / 2, face.box.top + face.box.height / 2
    assert middle == pytest.approx((0.5, 0.5), abs=0.01) and face.box.score == SCORE


def test_an_empty_room_is_looked_at_no_more_often_than_needed(looking: Any) -> None:
    faces, detector = looking([])
    assert faces.find(LIGHT, _never) == ()
    assert detector.asked == 3
