"""Small figures and pictures for the candidate's own eyes and for the checks: thumbnail, light, sharpness, level."""

import math

import cv2
import numpy as np
import numpy.typing as npt

from candidate_agent.capture import shape
from candidate_agent.platforms.ports import Picture

SILENCE_DBFS = -120.0


def jpeg(picture: Picture, max_width: int, quality: int = 75) -> bytes:
    """A JPEG of at most `max_width` pixels across."""
    size = shape.fit(shape.picture_size(picture.pixels), max_width, 1 << 20)
    pixels = picture.pixels[:, :, :3]
    if size.width < pixels.shape[1] - 1:
        pixels = shape.scale(pixels, size)
    return full_jpeg(pixels, quality)


def full_jpeg(pixels: shape.Image, quality: int) -> bytes:
    encoded, data = cv2.imencode(".jpg", pixels[:, :, :3], [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert encoded, "OpenCV writes a JPEG of any picture"
    return data.tobytes()


SHEET_WIDTH, SHEET_COLUMNS = 960, 3


def sheet(jpegs: tuple[bytes, ...]) -> bytes:
    """Several pictures side by side in one JPEG, so that all that will be sent can be looked at."""
    if len(jpegs) < 2:
        return jpegs[0] if jpegs else b""
    columns = SHEET_COLUMNS if len(jpegs) > 4 else 2
    wide = SHEET_WIDTH // columns
    pictures = [shape.decoded(jpeg) for jpeg in jpegs]
    high = max(1, round(wide * pictures[0].shape[0] / pictures[0].shape[1]))
    rows = -(-len(pictures) // columns)
    whole = np.full((rows * high, columns * wide, 3), 24, np.uint8)
    for place, picture in enumerate(pictures):
        top, left = place // columns * high, place % columns * wide
        whole[top : top + high - 2, left : left + wide - 2] = cv2.resize(
            picture, (wide - 2, high - 2), interpolation=cv2.INTER_AREA
        )
    return full_jpeg(whole, 80)


def luma(picture: Picture) -> float:
    """Mean brightness, 0..255."""
    return float(_grey(picture).mean())


def sharpness(picture: Picture) -> float:
    """Variance of the Laplacian: the higher, the sharper; comparable between pictures of one scene and size."""
    return float(cv2.Laplacian(_grey(picture), cv2.CV_64F).var())


def _grey(picture: Picture) -> shape.Image:
    grey = cv2.cvtColor(np.ascontiguousarray(picture.pixels[:, :, :3]), cv2.COLOR_BGR2GRAY)
    return grey.astype(np.uint8, copy=False)


def level_dbfs(samples: npt.NDArray[np.int16]) -> float:
    """Root mean square against full scale; -120 for exact silence."""
    if samples.size == 0:
        return SILENCE_DBFS
    mean_square = float(np.mean(np.square(samples.astype(np.float64) / 32768)))
    return max(SILENCE_DBFS, 10 * math.log10(mean_square)) if mean_square > 0 else SILENCE_DBFS
