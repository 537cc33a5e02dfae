"""What can be told of a picture without a model: how bright it is, and whether the camera gives the same one again."""

from dataclasses import dataclass

import cv2
import numpy as np

from candidate_agent.capture import shape
from candidate_agent.capture.analysis.observations import FrozenFor, Luma
from candidate_agent.platforms.ports import Picture

SPARSE = 4  # every fourth pixel of every fourth row is enough


def luma(pixels: shape.Image, at_us: int) -> Luma:
    """`pixels`: BGR."""
    grey = cv2.cvtColor(np.ascontiguousarray(pixels[::SPARSE, ::SPARSE]), cv2.COLOR_BGR2GRAY)
    mean, spread = cv2.meanStdDev(grey)
    return Luma(at_us, float(mean[0, 0]), float(spread[0, 0]))


@dataclass(slots=True)
class Standstill:
    """Since when the camera gives the same picture to the last byte."""

    _shown: Picture | None = None
    _since_us: int = 0  # on the clock of the pictures

    def take(self, picture: Picture, at_us: int) -> FrozenFor:
        """`at_us`: the time that the observation bears."""
        before = self._shown
        if before is None or not shape.same(before.pixels, picture.pixels):
            self._since_us = picture.taken_us
        self._shown = picture
        return FrozenFor(at_us, picture.taken_us - self._since_us)

    def since(self, now_us: int) -> int:
        """How long it has been the newest, where nothing came after it. `now_us`: on the clock of the pictures."""
        return max(0, now_us - self._since_us)

    def forget(self) -> None:
        self._shown = None
