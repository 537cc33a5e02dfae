"""People cut out of published pictures, their skin relit over the Monk scale, with drawn glasses or a turned face.

Called by `scenes`. Faces were marked by hand and looked at; what is drawn or turned is said so in docs/accuracy.md.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from candidate_agent.capture.analysis.models import files
from candidate_agent.capture.analysis.models.faces import Face, Faces
from candidate_agent.capture.analysis.models.landmarks import Landmarks
from candidate_agent.capture.analysis.observations import FaceBox

Image = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.float32]

FACE_PX = 160
"""Width of the face in a cut-out."""

MONK = {
    1: (0xF6, 0xED, 0xE4), 2: (0xF3, 0xE7, 0xDB), 3: (0xF7, 0xEA, 0xD0), 4: (0xEA, 0xDA, 0xBA), 5: (0xD7, 0xBD, 0x96),
    6: (0xA0, 0x7E, 0x56), 7: (0x82, 0x5C, 0x43), 8: (0x60, 0x41, 0x34), 9: (0x3A, 0x31, 0x2A), 10: (0x29, 0x24, 0x20),
}  # fmt: skip
"""The ten tones of the Monk Skin Tone scale, red, green, blue."""

EXPOSURE = 0.82  # a camera leaves room above the lightest skin; the swatches are as on white paper
REDDER = 0.4  # lips and flushed cheeks are skin too: what is redder counts as that much further away
SHINES, GLOSS = 1.3, 0.3  # brighter than this many times the skin's middle it shines; the share of that which stays


@dataclass(frozen=True, slots=True)
class Subject:
    """`face`: left, top and width of the square around the face in the picture, marked by hand."""

    name: str
    file: str
    face: tuple[int, int, int]
    note: str = ""
    below: int = 260  # what of the body is taken, in pixels of the cut-out under the face
    relights: bool = True  # whether the skin can be told from hair and coloured light, so that it can be relit


SUBJECTS = (
    Subject("astronaut", "astronaut.png", (175, 66, 97)),
    Subject("president-1", "obama.jpg", (344, 95, 300)),
    Subject("president-2", "obama2.jpg", (144, 244, 328), "turned a little"),
    Subject("president-3", "obama3.jpg", (634, 257, 329)),
    Subject("vice-president", "biden.jpg", (428, 210, 321)),
    Subject("woman-laughing", "testimonials-1.jpg", (127, 123, 235)),
    Subject("man-with-cap", "testimonials-2.jpg", (151, 133, 213), "a cap"),
    Subject("woman-looking-up", "testimonials-3.jpg", (216, 37, 147), "turned and looking up", 150),
    Subject("man-in-thought", "bruce-mars.jpg", (355, 258, 247), "a cap, glasses, a hand at the temple, looking down"),
    Subject("man-laughing", "charles.jpg", (327, 352, 200)),
    Subject("woman-with-fringe", "ivana-square.jpg", (193, 276, 264), "turned a little"),
    Subject("woman-with-braids", "kal-visuals-square.jpg", (276, 182, 300), "leaning"),
    Subject("woman-looking-aside", "marie.jpg", (206, 200, 393), "turned"),
    Subject("woman-with-long-hair", "team-1.jpg", (300, 254, 205)),
    Subject("man-with-beard-and-glasses", "team-3.jpg", (248, 154, 260), "a beard, glasses, looking up"),
    Subject("woman-in-shade", "avatar.jpg", (144, 77, 117), "hair and shade over the face"),
    Subject("woman-with-straight-hair", "camp.jpg", (124, 70, 174)),
    Subject("man-with-long-beard", "card-profile1-square.jpg", (49, 78, 155), "a long beard, turned"),
    Subject("woman-with-hand-at-mouth", "card-profile4-square.jpg", (208, 106, 123), "a hand at the mouth"),
    Subject("woman-with-ponytail", "card-profile5-square.jpg", (95, 72, 153), "turned, looking up"),
    Subject("woman-with-hat", "card-profile6-square.jpg", (191, 114, 148), "a hat, its shade", relights=False),
    Subject("woman-with-round-glasses", "kendall.jpg", (113, 88, 207), "glasses, coloured light", relights=False),
    Subject("man-in-the-dark", "marc.jpg", (98, 88, 199), "a short beard, light from one side"),
    Subject("man-at-work", "profile.jpg", (166, 122, 169)),
    Subject("admiral", "grace_hopper.jpg", (170, 128, 189), "a cap, glasses, old"),
    Subject("woman-with-glasses", "user5-128x128.jpg", (24, 16, 65), "glasses; a small picture"),
)
WITH_PHONE = Subject("woman-with-phone", "testimonials-3.jpg", (216, 37, 147), "the phone in her hands", 380)


def who(name: str) -> str:
    """One name for all pictures of one person."""
    return "president" if name.startswith("president-") else name


@dataclass(frozen=True, slots=True)
class CutOut:
    """`alpha`: how much of each pixel is the person. `face`: left, top, width, in the cut-out's own pixels."""

    pixels: Image
    alpha: Mask
    face: tuple[int, int, int]


