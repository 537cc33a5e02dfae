"""Faces of a picture, by YuNet: where they are and where their eyes are. Called by the analyst, on its thread."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np

from candidate_agent.capture.analysis.models.second_look import Point, Turned, leans, lifted, nearer
from candidate_agent.capture.analysis.observations import FaceBox
from candidate_agent.capture.shape import Image

WIDTH, HEIGHT = 320, 240  # of the picture that is looked at; other shapes keep their own, at as many pixels
SCORE = 0.6
OVERLAP = 0.3  # above it two boxes are one face
KEPT = 50
DOUBTFUL = 0.3  # what scores less is no face; what scores between counts where a nearer look or the landmarks agree
NEARER_SCORE, NEARER_OFF = 0.55, 0.2  # of the nearer look; how far from its middle, in sides
WHOLE = 0.5  # how sure the landmark model must be of a whole face


@dataclass(frozen=True, slots=True)
class Face:
    """`eyes`: right and left of the person, in shares of the picture. `marks`: these, the nose, the mouth's corners."""

    box: FaceBox
    eyes: tuple[Point, Point]
    marks: tuple[Point, ...] = ()


class Faces:
    """Not for several threads."""

    def __init__(self, model: bytes) -> None:
        """`model`: the ONNX file. What OpenCV cannot read raises cv2.error."""
        buffer, nothing = np.frombuffer(model, np.uint8), np.empty(0, np.uint8)
        self._detector = cv2.FaceDetectorYN.create("onnx", buffer, nothing, (WIDTH, HEIGHT), DOUBTFUL, OVERLAP, KEPT)
        self._size = (WIDTH, HEIGHT)

    def find(self, pixels: Image, whole: Callable[[Face], float] = lambda face: 0.0) -> tuple[Face, ...]:
        """`pixels`: BGR of any size. The largest face first. `whole`: how sure the landmark model is of a face; it is
        asked only where no face is sure and one is doubtful."""
        size = _size_for(pixels)
        small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
        found = self._faces(small)
        if _sure(found):
            return _sure(found)
        light = lifted(small)
        if light is not None and _sure(more := self._faces(light)):
            return _sure(more)
        found += more if light is not None else ()
        doubtful = _likeliest(found)
        if doubtful is not None and (self._is_near(pixels, doubtful) or whole(doubtful) >= WHOLE):
            return (_counted(doubtful),)
        leans_far = _likeliest(self._leaning(small, light))
        return (_counted(leans_far),) if leans_far is not None and whole(leans_far) >= WHOLE else ()

    def _leaning(self, small: Image, light: Image | None) -> tuple[Face, ...]:
        """Heads that lean far are found in a picture that leans as far."""
        pixels = small if light is None else light
        return tuple(leaning(face, turn, self._size) for turn in leans(pixels) for face in self._faces(turn.pixels))

    def _faces(self, small: Image) -> tuple[Face, ...]:
        height, width = small.shape[:2]
        if (width, height) != self._size:
            self._size = width, height
            self._detector.setInputSize(self._size)
        _, rows = self._detector.detect(small)
        found = [] if rows is None else [_face(row, self._size) for row in rows.tolist()]
        return tuple(sorted(found, key=lambda face: -face.box.width * face.box.height))

    def _is_near(self, pixels: Image, doubtful: Face) -> bool:
        box = doubtful.box
        crop = nearer(pixels, (box.left, box.top, box.width, box.height), doubtful.eyes)
        return any(map(_in_the_middle, self._faces(crop)))


def _likeliest(found: tuple[Face, ...]) -> Face | None:
    return max(found, key=lambda face: face.box.score, default=None)


def _counted(doubtful: Face) -> Face:
    """With the least score that counts: rules take it as a face that is not sure."""
    return replace(doubtful, box=replace(doubtful.box, score=SCORE))


def leaning(face: Face, turned: Turned, size: tuple[int, int]) -> Face:
    """A face of a turned picture, where it is in the picture itself."""
    box = face.box
    middle = turned.back((box.left + box.width / 2, box.top + box.height / 2), size)
    right, left = (turned.back(eye, size) for eye in face.eyes)
    return Face(replace(box, left=middle[0] - box.width / 2, top=middle[1] - box.height / 2), (right, left))


def _sure(found: tuple[Face, ...]) -> tuple[Face, ...]:
    return tuple(face for face in found if face.box.score >= SCORE)


def _in_the_middle(face: Face) -> bool:
    box = face.box
    beside, below = abs(box.left + box.width / 2 - 0.5), abs(box.top + box.height / 2 - 0.5)
    return box.score >= NEARER_SCORE and max(beside, below) < NEARER_OFF


def _size_for(pixels: Image) -> tuple[int, int]:
    """As many pixels as 320x240, in the shape of the picture, in steps the model likes."""
    height, width = pixels.shape[:2]
    scale = (WIDTH * HEIGHT / (width * height)) ** 0.5
    return max(32, round(width * scale / 32) * 32), max(32, round(height * scale / 16) * 16)


def _face(row: list[float], size: tuple[int, int]) -> Face:
    width, height = size
    left, top, wide, high = row[0] / width, row[1] / height, row[2] / width, row[3] / height
    right_eye, left_eye = (row[4] / width, row[5] / height), (row[6] / width, row[7] / height)
    marks = tuple((row[at] / width, row[at + 1] / height) for at in range(4, 14, 2))
    return Face(FaceBox(left, top, wide, high, row[14]), (right_eye, left_eye), marks)
