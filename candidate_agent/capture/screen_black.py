"""Whether the screen that is recorded is all black: what XWayland gives in its place, or a black window over it.

A reader of the source of the exam's display, beside the lane that encodes it. It sees what is recorded: where a policy
blacks out a part of that display, the pipeline does not ask.
"""

import numpy as np

from candidate_agent.capture.analysis.rules.spans import Lasting
from candidate_agent.capture.events import ScreenBlack
from candidate_agent.capture.workers import Emit
from candidate_agent.platforms.ports import Picture

BLACK_US = 10_000_000
DARKEST = 12  # (j) of 255, the brightest that still counts as black
QUICK = 64  # rows apart of a first look, which ends the matter for nearly every picture
SPARSE = 8  # every eighth pixel of every eighth row: a line of text or a pointer of usual size is among them


class BlackWatch:
    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self._black = Lasting(BLACK_US)

    def see(self, picture: Picture | None) -> None:
        """On the source's thread, with each picture."""
        if picture is None:
            self._black.forget()
        elif self._black.see(is_black(picture), picture.taken_us) is not None:
            self._emit(ScreenBlack())


def is_black(picture: Picture) -> bool:
    pixels = picture.pixels[:, ::SPARSE, :3]
    return all(int(np.max(pixels[::rows])) <= DARKEST for rows in (QUICK, SPARSE))
