"""How well an identity document can be seen in a picture, and the one thing that would be better. Pure.

Called by the preview a few times a second and once for each picture that was taken. All thresholds were set on scenes
that tests compose, and are judgement: docs/identity.md says so.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from candidate_agent.capture import card_outline
from candidate_agent.capture.card_outline import Floats, Grey
from candidate_agent.capture.shape import Image

NO_CARD, TOO_FAR, TILTED, BLURRED, GLARE, DARK, GOOD = (
    "no_card", "too_far", "tilted", "blurred", "glare", "dark", "good",
)  # fmt: skip
HINTS = (NO_CARD, TOO_FAR, TILTED, BLURRED, GLARE, DARK, GOOD)

CARD_PX = 480  # the card is laid flat in at most this width to be measured
FAR_SHARE = 0.24  # width of the card, of the picture's
TILT_DEGREES = 14.0
TILT_UNEVEN = 1.22  # how much longer one side is than the one opposite
DARK_LUMA = 85.0  # of the card's bright parts
DARK_ROOM_LUMA = 40.0  # of the whole picture, where no card is seen
BLOWN = 250  # all three colours at or above
GLARE_SHARE = 0.012  # of the card, in one spot
SHARP_LEAST = 0.5  # see `_sharpness`


@dataclass(frozen=True, slots=True)
class Judgement:
    """Corners as shares of the picture's width and height, from top left clockwise; () where no card was found."""

    hint: str
    corners: tuple[tuple[float, float], ...] = ()
    size: float = 0.0  # width of the card, share of the picture's
    sharpness: float = 0.0  # 0 blurred .. 1 sharp, in the card's area
    glare: float = 0.0  # largest blown-out spot, share of the card
    luma: float = 0.0  # of the card's bright parts; of the picture where there is no card


NOTHING = Judgement(NO_CARD)


def judge(pixels: Image) -> Judgement:
    """`pixels`: BGR or BGRA of any size."""
    colour = np.ascontiguousarray(pixels[:, :, :3])
    grey = cv2.cvtColor(colour, cv2.COLOR_BGR2GRAY).astype(np.uint8, copy=False)
    found = card_outline.find(colour)
    if found is None:
        mean = float(grey.mean())
        return Judgement(DARK if mean < DARK_ROOM_LUMA else NO_CARD, luma=mean)
    return _judged(colour, grey, found.corners)


def _judged(colour: Image, grey: Grey, corners: Floats) -> Judgement:
    height, width = grey.shape
    flat = _laid_flat(colour, corners)
    card = cv2.cvtColor(flat, cv2.COLOR_BGR2GRAY).astype(np.uint8, copy=False)
    size = float(card_outline.sides(corners[None])[0, [0, 2]].mean() / width)
    luma, glare, sharpness = float(np.percentile(card, 85)), _glare(flat), _sharpness(card)
    hint = _hint(size, _tilted(corners), luma, glare, sharpness)
    shares = tuple((float(x / width), float(y / height)) for x, y in corners)
    return Judgement(hint, shares, size, sharpness, glare, luma)


def _hint(size: float, tilted: bool, luma: float, glare: float, sharpness: float) -> str:
    """What should be better first: what cannot be seen at all, then what can be put right by hand."""
    if luma < DARK_LUMA:
        return DARK
    if size < FAR_SHARE:
        return TOO_FAR
    if tilted:
        return TILTED
    if glare > GLARE_SHARE:
        return GLARE
    return BLURRED if sharpness < SHARP_LEAST else GOOD


def _laid_flat(colour: Image, corners: Floats) -> Image:
    """The card alone, as if seen from straight above, never enlarged."""
    top, right, bottom, left = card_outline.sides(corners[None])[0]
    wide = max(16, min(CARD_PX, round((top + bottom) / 2)))
    high = max(12, round(wide * (left + right) / (top + bottom)))
    target = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], np.float32)
    turned = cv2.getPerspectiveTransform(corners.astype(np.float32), target)
    return cv2.warpPerspective(colour, turned, (wide, high), flags=cv2.INTER_AREA).astype(np.uint8, copy=False)


def _tilted(corners: Floats) -> bool:
    top, right, bottom, left = card_outline.sides(corners[None])[0]
    uneven = max(top / bottom, bottom / top, left / right, right / left)
    along = (corners[1] - corners[0]) + (corners[2] - corners[3])
    turned = abs(float(np.degrees(np.arctan2(along[1], along[0]))))
    return uneven > TILT_UNEVEN or turned > TILT_DEGREES


def _glare(flat: Image) -> float:
    """The largest spot in which every colour is at its end, as a share of the card."""
    blown = (flat.min(axis=2) >= BLOWN).astype(np.uint8)
    if not blown.any():
        return 0.0
    solid = cv2.morphologyEx(blown, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(solid, connectivity=8)
    return float(stats[1:, cv2.CC_STAT_AREA].max(initial=0) / blown.size)


def _sharpness(card: Grey) -> float:
    """How much is lost when the card is blurred once more: little where it was blurred before. 0..1, and nearly the
    same for bright and pale prints (after Crete and others, 2007: "The blur effect")."""
    inner = card[card.shape[0] // 12 : -card.shape[0] // 12, card.shape[1] // 12 : -card.shape[1] // 12]
    fine = inner.astype(np.float32)
    shares = []
    for axis, kernel in ((1, (7, 1)), (0, (1, 7))):
        blurred = cv2.blur(fine, kernel)
        before, after = np.abs(np.diff(fine, axis=axis)), np.abs(np.diff(blurred, axis=axis))
        strong = before > 4  # noise of the sensor is no sharpness
        total = float(before[strong].sum())
        lost = float(np.maximum(0, before - after)[strong].sum())
        shares.append(lost / total if total else 0.0)
    return min(shares)
