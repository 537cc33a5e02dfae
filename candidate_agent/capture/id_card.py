"""The picture of the identity document: the sharpest of a short burst at the camera's full size. At check-in."""

from dataclasses import dataclass, field

from candidate_agent.capture import preview
from candidate_agent.capture.sources import DetailSource

BURST = 5
QUALITY = 90


@dataclass(frozen=True, slots=True)
class CardPicture:
    """`sharpness`: variance of the Laplacian; `luma`: mean brightness 0..255."""

    jpeg: bytes = field(repr=False)
    width: int
    height: int
    sharpness: float
    luma: float


def take(source: DetailSource) -> CardPicture:
    """Takes about two seconds. Raises DeviceError `camera_missing`."""
    best = max(source.burst(BURST), key=preview.sharpness)
    height, width = best.pixels.shape[:2]
    return CardPicture(
        preview.full_jpeg(best.pixels, QUALITY), width, height, preview.sharpness(best), preview.luma(best)
    )
