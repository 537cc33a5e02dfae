"""What is laid over people and before them: drawn masks and scarves, a book and a laptop cut out of photographs.

Called by `acting` and `sittings`. Outlines were marked by hand. Nothing here is real cloth; the page says so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from bench.accuracy.people import CutOut, Image

CLOTHS = {
    "a light blue mask": (215, 200, 170), "a white mask": (230, 235, 235), "a black mask": (32, 30, 30),
    "a brown mask": (96, 110, 150), "a green scarf": (80, 140, 90),
}  # fmt: skip
"""Blue, green, red. The brown one has nearly the colour of some skin."""


@dataclass(frozen=True, slots=True)
class Thing:
    """`outline`: in pixels of the picture at 900 pixels' width. `gain`: how much brighter it is made."""

    name: str
    file: str
    outline: tuple[tuple[int, int], ...]
    gain: float = 1.0


LAPTOP = Thing("laptop", "media.jpg", (
    (12, 33), (22, 28), (470, 72), (580, 385), (897, 395), (897, 408), (460, 465), (425, 462), (128, 432), (112, 405),
))  # fmt: skip
BOOK = Thing("book", "photo3.jpg", (
    (257, 440), (480, 515), (535, 545), (530, 592), (390, 582), (225, 557), (142, 545), (150, 500), (222, 490),
), 1.6)  # fmt: skip


def covered(person: CutOut, cloth: str) -> CutOut:
    """Mouth and chin under cloth, which takes the shading of the face."""
    left, top, width = person.face
    over = np.zeros(person.pixels.shape[:2], np.float32)
    middle = (left + width // 2, top + round(width * 0.9))
    cv2.ellipse(over, middle, (round(width * 0.55), round(width * 0.38)), 0, 0, 360, 1.0, -1)
    if "scarf" in cloth:
        over[top + round(width * 0.62) : top + round(width * 1.35), left : left + width] = 1
    over = cv2.GaussianBlur(over, (0, 0), 1.2)[..., None]
    grey = cv2.GaussianBlur(cv2.cvtColor(person.pixels, cv2.COLOR_BGR2GRAY).astype(np.float32), (0, 0), 9)
    face = grey[top + width // 2 : top + width, left + width // 4 : left + width * 3 // 4]
    shade = np.clip(grey / max(float(np.median(face)), 1.0), 0.5, 1.4)[..., None]
    laid = np.clip(np.array(CLOTHS[cloth], np.float32) * shade, 0, 255)
    return CutOut((person.pixels * (1 - over) + laid * over).astype(np.uint8), person.alpha, person.face)


def with_thing(thing: Thing, directory: Path, width_px: int, x: int, y: int) -> Callable[[Image], Image]:
    """Lays the thing before a person, as seen by the camera in good light. `x`, `y`: its upper left."""
    pixels, alpha = _cut(thing, directory, width_px)

    def laid(picture: Image) -> Image:
        out = picture.copy()
        height, width = min(pixels.shape[0], out.shape[0] - y), min(pixels.shape[1], out.shape[1] - x)
        part, over = out[y : y + height, x : x + width], alpha[:height, :width, None]
        part[:] = (part * (1 - over) + pixels[:height, :width] * over).astype(np.uint8)
        return out

    return laid


@cache
def _cut(thing: Thing, directory: Path, width_px: int) -> tuple[Image, np.ndarray]:
    photo = cv2.imread(str(directory / thing.file))
    assert photo is not None, f"{thing.file} was fetched"
    scale = photo.shape[1] / 900
    outline = np.rint(np.array(thing.outline) * scale).astype(np.int32)
    left, top, width, height = cv2.boundingRect(outline)
    mask = cv2.fillPoly(np.zeros(photo.shape[:2], np.uint8), [outline], 255)
    size = (width_px, round(width_px * height / width))
    parts = (image[top : top + height, left : left + width] for image in (photo, mask))
    small, over = (cv2.resize(part, size, interpolation=cv2.INTER_AREA) for part in parts)
    return np.clip(small * thing.gain, 0, 255).astype(np.uint8), over.astype(np.float32) / 255
