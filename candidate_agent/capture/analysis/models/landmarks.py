"""478 points of one face, by the landmark model of MediaPipe: how the head is turned, where the eyes turn within it,
and how sure the model is that it looks at a whole face. Called by the analyst, on its thread.

The expressions that the same bundle could tell are not read: there is no use for them here, and no place.
"""

import io
import zipfile
from dataclasses import dataclass, replace
from math import log

import cv2
import numpy as np
import numpy.typing as npt

from candidate_agent.capture.analysis.models.canonical import Canonical, canonical
from candidate_agent.capture.analysis.models.faces import Face
from candidate_agent.capture.shape import Image

Floats = npt.NDArray[np.floating]

SIDE = 256
MARGIN = 1.25  # of the crop around the box; wider ones lose faces, narrower ones the chin
TENSOR_POINTS, TENSOR_SEEN = (1, 1, 1, 1434), (1, 1, 1, 1)

# corners (outer, inner), lids (upper, lower) and iris of the right and the left eye
RIGHT_EYE, LEFT_EYE = (33, 133, 159, 145, 468), (263, 362, 386, 374, 473)
CORNERS_TO_RADIUS = 0.42  # of an eye's width; an eyeball of 12 mm between corners 28 mm apart
UPPER, LOWER = [50, 280, 117, 346, 195, 5, 9, 151], [200, 199, 164, 18, 210, 430, 204, 424, 57, 287]
COARSE = 32  # parts along the side of the crop whose mean colour is taken
DARKEST, BRIGHTEST = 8.0, 250.0  # beyond them the camera tells no colours
WHOLE, STRAIGHT_DEG = 0.5, 20.0  # a face that is seen so surely and turned no further has a lower half to speak of
CLOSED, OPEN = 0.10, 0.28  # gap between the lids as a share of the eye's width


@dataclass(frozen=True, slots=True)
class Look:
    """Angles in degrees as in `observations`; `seen` 0..1."""

    seen: float
    head: tuple[float, float, float]  # yaw, pitch, roll
    eyes: tuple[float, float]  # yaw, pitch
    open_share: float
    lower: tuple[float, float, float] | None = None  # as in FaceCover


class Landmarks:
    """Not for several threads."""

    def __init__(self, bundle: bytes) -> None:
        """`bundle`: face_landmarker.task."""
        from ai_edge_litert.interpreter import Interpreter

        with zipfile.ZipFile(io.BytesIO(bundle)) as parts:
            self._model = Interpreter(model_content=parts.read("face_landmarks_detector.tflite"), num_threads=1)
            self._canonical: Canonical = canonical(parts.read("geometry_pipeline_metadata_landmarks.binarypb"))
        self._model.allocate_tensors()
        self._input = self._model.get_input_details()[0]["index"]
        outputs = {tuple(detail["shape"]): detail["index"] for detail in self._model.get_output_details()}
        self._points, self._seen = outputs[TENSOR_POINTS], outputs[TENSOR_SEEN]

    def look(self, pixels: Image, face: Face) -> Look:
        """`pixels`: BGR, the picture in which `face` was found."""
        crop = _crop(pixels, _placement(pixels, face))
        points, seen = self._ask(crop)
        look = look_of(points, seen, _tilt_deg(pixels, face), self._canonical)
        straight = seen >= WHOLE and abs(look.head[0]) <= STRAIGHT_DEG
        return replace(look, lower=lower_half(crop, points)) if straight else look

    def mesh(self, pixels: Image, face: Face) -> Floats:
        """The 468 points of the face itself in the picture's pixels, x, y and depth: for measurements."""
        placement = _placement(pixels, face)
        points, _ = self._ask(_crop(pixels, placement))
        back = cv2.invertAffineTransform(placement)
        across = points[:468, :2] @ back[:, :2].T + back[:, 2]
        return np.column_stack((across, points[:468, 2] * np.hypot(back[0, 0], back[0, 1])))

    def _ask(self, crop: Image) -> tuple[Floats, float]:
        rgb = cv2.cvtColor(crop, cv2.COLOR_BGR2RGB).astype(np.float32) / 255
        self._model.set_tensor(self._input, rgb[None])
        self._model.invoke()
        seen = 1 / (1 + np.exp(-float(self._model.get_tensor(self._seen).item())))
        return self._model.get_tensor(self._points).reshape(478, 3), float(seen)


