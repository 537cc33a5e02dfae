"""Faces of a picture, by YuNet: where they are and where their eyes are. Called by the analyst, on its thread."""

from dataclasses import dataclass

import cv2
import numpy as np

from candidate_agent.capture.analysis.observations import FaceBox
from candidate_agent.capture.shape import Image

Point = tuple[float, float]

WIDTH, HEIGHT = 320, 240  # of the picture that is looked at; other shapes keep their own, at as many pixels
SCORE = 0.6
OVERLAP = 0.3  # above it two boxes are one face
KEPT = 50
DARK_MEAN = 90.0  # a picture below it is lifted and looked at once more where no face was found
LIFTED_MEAN = 110.0


@dataclass(frozen=True, slots=True)
class Face:
    """`eyes`: right and left of the person, in shares of the picture. `marks`: these, the nose, the mouth's corners."""

    box: FaceBox
    eyes: tuple[Point, Point]
    marks: tuple[Point, ...] = ()


class Faces:
    """Not for several threads."""

    def __init__(self, model: bytes, score: float = SCORE) -> None:
        """`model`: the ONNX file. What OpenCV cannot read raises cv2.error."""
        buffer, nothing = np.frombuffer(model, np.uint8), np.empty(0, np.uint8)
        self._detector = cv2.FaceDetectorYN.create("onnx", buffer, nothing, (WIDTH, HEIGHT), score, OVERLAP, KEPT)
        self._size = (WIDTH, HEIGHT)

    def find(self, pixels: Image) -> tuple[Face, ...]:
        """`pixels`: BGR of any size. The largest face first."""
        size = _size_for(pixels)
        if size != self._size:
            self._size = size
            self._detector.setInputSize(size)
        small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
        _, rows = self._detector.detect(small)
        if rows is None and (lifted := _lifted(small)) is not None:
            _, rows = self._detector.detect(lifted)
        found = [] if rows is None else [_face(row, size) for row in rows.tolist()]
        return tuple(sorted(found, key=lambda face: -face.box.width * face.box.height))


def _size_for(pixels: Image) -> tuple[int, int]:
    """As many pixels as 320x240, in the shape of the picture, in steps the model likes."""
    height, width = pixels.shape[:2]
    scale = (WIDTH * HEIGHT / (width * height)) ** 0.5
    return max(32, round(width * scale / 32) * 32), max(32, round(height * scale / 16) * 16)


def _lifted(small: Image) -> Image | None:
    """A dark picture with its shadows raised, its noise smoothed; None: it is light enough.

    A dark face in a dark room, or before a window, is not found otherwise: see docs/accuracy.md.
    """
    mean = float(small[..., 1].mean())
    dark = float(np.percentile(small[..., 1], 25))
    if min(mean, dark) >= DARK_MEAN:
        return None
    levels = np.arange(256) / 255
    gamma = np.log(LIFTED_MEAN / 255) / np.log(max(min(mean, dark), 4.0) / 255)
    curve = np.clip(255 * levels**gamma, 0, 255).astype(np.uint8)
    return cv2.LUT(cv2.GaussianBlur(small, (0, 0), 0.8), curve).astype(np.uint8)


def _face(row: list[float], size: tuple[int, int]) -> Face:
    width, height = size
    left, top, wide, high = row[0] / width, row[1] / height, row[2] / width, row[3] / height
    right_eye, left_eye = (row[4] / width, row[5] / height), (row[6] / width, row[7] / height)
    marks = tuple((row[at] / width, row[at + 1] / height) for at in range(4, 14, 2))
    return Face(FaceBox(left, top, wide, high, row[14]), (right_eye, left_eye), marks)
