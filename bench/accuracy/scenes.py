"""Composed camera pictures: a cut-out person before a room, in a light, with a sensor's noise. 640x480, BGR.

Called by the measurements. Rooms are drawn or published pictures; nobody sat in them, and the page says so.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from bench.accuracy.people import CutOut, Image

WIDTH, HEIGHT = 640, 480
ROOMS = ("plain", "shelf", "window", "kitchen", "garage", "bricks")
LIGHTS = ("very dark", "dark", "dim", "normal", "bright", "backlit", "from the side")
_GAIN = {"very dark": 0.10, "dark": 0.22, "dim": 0.45, "bright": 1.6}
_NOISE = {"very dark": 7.0, "dark": 6.0, "dim": 4.0}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the person is: the middle of the face in shares of the picture, its width in pixels, a tilt in degrees."""

    x: float = 0.5
    y: float = 0.42
    face_px: float = 150.0
    tilt_deg: float = 0.0


def scene(room: str, people: tuple[tuple[CutOut, Place], ...], light: str, seed: int, directory: Path) -> Image:
    """`directory`: where the materials are. The same arguments give the same picture."""
    picture = _room(room, directory)
    if light == "backlit":
        picture = cv2.convertScaleAbs(picture, alpha=1.7, beta=40).astype(np.uint8, copy=False)
    for person, place in people:
        picture = _laid(picture, person, place, 0.3 if light == "backlit" else 1.0)
    return _sensor(_lit(picture, light), light, seed)


def _laid(picture: Image, person: CutOut, place: Place, gain: float) -> Image:
    """The last row goes on downwards: a body does not end in the air."""
    left, top, width = person.face
    middle = (left + width / 2, top + width / 2)
    matrix = cv2.getRotationMatrix2D(middle, place.tilt_deg, place.face_px / width)
    matrix[:, 2] += (place.x * WIDTH - middle[0], place.y * HEIGHT - middle[1])
    how = cv2.INTER_AREA if place.face_px < width else cv2.INTER_LINEAR
    pixels, alpha = (
        cv2.warpAffine(image, matrix, (WIDTH, HEIGHT), flags=how, borderMode=cv2.BORDER_REPLICATE)
        for image in (person.pixels, person.alpha)
    )
    if gain != 1.0:
        pixels = cv2.convertScaleAbs(pixels, alpha=gain)
    return cv2.blendLinear(picture, pixels, 1 - alpha, alpha).astype(np.uint8, copy=False)


def _lit(picture: Image, light: str) -> np.ndarray:
    if light == "from the side":
        return cv2.multiply(picture, _from_the_side(), dtype=cv2.CV_32F)
    return picture * np.float32(_GAIN.get(light, 1.0))


@cache
def _from_the_side() -> np.ndarray:
    return np.broadcast_to(np.linspace(1.35, 0.25, WIDTH, dtype=np.float32)[None, :, None], (HEIGHT, WIDTH, 3)).copy()


def _sensor(picture: np.ndarray, light: str, seed: int) -> Image:
    down, right = np.random.default_rng(seed).integers(0, 160, 2)
    noise = _hiss()[down : down + HEIGHT, right : right + WIDTH]
    seen = cv2.addWeighted(picture, 1.0, noise, _NOISE.get(light, 2.5), 0.0, dtype=cv2.CV_8U)
    return seen.astype(np.uint8, copy=False)


@cache
def _hiss() -> np.ndarray:
    """One field of noise; each picture shows another part of it."""
    return np.random.default_rng(11).normal(0, 1, (HEIGHT + 160, WIDTH + 160, 3)).astype(np.float32)


@cache
def _room(name: str, directory: Path) -> Image:
    files = {"garage": "motorcycle_left.png", "bricks": "brick.png"}
    if name in files:
        photo = cv2.imread(str(directory / files[name]))
        assert photo is not None, f"{files[name]} was fetched"
        return cv2.resize(photo, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA).astype(np.uint8)
    return {"plain": _plain, "shelf": _shelf, "window": _window, "kitchen": _kitchen}[name]()


def _wall(light: tuple[int, int, int], dark: tuple[int, int, int]) -> Image:
    ramp = np.linspace(0, 1, HEIGHT, dtype=np.float32)[:, None, None]
    wall = np.array(light, np.float32) * (1 - ramp) + np.array(dark, np.float32) * ramp
    return np.broadcast_to(wall, (HEIGHT, WIDTH, 3)).astype(np.uint8).copy()


def _plain() -> Image:
    return _wall((206, 210, 214), (176, 180, 186))


def _shelf() -> Image:
    """Boxes and a lamp; no books, which are a finding of their own."""
    picture = _wall((170, 186, 196), (140, 156, 170))
    for row in (90, 210, 330):
        cv2.rectangle(picture, (0, row), (210, row + 10), (70, 96, 128), -1)
        for place in range(3):
            left = 10 + place * 66
            cv2.rectangle(picture, (left, row - 52), (left + 50, row), (90 + 40 * place, 120, 150 - 30 * place), -1)
    cv2.ellipse(picture, (560, 120), (46, 30), 0, 180, 360, (120, 200, 235), -1)
    cv2.line(picture, (560, 120), (560, 330), (60, 60, 60), 5)
    return picture


def _window() -> Image:
    picture = _wall((150, 160, 170), (120, 128, 140))
    cv2.rectangle(picture, (400, 40), (620, 330), (250, 244, 230), -1)
    cv2.rectangle(picture, (400, 40), (620, 330), (225, 230, 235), 10)
    cv2.line(picture, (510, 40), (510, 330), (225, 230, 235), 8)
    cv2.rectangle(picture, (372, 20), (404, 380), (96, 84, 150), -1)
    return picture


def _kitchen() -> Image:
    picture = _wall((196, 214, 222), (160, 178, 190))
    for left in range(0, WIDTH, 110):
        cv2.rectangle(picture, (left + 4, 10), (left + 104, 130), (188, 200, 208), -1)
        cv2.circle(picture, (left + 90, 112), 4, (90, 90, 90), -1)
    cv2.rectangle(picture, (0, 300), (WIDTH, 326), (84, 104, 120), -1)
    cv2.rectangle(picture, (40, 236), (92, 300), (60, 60, 170), -1)
    cv2.circle(picture, (560, 268), 32, (70, 160, 90), -1)
    return picture
