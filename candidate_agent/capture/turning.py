"""How far a camera has turned, from one small grey picture to the next. Pure; called by `room_scan`.

Phase correlation tells by how many pixels the scene moved sideways; with the angle that a laptop's camera sees across,
that is an angle. The true angle is not known: 60 degrees are taken, as most built-in cameras have 55 to 70, so that a
full turn may read as 310 to 390 degrees. Somebody who moves before a camera at rest moves no scene; a camera that is
carried sideways does, and is taken for a turn.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from candidate_agent.capture.shape import Image

WIDTH, HEIGHT = 160, 120
SEEN_DEGREES = 60.0
STILL_PX = 0.4  # less than that from one picture to the next is noise
SURE = 0.12  # the peak's share of the whole: below it the two pictures have nothing in common
FASTEST_PX = WIDTH * 0.45
_WINDOW = cv2.createHanningWindow((WIDTH, HEIGHT), cv2.CV_32F)

Small = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Turn:
    """`degrees`: positive to the right. `sure` False: the pictures could not be compared, nothing is known."""

    degrees: float
    sure: bool


NO_TURN = Turn(0.0, False)


def small(pixels: Image) -> Small:
    """What `between` compares."""
    grey = cv2.cvtColor(np.ascontiguousarray(pixels[:, :, :3]), cv2.COLOR_BGR2GRAY)
    return cv2.resize(grey, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA).astype(np.float32)


def between(before: Small, after: Small) -> Turn:
    if before.std() < 2 or after.std() < 2:
        return NO_TURN  # a wall without anything on it, or no light
    (x, y), peak = cv2.phaseCorrelate(before, after, _WINDOW)
    if peak < SURE or abs(x) > FASTEST_PX or abs(y) > HEIGHT * 0.45:
        return NO_TURN
    return Turn(0.0 if abs(x) < STILL_PX else -x / WIDTH * SEEN_DEGREES, True)
