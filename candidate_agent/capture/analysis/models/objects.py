"""Persons, phones, books and laptops of a picture, by EfficientDet-Lite0. Called by the analyst, on its thread.

A phone in a hand is small in the whole picture and is then not found: whoever looks for one looks again at the crop
around the person (`closer`).
"""

from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt

from candidate_agent.capture.analysis.observations import ObjectSeen
from candidate_agent.capture.shape import Image

Floats = npt.NDArray[np.floating]

SIDE = 320
STEPS = (40, 20, 10, 5, 3)  # anchors along a side, from fine to coarse
ANCHOR_SCALE = 3.0
OCTAVES = (2.0**0, 2.0 ** (1 / 3), 2.0 ** (2 / 3))
ASPECTS = (1.0, 2.0, 0.5)  # width by height
LABELS = {0: "person", 72: "laptop", 76: "phone", 83: "book"}
SCORE = 0.3
OVERLAP = 0.5  # above it two boxes of one kind are one thing
OVERLAP_OF_LOOKS = 0.3  # lower, because the crop shows a thing in another size
KEPT = 20
CROP_MARGIN = 0.1  # of the person's box, on each side


class Objects:
    """Not for several threads."""

    def __init__(self, model: bytes, score: float = SCORE) -> None:
        from ai_edge_litert.interpreter import Interpreter

        self._score = score
        self._model = Interpreter(model_content=model, num_threads=1)
        self._model.allocate_tensors()
        self._input = self._model.get_input_details()[0]["index"]
        outputs = {int(detail["shape"][2]): detail["index"] for detail in self._model.get_output_details()}
        self._boxes, self._scores = outputs[4], outputs[90]
        self._anchors = anchors()

    def find(self, pixels: Image) -> tuple[ObjectSeen, ...]:
        """`pixels`: BGR of any size; it is stretched to the model's square."""
        small = cv2.resize(pixels, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
        self._model.set_tensor(self._input, cv2.cvtColor(small, cv2.COLOR_BGR2RGB)[None])
        self._model.invoke()
        scores = self._model.tensor(self._scores)()[0][:, list(LABELS)]  # a view: seven megabytes are not copied
        boxes = self._model.tensor(self._boxes)()[0]
        return tuple(found for column in range(len(LABELS)) for found in self._of_kind(column, scores, boxes))

    def closer(self, pixels: Image, person: ObjectSeen) -> tuple[ObjectSeen, ...]:
        """What else is within the crop around `person`, in shares of the whole picture."""
        left, top, right, bottom = _crop(pixels, person)
        height, width = pixels.shape[:2]
        wide, high = (right - left) / width, (bottom - top) / height
        return tuple(
            replace(
                seen, left=left / width + seen.left * wide, top=top / height + seen.top * high,
                width=seen.width * wide, height=seen.height * high,
            )
            for seen in self.find(np.ascontiguousarray(pixels[top:bottom, left:right]))
            if seen.label != "person"
        )  # fmt: skip

    def _of_kind(self, column: int, scores: Floats, boxes: Floats) -> list[ObjectSeen]:
        rows = np.flatnonzero(scores[:, column] > self._score)
        if not rows.size:
            return []
        placed, sure = decoded(boxes[rows], self._anchors[rows]), scores[rows, column]
        kept = cv2.dnn.NMSBoxes(placed.tolist(), sure.tolist(), self._score, OVERLAP)[:KEPT]
        label = tuple(LABELS.values())[column]
        return [ObjectSeen(label, float(sure[row]), *placed[row].tolist()) for row in kept]


def merged(first: tuple[ObjectSeen, ...], more: tuple[ObjectSeen, ...]) -> tuple[ObjectSeen, ...]:
    """Of two looks at one picture: what both saw is there once, as it was seen more surely."""
    kept: list[ObjectSeen] = []
    for seen in sorted((*first, *more), key=lambda each: -each.score):
        if not any(other.label == seen.label and overlap(other, seen) > OVERLAP_OF_LOOKS for other in kept):
            kept.append(seen)
    return tuple(kept)


def overlap(one: ObjectSeen, other: ObjectSeen) -> float:
    """What both cover by what either covers."""
    wide = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
    high = min(one.top + one.height, other.top + other.height) - max(one.top, other.top)
    both = max(0.0, wide) * max(0.0, high)
    either = one.width * one.height + other.width * other.height - both
    return both / either if either > 0 else 0.0


def anchors() -> Floats:
    """Middle (y, x) and size (height, width) of each, in shares of the picture."""
    made = []
    for steps in STEPS:
        stride = SIDE / steps
        for y in range(steps):
            for x in range(steps):
                for octave in OCTAVES:
                    for aspect in ASPECTS:
                        side, root = ANCHOR_SCALE * stride * octave, aspect**0.5
                        made.append(((y + 0.5) * stride, (x + 0.5) * stride, side / root, side * root))
    return np.array(made, np.float32) / SIDE


def decoded(boxes: Floats, around: Floats) -> Floats:
    """Left, top, width, height in shares of the picture, cut at its edges, of what the model says about anchors."""
    middle = boxes[:, :2] * around[:, 2:] + around[:, :2]
    size = np.exp(boxes[:, 2:]) * around[:, 2:]
    first, last = np.clip(middle - size / 2, 0, 1), np.clip(middle + size / 2, 0, 1)
    return np.concatenate((first[:, ::-1], (last - first)[:, ::-1]), axis=1)


def _crop(pixels: Image, person: ObjectSeen) -> tuple[int, int, int, int]:
    """Left, top, right, bottom in pixels: the person, with a margin, at least a tenth of the picture."""
    height, width = pixels.shape[:2]
    beside, above = person.width * CROP_MARGIN, person.height * CROP_MARGIN
    left, top = int(max(0.0, person.left - beside) * width), int(max(0.0, person.top - above) * height)
    right = min(width, max(left + width // 10, round((person.left + person.width + beside) * width)))
    bottom = min(height, max(top + height // 10, round((person.top + person.height + above) * height)))
    return left, top, right, bottom
