"""A drawn face that the models take for one: it can turn, lean, look aside and close its eyes. It is nobody."""

import cv2
import numpy as np

from candidate_agent.capture.shape import Image

SKIN, HAIR, DARK = (150, 180, 225), (40, 50, 70), (60, 60, 70)


def blank(width: int = 640, height: int = 480) -> Image:
    return np.full((height, width, 3), (170, 160, 150), np.uint8)


def face(
    *, turn: float = 0.0, lean_deg: float = 0.0, look: float = 0.0, closed: bool = False,
    at: tuple[int, int] = (320, 250), pixels: Image | None = None,
) -> Image:  # fmt: skip
    """`turn` and `look` -1..1, to the person's left where positive: to the right of the picture."""
    made = blank() if pixels is None else pixels
    aside = round(turn * 22)
    _head(made, at)
    for side in (-30, 30):
        _eye(made, (at[0] + side + aside, at[1] - 12), round(look * 7), closed)
    _nose_and_mouth(made, at, aside)
    smooth = cv2.GaussianBlur(made, (0, 0), 1.6)
    around = cv2.getRotationMatrix2D(at, -lean_deg, 1.0)
    turned = cv2.warpAffine(smooth, around, smooth.shape[1::-1], borderMode=cv2.BORDER_REPLICATE)
    return turned.astype(np.uint8, copy=False)


def _head(made: Image, at: tuple[int, int]) -> None:
    for down, wide, high, colour in (
        (190, 170, 110, (90, 60, 50)), (110, 38, 60, (120, 150, 195)), (-18, 88, 112, HAIR), (10, 75, 98, SKIN),
    ):  # fmt: skip
        cv2.ellipse(made, (at[0], at[1] + down), (wide, high), 0, 0, 360, colour, -1, cv2.LINE_AA)


def _eye(made: Image, at: tuple[int, int], look: int, closed: bool) -> None:
    if not closed:
        cv2.ellipse(made, at, (15, 8), 0, 0, 360, (245, 245, 245), -1, cv2.LINE_AA)
        cv2.circle(made, (at[0] + look, at[1]), 7, DARK, -1, cv2.LINE_AA)
    lids = (20, 160) if closed else (180, 360)
    cv2.ellipse(made, (at[0], at[1] - 1), (16, 4 if closed else 9), 0, *lids, (60, 70, 90), 2, cv2.LINE_AA)
    cv2.ellipse(made, (at[0], at[1] - 16), (19, 6), 0, 190, 350, HAIR, 5, cv2.LINE_AA)


def _nose_and_mouth(made: Image, at: tuple[int, int], aside: int) -> None:
    x, y, tip = at[0] + aside, at[1], at[0] + round(aside * 1.3)
    cv2.ellipse(made, (tip, y + 26), (13, 8), 0, 10, 170, (100, 130, 180), 4, cv2.LINE_AA)
    cv2.line(made, (x - 4, y - 5), (tip - 8, y + 22), (130, 160, 208), 3, cv2.LINE_AA)
    cv2.ellipse(made, (x, y + 58), (28, 9), 0, 0, 360, (90, 90, 190), -1, cv2.LINE_AA)
    cv2.line(made, (x - 27, y + 58), (x + 27, y + 58), (60, 60, 120), 2, cv2.LINE_AA)
