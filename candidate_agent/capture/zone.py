"""Reads the machine-readable zone of an identity picture, where the policy asks: cut out, laid flat, given to a port.

Called by `hands` after a picture was taken, on its thread. What is read is shown to the candidate and kept nowhere.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from candidate_agent.capture import mrz
from candidate_agent.capture.card_judge import Judgement
from candidate_agent.capture.mrz import Mrz
from candidate_agent.capture.shape import Image
from candidate_agent.platforms.ports import LetterPort, Unsupported

WITHIN_S = 6.0
READ_PX = 1400  # width in which letters are read
ZONE_FROM = 0.58  # of the height of the document: the zone is at its foot


@dataclass(frozen=True, slots=True)
class ZoneRead:
    """`outcome`: right, wrong (check digits), none (no zone in the picture), unsupported. For the record; no name."""

    outcome: str
    mrz: Mrz | None = None
    detail: str = ""


def read(pixels: Image, judgement: Judgement, letters: LetterPort | Unsupported) -> ZoneRead:
    if isinstance(letters, Unsupported):
        return ZoneRead("unsupported", detail=letters.reason)
    if not judgement.corners:
        return ZoneRead("none")
    found = mrz.read(letters.read(cut_out(pixels, judgement), WITHIN_S))
    if found is None:
        return ZoneRead("none")
    return ZoneRead("wrong" if found.wrong else "right", found, ", ".join(found.wrong))


def cut_out(pixels: Image, judgement: Judgement) -> bytes:
    """The foot of the document as PNG, laid flat, grey, large enough to read."""
    height, width = pixels.shape[:2]
    corners = (np.array(judgement.corners) * (width, height)).astype(np.float32)
    wide = float(np.hypot(*(corners[1] - corners[0])))
    high = float(np.hypot(*(corners[3] - corners[0])))
    rows = round(READ_PX * high / wide)
    target = np.array([(0, 0), (READ_PX, 0), (READ_PX, rows), (0, rows)], np.float32)
    flat = cv2.warpPerspective(
        pixels[:, :, :3], cv2.getPerspectiveTransform(corners, target), (READ_PX, rows), flags=cv2.INTER_CUBIC
    )
    grey = cv2.cvtColor(flat[round(rows * ZONE_FROM) :], cv2.COLOR_BGR2GRAY)
    written, data = cv2.imencode(".png", cv2.normalize(grey, np.empty_like(grey), 0, 255, cv2.NORM_MINMAX))
    return data.tobytes() if written else b""
