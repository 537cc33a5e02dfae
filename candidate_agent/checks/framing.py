"""Whether one face is in the camera's picture, large enough and whole. It finds a face, it recognises nobody.

OpenCV's own cascade looks at five pictures; it misses faces that are turned away or badly lit, and sometimes takes a
pattern for one. So what it says is a hint for the candidate, and nothing here is a fail: a person decides.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from candidate_agent.checks.base import PASS, PERSON, UNMEASURED, WARN, Context, absent, off_loop, row
from candidate_agent.platforms.ports import Picture, Unsupported
from exam_protocol.records import CheckRow

PICTURES, PAUSE_S, TRIES = 5, 0.25, 16
SMALL_PERCENT, LARGE_PERCENT = 15.0, 60.0
EDGE_SHARE = 0.02  # nearer to the border than this: a part of the face may be outside
LOOK_WIDTH = 320  # pixels; enough for a face of a tenth of the picture
CASCADE = "haarcascade_frontalface_default.xml"
NEIGHBOURS = 6  # how often a face must be found beside itself: fewer patterns are taken for one
THRESHOLD = "one face, 15 to 60 % of the picture's height"
VALUES = ("no face", "several faces")
ADVICE = {
    "none": "Your face is not found. Please sit in front of the camera. A proctor will look at this with you.",
    "several": "More than one face seems to be in the picture. Please be alone, and turn pictures of people away.",
    "small": "You are far from the camera. Please move closer.",
    "large": "You are very close to the camera. Please move back a little.",
    "edge": "Your face is at the edge of the picture. Please move the camera or your chair.",
    "no_detector": "This build of the program has nothing that finds a face.",
}
Box = tuple[float, float, float, float]
"""Left, top, width and height of a face, as shares of the picture."""


async def measure(context: Context) -> CheckRow:
    if isinstance(context.platform.cameras, Unsupported):
        return absent("framing", context.platform.cameras)
    detector = detect_by_cascade()
    if detector is None:
        return row("framing", UNMEASURED, None, "", "no_detector")
    seen = await look(context.picture, detector)
    return judge(seen) if seen else row("framing", UNMEASURED, None, "", "any.no_picture")


async def look(
    picture: Callable[[], Picture | None], detector: Callable[[npt.NDArray[np.uint8]], tuple[Box, ...]]
) -> list[tuple[Box, ...]]:
    """The faces of each of the next pictures; fewer than five where the camera gives fewer."""
    seen: list[tuple[Box, ...]] = []
    for _ in range(TRIES):
        latest = await off_loop(picture)
        if latest is not None:
            pixels = latest.pixels
            seen.append(await off_loop(lambda pixels=pixels: detector(pixels)))  # type: ignore[misc]  # bound here
        if len(seen) == PICTURES:
            break
        await asyncio.sleep(PAUSE_S)
    return seen


def detect_by_cascade() -> Callable[[npt.NDArray[np.uint8]], tuple[Box, ...]] | None:
    """None where this OpenCV came without its cascades."""
    path = Path(str(cv2.__file__)).parent / "data" / CASCADE
    if not path.is_file():
        return None
    cascade = cv2.CascadeClassifier(str(path))

    def detect(pixels: npt.NDArray[np.uint8]) -> tuple[Box, ...]:
        height = max(1, round(pixels.shape[0] * LOOK_WIDTH / pixels.shape[1]))
        grey = cv2.cvtColor(pixels[:, :, :3], cv2.COLOR_BGR2GRAY)
        small = cv2.equalizeHist(cv2.resize(grey, (LOOK_WIDTH, height), interpolation=cv2.INTER_AREA))
        found = cascade.detectMultiScale(small, 1.1, NEIGHBOURS, minSize=(height // 10, height // 10))
        size = np.array([LOOK_WIDTH, height, LOOK_WIDTH, height])
        return tuple(tuple(map(float, box / size)) for box in np.asarray(found).reshape(-1, 4))  # type: ignore[misc]

    return detect


def judge(seen: list[tuple[Box, ...]]) -> CheckRow:
    """What most pictures show: one that is missed, or a pattern that is taken for a face once, does not count."""
    half = len(seen) / 2
    one = [faces[0] for faces in seen if len(faces) == 1]
    if sum(len(faces) > 1 for faces in seen) > half:
        return row("framing", WARN, "several faces", THRESHOLD, "several")
    if sum(len(faces) > 0 for faces in seen) <= half or not one:
        return row("framing", PERSON, "no face", THRESHOLD, "none")
    left, top, width, height = (float(np.median(side)) for side in zip(*one, strict=True))
    percent = height * 100
    at_edge = min(left, top, 1 - left - width, 1 - top - height) < EDGE_SHARE
    advice = (
        "small" if percent < SMALL_PERCENT
        else "large" if percent > LARGE_PERCENT
        else "edge" if at_edge
        else ""
    )  # fmt: skip
    return row("framing", WARN if advice else PASS, round(percent, 1), THRESHOLD, advice)
