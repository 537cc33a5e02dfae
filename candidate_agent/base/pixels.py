"""Two questions to a camera's picture, asked at check-in: is it black, and is it the same as another? Pure.

A camera's picture is never twice the same to the last byte: its sensor has noise.
"""

import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]
BLACK_LUMA = 12  # hardly any pixel is lighter: a lid, a slide, a cap


def is_black(pixels: Image) -> bool:
    return float(np.percentile(pixels[::8, ::8, :3], 99)) < BLACK_LUMA


def mark(pixels: Image) -> int:
    """Another number for another picture, as good as always."""
    return hash(pixels[::4, ::4, :3].tobytes())
