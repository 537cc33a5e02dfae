"""What is done to a picture in which no face was sure: shadows raised, the picture turned, a doubtful
face looked at from nearer.

Asked by `faces`, on the analyst's thread, and only then: a look that finds a sure face costs nothing of this. Pure.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from candidate_agent.capture.shape import Image

Point = tuple[float, float]

DARK = 90.0  # a picture whose mean or darker parts lie below it is lifted
LIT = 110.0  # where lifting brings them
PARTS = (25, 10)  # percentiles that stand for the darker parts: of a dark room, of somebody before a window
SIDE = 160  # of the nearer look, in pixels
WIDE = 2.0  # of the nearer look, in sizes of the face
STEEP_DEG = 60.0  # eyes of a doubtful face that lean more than this are none
CONTRAST, TILES = 3.0, (4, 4)
LEANS_DEG = (32.0, -32.0)


@dataclass(frozen=True, slots=True)
class Turned:
    """A picture turned about its middle. `placement`: from the picture to the turned one, in pixels."""

    pixels: Image
    placement: npt.NDArray[np.float64]

    def back(self, point: Point, size: tuple[int, int]) -> Point:
        """From shares of the turned picture to those of the picture itself. `size`: width and height of both."""
        away = np.array(point) * size - self.placement[:, 2]
        x, y = np.linalg.solve(self.placement[:, :2], away) / size
        return float(x), float(y)


def leans(pixels: Image) -> Iterator[Turned]:
    """The picture turned one way and the other."""
    height, width = pixels.shape[:2]
    for degrees in LEANS_DEG:
        placement = np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0), np.float64)
        turned = cv2.warpAffine(pixels, placement, (width, height), borderMode=cv2.BORDER_REPLICATE)
        yield Turned(turned.astype(np.uint8, copy=False), placement)


def lifted(small: Image) -> Image | None:
    """A dark picture with its shadows raised, its noise smoothed; None: it is light enough."""
    green = small[..., 1]
    quarter, tenth = (float(value) for value in np.percentile(green, PARTS))
    room = min(float(green.mean()), quarter)
    dark = room if room < DARK else tenth
    return _raised(small, dark) if dark < DARK else None


def nearer(pixels: Image, box: tuple[float, float, float, float], eyes: Sequence[Point]) -> Image:
    """The doubtful face large, upright and with even light, in the middle of a square. `box`: left, top, width, height
    and `eyes` in shares of the picture."""
    height, width = pixels.shape[:2]
    middle = ((box[0] + box[2] / 2) * width, (box[1] + box[3] / 2) * height)
    side = max(box[2] * width, box[3] * height, 1.0) * WIDE
    placed = np.asarray(cv2.getRotationMatrix2D(middle, _tilt_deg(eyes, width, height), SIDE / side), np.float64)
    placed[:, 2] += SIDE / 2 - np.array(middle)
    how = cv2.INTER_AREA if side > SIDE else cv2.INTER_LINEAR
    crop = cv2.warpAffine(pixels, placed, (SIDE, SIDE), flags=how, borderMode=cv2.BORDER_REPLICATE).astype(np.uint8)
    inner = float(np.median(crop[SIDE // 4 : -SIDE // 4, SIDE // 4 : -SIDE // 4, 1]))
    return _evened(_raised(crop, inner) if inner < LIT else crop)


def _tilt_deg(eyes: Sequence[Point], width: int, height: int) -> float:
    across, down = (eyes[1][0] - eyes[0][0]) * width, (eyes[1][1] - eyes[0][1]) * height
    tilt = float(np.degrees(np.arctan2(down, across)))
    return tilt if abs(tilt) <= STEEP_DEG else 0.0


def _raised(pixels: Image, dark: float) -> Image:
    gamma = np.log(LIT / 255) / np.log(min(max(dark, 4.0), LIT) / 255)
    curve = np.rint(255 * (np.arange(256) / 255) ** gamma).astype(np.uint8)
    return cv2.LUT(cv2.GaussianBlur(pixels, (0, 0), 0.8), curve).astype(np.uint8)


def _evened(pixels: Image) -> Image:
    parts = cv2.cvtColor(pixels, cv2.COLOR_BGR2YCrCb)
    parts[..., 0] = cv2.createCLAHE(CONTRAST, TILES).apply(parts[..., 0])
    return cv2.cvtColor(parts, cv2.COLOR_YCrCb2BGR).astype(np.uint8)
