"""Composed scenes for the judge of identity pictures: cards and passport pages drawn in code, held up in drawn rooms.

`python -m tests.candidate_agent.capture.cards [COUNT]` prints what the judge finds in COUNT scenes of each kind, and
how long it takes. No picture here is of a real document, a real hand or a real room.
"""

import functools
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from candidate_agent.capture import card_judge
from candidate_agent.capture.card_judge import Judgement
from candidate_agent.capture.shape import Image

WIDTH, HEIGHT = 640, 480
SKIN = (140, 175, 220)
Random = np.random.Generator
_NOISE = np.random.default_rng(0).normal(0, 3, (HEIGHT, WIDTH, 3)).astype(np.float32)


@dataclass(frozen=True)
class Scene:
    pixels: Image
    corners: np.ndarray  # 4 x 2, true ones


# --- documents --------------------------------------------------------------------------------------------------------


def card(random: Random) -> Image:
    """A flat ID-1 card, 856 x 540: ground, header, photograph, lines of letters."""
    ground = tuple(int(value) for value in random.integers(185, 245, 3))
    image = np.full((540, 856, 3), ground, np.uint8)
    cv2.rectangle(image, (0, 0), (856, 95), tuple(int(value) for value in random.integers(40, 170, 3)), -1)
    _photograph(image, (40, 150), (260, 440))
    cv2.putText(image, "STUDENT CARD", (30, 70), cv2.FONT_HERSHEY_SIMPLEX, 1.8, (250, 250, 250), 4, cv2.LINE_AA)
    _letters(image, random, 300, 170, 6, 55, 1.1)
    return image


def page(random: Random) -> Image:
    """A passport's data page, 1250 x 880, with two machine-readable lines."""
    ground = tuple(int(value) for value in random.integers(195, 240, 3))
    image = np.full((880, 1250, 3), ground, np.uint8)
    for _ in range(14):  # the fine lines of such pages
        curve = [(x, int(440 + 300 * np.sin(x / 170 + random.uniform(0, 6)))) for x in range(0, 1250, 25)]
        cv2.polylines(image, [np.array(curve, np.int32)], False, tuple(int(v * 0.9) for v in ground), 2, cv2.LINE_AA)
    _photograph(image, (50, 150), (380, 600))
    _letters(image, random, 440, 150, 8, 60, 1.2)
    for row in range(2):
        text = "".join(random.choice(list("ABCDEFGHIJKLMNOPQRSTUVWXYZ<<<<<<0123456789"), 44))
        cv2.putText(image, text, (40, 760 + 70 * row), cv2.FONT_HERSHEY_PLAIN, 2.5, (30, 30, 30), 3, cv2.LINE_AA)
    return image