@cache
def cut_out(subject: Subject, directory: Path) -> CutOut:
    """Head and shoulders, the face FACE_PX wide."""
    picture = cv2.imread(str(directory / subject.file))
    assert picture is not None, f"{subject.file} was fetched"
    scale = FACE_PX / subject.face[2]
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=method)
    left, top = round(subject.face[0] * scale), round(subject.face[1] * scale)
    x0, x1 = max(0, left - 200), min(picture.shape[1], left + FACE_PX + 200)
    y0, y1 = max(0, top - 110), min(picture.shape[0], top + FACE_PX + subject.below)
    crop = np.ascontiguousarray(picture[y0:y1, x0:x1]).astype(np.uint8)
    face = (left - x0, top - y0, FACE_PX)
    return CutOut(crop, _person(crop, face), face)


def _person(crop: Image, face: tuple[int, int, int]) -> Mask:
    """GrabCut from a rough figure: an oval head on shoulders."""
    left, top, width = face
    middle = (left + width // 2, top + round(width * 0.5))
    mask = np.full(crop.shape[:2], cv2.GC_PR_BGD, np.uint8)
    mask[:, :4] = mask[:, -4:] = mask[:4] = cv2.GC_BGD
    shoulders = np.array(
        [(middle[0] - width, crop.shape[0]), (middle[0] - round(width * 0.8), top + round(width * 1.35)),
         (middle[0] + round(width * 0.8), top + round(width * 1.35)), (middle[0] + width, crop.shape[0])]
    )  # fmt: skip
    cv2.fillPoly(mask, [shoulders], cv2.GC_PR_FGD)
    cv2.ellipse(mask, middle, (round(width * 0.6), round(width * 0.8)), 0, 0, 360, cv2.GC_PR_FGD, -1)
    cv2.ellipse(mask, middle, (round(width * 0.35), round(width * 0.5)), 0, 0, 360, cv2.GC_FGD, -1)
    neck = (middle[0] - width // 5, top + width, width * 2 // 5, crop.shape[0] - top - width)
    cv2.rectangle(mask, neck[:2], (neck[0] + neck[2], neck[1] + neck[3]), cv2.GC_FGD, -1)
    cv2.setRNGSeed(7)
    cv2.grabCut(crop, mask, None, np.zeros((1, 65)), np.zeros((1, 65)), 5, cv2.GC_INIT_WITH_MASK)
    inside = np.isin(mask, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8)
    inside = _whole(_largest(cv2.morphologyEx(inside, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8)).astype(np.uint8)))
    return cv2.GaussianBlur(inside.astype(np.float32), (0, 0), 1.5).astype(np.float32)


def _largest(mask: Image) -> Image:
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    if len(stats) < 2:
        return mask
    return (labels == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))).astype(np.uint8)


