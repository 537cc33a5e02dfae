"""Whether the camera's picture is bright enough, and not lit from behind."""

import asyncio

import numpy as np
import numpy.typing as npt

from candidate_agent.checks.base import PASS, PERSON, UNMEASURED, WARN, Context, absent, off_loop, row
from candidate_agent.platforms.ports import Unsupported
from exam_protocol.records import CheckRow

TRIES, PAUSE_S = 20, 0.2  # a camera takes up to four seconds to give its first picture
BLACK, DARK, DIM, BRIGHT = 8.0, 40.0, 60.0, 200.0
BACKLIT_BY = 70.0  # the upper border is brighter than the middle by so much
BGR_WEIGHTS = np.array([0.114, 0.587, 0.299], dtype=np.float32)
THRESHOLD = "60 to 200 of 255"
ADVICE = {
    "black": "The picture is black. Please look whether a slide or a sticker covers the camera.",
    "dark": "It is too dark to see you. Please switch on a lamp in front of you.",
    "backlit": "There is strong light behind you. Please turn, or close the curtain behind you.",
    "dim": "It is a little dark. A lamp in front of you helps.",
    "bright": "The picture is very bright. Please move the light away a little.",
}


async def measure(context: Context) -> CheckRow:
    if isinstance(context.platform.cameras, Unsupported):
        return absent("light", context.platform.cameras)
    for _ in range(TRIES):
        picture = await off_loop(context.picture)
        if picture is not None:
            return judge(*luma(picture.pixels))
        await asyncio.sleep(PAUSE_S)
    return row("light", UNMEASURED, None, "", "any.no_picture")


def luma(pixels: npt.NDArray[np.uint8]) -> tuple[float, float]:
    """Mean brightness 0..255 of a BGR picture, and how much brighter its upper border is than its middle."""
    small = pixels[::4, ::4, :3].astype(np.float32) @ BGR_WEIGHTS
    height, width = small.shape
    middle = small[height // 3 :, width // 4 : -(width // 4) or None]
    return float(small.mean()), float(small[: max(1, height // 4)].mean() - middle.mean())


def word(mean: float, behind: float) -> str:
    """How the light is, for a hint beside the live picture: black, dark, backlit, dim, bright or fine."""
    if mean < DARK:
        return "black" if mean < BLACK else "dark"
    if behind > BACKLIT_BY:
        return "backlit"
    return "dim" if mean < DIM else "bright" if mean > BRIGHT else "fine"


def judge(mean: float, behind: float) -> CheckRow:
    value = round(mean, 1)
    if mean < DARK:
        return row("light", PERSON, value, THRESHOLD, "black" if mean < BLACK else "dark")
    if behind > BACKLIT_BY:
        return row("light", WARN, value, THRESHOLD, "backlit")
    if mean < DIM:
        return row("light", WARN, value, THRESHOLD, "dim")
    if mean > BRIGHT:
        return row("light", WARN, value, THRESHOLD, "bright")
    return row("light", PASS, value, THRESHOLD)