def _photograph(image: Image, top_left: tuple[int, int], size: tuple[int, int]) -> None:
    x, y = top_left
    wide, high = size[0] - x, size[1] - y
    cv2.rectangle(image, (x, y), (x + wide, y + high), (205, 200, 190), -1)
    cv2.ellipse(image, (x + wide // 2, y + high * 45 // 100), (wide // 4, high // 4), 0, 0, 360, SKIN, -1, cv2.LINE_AA)
    cv2.ellipse(image, (x + wide // 2, y + high), (wide // 2, high // 4), 0, 180, 360, (90, 60, 50), -1, cv2.LINE_AA)


def _letters(image: Image, random: Random, left: int, top: int, rows: int, step: int, scale: float) -> None:
    for row in range(rows):
        text = "".join(random.choice(list("ABCDEFGHIKLMNOPRSTUVWXYZ 0123456789"), int(random.integers(9, 20))))
        place = (left, top + row * step)
        cv2.putText(image, text, place, cv2.FONT_HERSHEY_SIMPLEX, scale, (35, 35, 45), 3, cv2.LINE_AA)


# --- rooms ------------------------------------------------------------------------------------------------------------


def room(random: Random, person: bool = True) -> Image:
    """A wall with frames, shelves with books, a table's edge, a window; with somebody in it or nobody."""
    base = random.integers(90, 200, 3)
    shade = np.linspace(0.8, 1.1, WIDTH)[None, :, None]
    image = np.clip(np.full((HEIGHT, WIDTH, 3), base, np.float64) * shade, 0, 255).astype(np.uint8)
    for _ in range(int(random.integers(0, 4))):
        _furniture(image, random)
    if random.random() < 0.5:
        cv2.rectangle(image, (0, 430), (WIDTH, HEIGHT), tuple(int(value) for value in random.integers(40, 140, 3)), -1)
    if person:
        _person(image, random)
    return image


def _furniture(image: Image, random: Random) -> None:
    x, y = int(random.integers(0, WIDTH - 100)), int(random.integers(0, HEIGHT // 2))
    wide, high = int(random.integers(50, 180)), int(random.integers(50, 180))
    kind = random.integers(0, 3)
    colour = tuple(int(value) for value in random.integers(30, 230, 3))
    if kind == 0:  # a frame
        cv2.rectangle(image, (x, y), (x + wide, y + high), colour, int(random.choice([-1, 4])))
    elif kind == 1:  # a shelf with books
        cv2.line(image, (x, y + high), (x + wide, y + high), colour, 5)
        for at in range(x, x + wide - 12, 14):
            book = tuple(int(value) for value in random.integers(30, 220, 3))
            cv2.rectangle(image, (at, y + high - int(random.integers(30, 60))), (at + 12, y + high), book, -1)
    else:  # a window or a door
        cv2.rectangle(image, (x, 0), (x + wide, y + high), (225, 225, 220), -1)
        cv2.line(image, (x + wide // 2, 0), (x + wide // 2, y + high), (120, 120, 120), 4)


def _person(image: Image, random: Random) -> None:
    x, y = int(random.integers(180, 460)), int(random.integers(150, 230))
    shirt = tuple(int(value) for value in random.integers(30, 200, 3))
    cv2.ellipse(image, (x, HEIGHT + 20), (190, 190), 0, 180, 360, shirt, -1, cv2.LINE_AA)
    cv2.ellipse(image, (x, y - 15), (72, 95), 0, 0, 360, (40, 50, 70), -1, cv2.LINE_AA)
    cv2.ellipse(image, (x, y), (62, 84), 0, 0, 360, SKIN, -1, cv2.LINE_AA)
    for side in (-1, 1):
        cv2.circle(image, (x + side * 24, y - 15), 6, (50, 40, 30), -1, cv2.LINE_AA)
    cv2.ellipse(image, (x, y + 40), (24, 8), 0, 0, 180, (80, 80, 170), 3, cv2.LINE_AA)


# --- a document held up -----------------------------------------------------------------------------------------------


def held(
    random: Random,
    *,
    share: tuple[float, float] = (0.3, 0.62),
    turn: float = 8.0,
    uneven: float = 0.08,
    thumb: bool = True,
) -> Scene:
    """`share`: of the picture's width; `turn` in degrees and `uneven` (perspective) at most."""
    flat = card(random) if random.random() < 0.7 else page(random)
    image = room(random)
    corners = _place(random, flat.shape[1] / flat.shape[0], share, turn, uneven)
    _lay(image, _as_large_as(flat, corners), corners)
    if thumb:
        _thumb(image, corners, random)
    return Scene(_camera(image, random), corners)


def _as_large_as(flat: Image, corners: np.ndarray) -> Image:
    """Averaged down to the size it will be seen in, as a lens does."""
    wide = max(16, round(float(np.hypot(*(corners[1] - corners[0])))))
    return cv2.resize(flat, (wide, round(wide * flat.shape[0] / flat.shape[1])), interpolation=cv2.INTER_AREA)


def _lay(image: Image, flat: Image, corners: np.ndarray) -> None:
    """Over the room, with rounded corners."""
    high, wide = flat.shape[:2]
    box = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], np.float32)
    warp = cv2.getPerspectiveTransform(box, corners.astype(np.float32))
    mask, radius = np.zeros((high, wide), np.uint8), max(2, wide // 27)
    cv2.rectangle(mask, (radius, 0), (wide - radius, high), 255, -1)
    cv2.rectangle(mask, (0, radius), (wide, high - radius), 255, -1)
    for x in (radius, wide - radius - 1):
        for y in (radius, high - radius - 1):
            cv2.circle(mask, (x, y), radius, 255, -1, cv2.LINE_AA)
    over = cv2.warpPerspective(flat, warp, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    cover = cv2.warpPerspective(mask, warp, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR)[:, :, None].astype(np.float32)
    image[:] = (image + (over - image.astype(np.float32)) * (cover / 255)).astype(np.uint8)


def _place(random: Random, aspect: float, share: tuple[float, float], turn: float, uneven: float) -> np.ndarray:
    wide = WIDTH * random.uniform(*share)
    high = wide / aspect
    box = np.array([(-wide, -high), (wide, -high), (wide, high), (-wide, high)]) / 2
    box *= 1 + random.uniform(-uneven, uneven, (4, 1))
    angle = np.radians(random.uniform(-turn, turn))
    turned = box @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    low, most = turned.min(axis=0), turned.max(axis=0)
    x = random.uniform(8 - low[0], WIDTH - 8 - most[0])
    y = random.uniform(8 - low[1], HEIGHT - 8 - most[1])
    return turned + np.array((x, y))


def _thumb(image: Image, corners: np.ndarray, random: Random) -> None:
    """Over the lower edge, as one holds a card."""
    at = corners[3] + (corners[2] - corners[3]) * random.uniform(0.15, 0.85)
    size = float(np.hypot(*(corners[1] - corners[0]))) * 0.06
    cv2.ellipse(image, (int(at[0]), int(at[1])), (int(size), int(size * 2)), 0, 0, 360, SKIN, -1, cv2.LINE_AA)
    cv2.rectangle(image, (int(at[0] - size), int(at[1])), (int(at[0] + size), int(at[1] + 4 * size)), SKIN, -1)


def _camera(image: Image, random: Random) -> Image:
    """A little softness and noise, and the artefacts of JPEG."""
    soft = cv2.GaussianBlur(image, (0, 0), 0.6)
    noisy = np.clip(soft + np.roll(_NOISE, tuple(random.integers(0, 400, 2)), (0, 1)), 0, 255).astype(np.uint8)
    return cv2.imdecode(cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, 88])[1], cv2.IMREAD_COLOR)


def blurred(scene: Scene, sigma: float) -> Scene:
    return Scene(cv2.GaussianBlur(scene.pixels, (0, 0), sigma), scene.corners)


def moved(scene: Scene, pixels: int) -> Scene:
    return Scene(cv2.blur(scene.pixels, (pixels, 1)), scene.corners)


def dimmed(scene: Scene, factor: float) -> Scene:
    return Scene((scene.pixels * factor).astype(np.uint8), scene.corners)


def glaring(scene: Scene, random: Random) -> Scene:
    """A lamp's reflection on the document: white in the middle, fading out."""
    centre = scene.corners.mean(axis=0) + random.uniform(-0.15, 0.15, 2) * (scene.corners[2] - scene.corners[0])
    radius = float(np.hypot(*(scene.corners[1] - scene.corners[0]))) * random.uniform(0.11, 0.2)
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    distance = np.hypot(x - centre[0], y - centre[1]) / radius
    light = np.clip(1.6 - distance, 0, 1)[:, :, None] * 255
    return Scene(np.clip(scene.pixels + light, 0, 255).astype(np.uint8), scene.corners)


def noise(random: Random) -> Image:
    kind = random.integers(0, 3)
    if kind == 0:
        return random.integers(0, 256, (HEIGHT, WIDTH, 3), dtype=np.uint8)
    coarse = random.integers(0, 256, (HEIGHT // 8, WIDTH // 8, 3), dtype=np.uint8)
    method = cv2.INTER_NEAREST if kind == 1 else cv2.INTER_CUBIC
    return cv2.resize(coarse, (WIDTH, HEIGHT), interpolation=method)


# --- figures ----------------------------------------------------------------------------------------------------------


def overlap(judged: Judgement, scene: Scene) -> float:
    """What the outline that was found and the true one have in common, as a share of both together."""
    if not judged.corners:
        return 0.0
    found = (np.array(judged.corners) * (WIDTH, HEIGHT)).astype(np.float32)
    true = scene.corners.astype(np.float32)
    common = cv2.intersectConvexConvex(found, true)[0]
    return float(common / (cv2.contourArea(found) + cv2.contourArea(true) - common))


FOUND_FROM = 0.8


KINDS: dict[str, Callable[[Random], Scene]] = {
    "held": held,
    "far": lambda random: held(random, share=(0.15, 0.2)),
    "turned": lambda random: held(random, share=(0.35, 0.5), turn=0.0, thumb=False),
    "blurred": lambda random: blurred(held(random), random.uniform(2.5, 4.5)),
    "moved": lambda random: moved(held(random), int(random.integers(11, 19))),
    "glare": lambda random: glaring(held(random), random),
    "dim": lambda random: dimmed(held(random), random.uniform(0.15, 0.3)),
}


@functools.cache
def figures(kind: str, count: int, seed: int = 1) -> tuple[float, Counter[str], float]:
    """(share found, hints, milliseconds of processor time each)"""
    random = np.random.default_rng(seed)
    scenes = [KINDS[kind](random) for _ in range(count)]
    began = time.process_time()
    judged = [card_judge.judge(scene.pixels) for scene in scenes]
    took_ms = (time.process_time() - began) * 1000 / count
    found = sum(overlap(one, scene) >= FOUND_FROM for one, scene in zip(judged, scenes, strict=True))
    return found / count, Counter(one.hint for one in judged), took_ms


def empty(count: int, seed: int = 1) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Hints for noise, rooms without and rooms with somebody, all without a card."""
    random = np.random.default_rng(seed)
    scenes = (noise, lambda r: room(r, person=False), room)
    noisy, bare, lived = (Counter(card_judge.judge(make(random)).hint for _ in range(count)) for make in scenes)
    return noisy, bare, lived


def main(arguments: list[str]) -> None:
    count = int(arguments[0]) if arguments else 200
    for kind in KINDS:
        found, hints, took_ms = figures(kind, count)
        print(f"{kind:8} found {found:6.1%}  {took_ms:5.1f} ms  {dict(hints.most_common())}")
    for name, hints in zip(("noise", "room", "person"), empty(count), strict=True):
        print(f"{name:8} {dict(hints.most_common())}")


if __name__ == "__main__":
    main(sys.argv[1:])