def _whole(mask: Image) -> Image:
    """Without holes."""
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return cv2.drawContours(np.zeros_like(mask), outlines, -1, 1, -1).astype(np.uint8)


def skin(person: CutOut) -> Mask:
    """Where skin is: in and near the face, of a colour near the cheeks'."""
    left, top, width = person.face
    lab = cv2.cvtColor(person.pixels, cv2.COLOR_BGR2LAB).astype(np.float32)
    cheeks = lab[top + width * 5 // 10 : top + width * 7 // 10, left + width // 4 : left + width * 3 // 4]
    tone = np.median(cheeks.reshape(-1, 3), axis=0)
    away = lab[..., 1:] - tone[1:]
    away[..., 0] = np.where(away[..., 0] > 0, away[..., 0] * REDDER, away[..., 0])
    near = np.clip((24 - np.abs(away).max(axis=2)) / 10, 0, 1) * np.clip((lab[..., 0] - tone[0] * 0.15) / 20, 0, 1)
    region = np.zeros(near.shape, np.float32)
    cv2.ellipse(region, (left + width // 2, top + width * 6 // 10), (width * 6 // 10, width), 0, 0, 360, 1.0, -1)
    return cv2.GaussianBlur(near * region * person.alpha, (0, 0), 2).astype(np.float32)


def relit(person: CutOut, tone: int) -> CutOut:
    """The skin as light of the same lamps would come from skin of a tone of the Monk scale.

    Reflected light is scaled in each colour, so that shades stay what they are to the skin around them; what shines on
    skin (`GLOSS`) does not depend on its tone and stays.
    """
    where = skin(person)
    sure = where > 0.7
    if not sure.any():
        return person
    light = _linear()[person.pixels]
    median = np.median(light[sure], axis=0)
    swatch = np.array([[MONK[tone][::-1]]], np.uint8)
    lab = cv2.cvtColor(swatch, cv2.COLOR_BGR2LAB).astype(np.float32) * np.array([EXPOSURE, 1, 1], np.float32)
    target = _linear()[cv2.cvtColor(np.rint(lab).astype(np.uint8), cv2.COLOR_LAB2BGR)[0, 0]]
    shine = np.clip(light.min(axis=2) - SHINES * median.min(), 0, None)[..., None] * GLOSS
    painted = light * (target / median) + shine * max(0.0, 1 - float(target.mean() / median.mean()))
    mixed = light + (painted - light) * where[..., None]
    return CutOut(_displayed(mixed), person.alpha, person.face)


@cache
def _linear() -> np.ndarray:
    """Light of each value of a picture (sRGB)."""
    value = np.arange(256, dtype=np.float32) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4).astype(np.float32)


def _displayed(light: np.ndarray) -> Image:
    light = np.clip(light, 0, 1)
    value = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.rint(value * 255).astype(np.uint8)


def with_glasses(person: CutOut) -> CutOut:
    """Drawn: two dark rims around the eyes, a bridge and a glint, leaning as the eyes do."""
    pixels = person.pixels.copy()
    height, width = pixels.shape[:2]
    right, left = (np.array(eye) * (width, height) for eye in _framed(_models()[0], person).eyes)
    across = left - right
    apart, lean_deg = float(np.hypot(*across)), float(np.degrees(np.arctan2(across[1], across[0])))
    rim, line = (round(apart * 0.44), round(apart * 0.33)), max(3, round(apart / 16))
    for eye in (right, left):
        middle = (round(eye[0]), round(eye[1]))
        cv2.ellipse(pixels, middle, rim, lean_deg, 0, 360, (30, 25, 25), line, cv2.LINE_AA)
        glint = [(middle[0] - rim[0] // 2, middle[1] - rim[1] // 2), (middle[0], middle[1] - rim[1] * 2 // 3)]
        cv2.line(pixels, glint[0], glint[1], (250,) * 3, 2)
    bridge = [tuple(np.rint(right + across * share).astype(int).tolist()) for share in (0.44, 0.56)]
    cv2.line(pixels, bridge[0], bridge[1], (30, 25, 25), 3, cv2.LINE_AA)
    return CutOut(pixels, person.alpha, person.face)


@cache
def _models() -> tuple[Faces, Landmarks]:
    return Faces(files.load(files.MODELS_DIR, files.FACES)), Landmarks(files.load(files.MODELS_DIR, files.LANDMARKS))


def turned(person: CutOut, yaw_deg: float) -> CutOut:
    """The face turned to its own left by `yaw_deg`, as a mask of triangles between landmarks; the hair stays.

    The points come from the landmark model itself: so a turned head tells how the rules take a turn, and little about
    how well the model measures one.
    """
    faces, landmarks = _models()
    points = landmarks.mesh(person.pixels, _framed(faces, person))
    turn, middle = np.radians(yaw_deg), points.mean(axis=0)
    middle[2] += np.ptp(points[:, 0]) * 0.35  # heads turn about their middle, not about the face
    x, y, z = (points - middle).T
    placed = np.stack((x * np.cos(turn) - z * np.sin(turn), y), axis=1) + middle[:2]
    depth = x * np.sin(turn) + z * np.cos(turn)
    pixels = person.pixels.copy()
    triangles = sorted(_triangles(points[:, :2]), key=lambda three: -depth[list(three)].mean())
    for three in triangles:
        _lay_triangle(person.pixels, pixels, points[list(three), :2], placed[list(three)])
    return CutOut(pixels, person.alpha, person.face)


def _framed(faces: Faces, person: CutOut) -> Face:
    """The face as the face model frames it; where it finds none in the cut-out, as it was marked by hand."""
    if found := faces.find(person.pixels):
        return found[0]
    (height, width), (left, top, side) = person.pixels.shape[:2], person.face
    box = FaceBox((left + side * 0.1) / width, top / height, side * 0.8 / width, side * 1.05 / height, 1.0)
    eyes = [((left + side * share) / width, (top + side * 0.4) / height) for share in (0.32, 0.68)]
    return Face(box, (eyes[0], eyes[1]))


def _triangles(points: npt.NDArray[np.float64]) -> list[tuple[int, int, int]]:
    left, top = np.floor(points.min(axis=0)) - 2
    right, bottom = np.ceil(points.max(axis=0)) + 2
    mesh = cv2.Subdiv2D((int(left), int(top), int(right - left), int(bottom - top)))
    numbers = {}
    for number, (x, y) in enumerate(points.astype(np.float32)):
        mesh.insert((float(x), float(y)))
        numbers[float(x), float(y)] = number
    corners = [[numbers.get((float(t[i]), float(t[i + 1]))) for i in (0, 2, 4)] for t in mesh.getTriangleList()]
    return [(a, b, c) for a, b, c in corners if a is not None and b is not None and c is not None]


def _lay_triangle(source: Image, out: Image, before: np.ndarray, after: np.ndarray) -> None:
    """One triangle of the face at its new place; what turned away from the camera is left out."""
    (ax, ay), (bx, by) = before[1] - before[0], before[2] - before[0]
    (cx, cy), (dx, dy) = after[1] - after[0], after[2] - after[0]
    if (ax * by - ay * bx) * (cx * dy - cy * dx) <= 0:
        return
    left, top = np.floor(after.min(axis=0)).astype(int)
    right, bottom = np.ceil(after.max(axis=0)).astype(int) + 1
    if left < 0 or top < 0 or right > out.shape[1] or bottom > out.shape[0]:
        return
    matrix = cv2.getAffineTransform(before.astype(np.float32), (after - (left, top)).astype(np.float32))
    size = (int(right - left), int(bottom - top))
    patch = cv2.warpAffine(source, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    mask = np.zeros(size[::-1], np.uint8)
    cv2.fillConvexPoly(mask, np.round(after - (left, top)).astype(np.int32), 1)
    target = out[top:bottom, left:right]
    target[mask > 0] = patch[mask > 0]
