"""The picture of the identity document: the best of a short burst at the camera's full size. At check-in."""

from dataclasses import dataclass, field

from candidate_agent.capture import card_judge, preview, usable
from candidate_agent.capture.card_judge import Judgement
from candidate_agent.capture.shape import Image
from candidate_agent.capture.sources import DetailSource
from candidate_agent.platforms.ports import Picture

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
    judgement: Judgement
    pixels: Image = field(repr=False)


def take(source: DetailSource) -> CardPicture:
    """Takes about two seconds. Raises DeviceError `camera_missing`, `camera_busy`, `camera_black`, `camera_frozen`."""
    burst = source.burst(BURST)
    usable.require_shown(burst)
    judged = [(card_judge.judge(picture.pixels), picture) for picture in burst]
    judgement, best = max(judged, key=_worth)
    height, width = best.pixels.shape[:2]
    jpeg = preview.full_jpeg(best.pixels, QUALITY)
    return CardPicture(jpeg, width, height, preview.sharpness(best), preview.luma(best), judgement, best.pixels)


def _worth(judged: tuple[Judgement, Picture]) -> tuple[bool, float, float]:
    """One that is good, else the sharpest card, else the sharpest picture."""
    judgement, picture = judged
    return judgement.hint == card_judge.GOOD, judgement.sharpness, preview.sharpness(picture)