def _crop(pixels: Image, placement: Floats) -> Image:
    return cv2.warpAffine(pixels, placement, (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE).astype(np.uint8, copy=False)


def lower_half(crop: Image, points: Floats) -> tuple[float, float, float] | None:
    """How mouth and chin differ from cheeks, nose and forehead, as in FaceCover. `points`: in the crop, BGR."""
    coarse = cv2.resize(crop, (COARSE, COARSE), interpolation=cv2.INTER_AREA)
    at = np.clip(points[:, :2] * (COARSE / SIDE), 0, COARSE - 1).astype(int)
    upper, lower = (_middle(coarse[at[part, 1], at[part, 0]]) for part in (UPPER, LOWER))
    if min(*upper, *lower) < DARKEST or max(upper[1], lower[1]) > BRIGHTEST:
        return None
    blue, green, red = (log((below + DARKEST) / (above + DARKEST)) for above, below in zip(upper, lower, strict=True))
    return red - green, blue - green, green


def _middle(colours: npt.NDArray[np.uint8]) -> list[float]:
    """The median of each column, as np.median but in a fifth of its time."""
    ordered, half = np.sort(colours, axis=0), len(colours) // 2
    return [(float(a) + float(b)) / 2 for a, b in zip(ordered[half - 1], ordered[half], strict=True)]


def look_of(points: Floats, seen: float, tilt_deg: float, model: Canonical) -> Look:
    """`points`: in the crop; `tilt_deg`: how far the head leaned to its left before it was set upright."""
    turn = model.turn(points[:468])
    yaw, pitch, roll = _angles(turn)
    upright = points @ turn  # as the head sees it: x to the picture's right, y down, z away from the camera
    eyes = [_eye(upright, *eye) for eye in (RIGHT_EYE, LEFT_EYE)]
    eye_yaw, eye_pitch, opening = (sum(values) / 2 for values in zip(*eyes, strict=True))
    open_share = min(1.0, max(0.0, (opening - CLOSED) / (OPEN - CLOSED)))
    return Look(float(seen), (yaw, pitch, roll + tilt_deg), (eye_yaw, eye_pitch), open_share)


def _angles(turn: npt.NDArray[np.float64]) -> tuple[float, float, float]:
    """Of a head that was turned by `turn` from looking straight into the camera."""
    forward = turn @ (0.0, 0.0, -1.0)
    yaw = np.degrees(np.arctan2(forward[0], -forward[2]))
    pitch = np.degrees(np.arcsin(np.clip(-forward[1], -1, 1)))
    across = turn @ (1.0, 0.0, 0.0)  # towards the person's left
    roll = np.degrees(np.arctan2(across[1], across[0]))
    return float(yaw), float(pitch), float(roll)


def _eye(points: Floats, outer: int, inner: int, upper: int, lower: int, iris: int) -> tuple[float, float, float]:
    """Yaw and pitch of the iris against the middle of the corners, and the gap of the lids by the eye's width."""
    middle, width = (points[outer] + points[inner]) / 2, float(np.linalg.norm(points[outer] - points[inner])) or 1.0
    right, down = ((points[iris] - middle) / (CORNERS_TO_RADIUS * width))[:2]
    yaw, pitch = (np.degrees(np.arcsin(np.clip(share, -1, 1))) for share in (right, -down))
    return float(yaw), float(pitch), float(points[lower][1] - points[upper][1]) / width


def _eyes_px(pixels: Image, face: Face) -> npt.NDArray[np.float64]:
    height, width = pixels.shape[:2]
    return np.array(face.eyes) * (width, height)


def _tilt_deg(pixels: Image, face: Face) -> float:
    right, left = _eyes_px(pixels, face)
    return float(np.degrees(np.arctan2(left[1] - right[1], left[0] - right[0])))


def _placement(pixels: Image, face: Face) -> npt.NDArray[np.float64]:
    """Sets the face upright into the model's square."""
    height, width = pixels.shape[:2]
    box = face.box
    middle = ((box.left + box.width / 2) * width, (box.top + box.height / 2) * height)
    side = max(box.width * width, box.height * height) * MARGIN
    placed = np.asarray(cv2.getRotationMatrix2D(middle, _tilt_deg(pixels, face), SIDE / max(side, 1.0)), np.float64)
    placed[:, 2] += SIDE / 2 - np.array(middle)
    return placed
