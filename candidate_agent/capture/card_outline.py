"""Where a card or a passport page lies in a picture: four corners, or nothing. Pure; called by `card_judge`.

Straight pieces of edges are joined to long lines; two across and two down make a frame. The frame whose four sides are
covered best by pieces, and do not run on past the corners, is the card, if its sides are in the proportion of one. A
finger over a corner or a side therefore does not hide it.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]
Facts = npt.NDArray[np.bool_]

WIDTH_PX = 320  # the picture is looked at in this width
ASPECTS = (1.586, 1.42)  # ID-1 card, passport page
ASPECT_LEAST, ASPECT_MOST = 1.2, 1.82  # held a little askew
WIDTH_LEAST = 0.16  # of the picture: smaller things are not looked for
COVERED_MEAN, COVERED_LEAST = 0.7, 0.45  # of the four sides, and of the worst one
FILLED_LEAST = 7  # of twelve fields inside: a card has letters and a picture nearly everywhere, a wall has none
EACH_LEAST = 5  # and of these, fields with edges of the rarer direction
_FIELDS = (4, 3)
_FIELD_EDGES = 0.03  # share of edge pixels in a field that is filled
_LINES = 13  # of each direction
_STEEP = 45.0  # degrees: flatter ones go across
_SAMPLES = 24
_PARALLEL = 0.996  # cosine of five degrees
_NEAR_PX = 2.5


@dataclass(frozen=True, slots=True)
class Outline:
    """Corners in pixels of the picture that was given: top left, top right, bottom right, bottom left."""

    corners: Floats  # 4 x 2
    covered: float  # mean of the four sides, 0..1


def find(colour: Grey) -> Outline | None:
    """`colour`: a camera picture of any size, BGR. About twenty milliseconds."""
    scale = WIDTH_PX / colour.shape[1]
    height = round(colour.shape[0] * scale)
    if height < 32:
        return None
    small = np.asarray(cv2.resize(colour, (WIDTH_PX, height), interpolation=cv2.INTER_AREA), np.uint8)
    grey = _even_contrast(np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8))
    found = _find(grey, _hue(small))
    return Outline(found.corners / scale, found.covered) if found else None


def _even_contrast(small: Grey) -> Grey:
    """Dark and pale pictures stretched to the whole range, so that edges are edges in any light."""
    low, high = np.percentile(small, (1, 99))
    if high - low < 8:
        return np.zeros_like(small)
    stretched = (small.astype(np.float32) - low) * (255 / (high - low))
    return np.asarray(np.clip(stretched, 0, 255), np.uint8)


def _hue(small: Grey) -> Grey:
    """How much redder than blue: a border between two colours of one brightness shows here."""
    blue, red = small[:, :, 0].astype(np.int16), small[:, :, 2].astype(np.int16)
    return np.asarray(np.clip(128 + red - blue, 0, 255), np.uint8)


def _find(small: Grey, hue: Grey) -> Outline | None:
    pieces = np.concatenate([_pieces(small), _pieces(hue)])
    across, down = _halves(pieces)
    if len(across) < 2 or len(down) < 2:
        return None
    across_map, down_map = _drawn(across, small.shape), _drawn(down, small.shape)
    quads = _quads(_lines(across), _lines(down), small.shape)
    if not len(quads):
        return None
    covered = _covered(quads, across_map, down_map)
    good = (covered.mean(axis=1) >= COVERED_MEAN) & (covered.min(axis=1) >= COVERED_LEAST)
    quads, covered = quads[good], covered[good]
    if not len(quads):
        return None
    runs_on = _runs_on(quads, across_map, down_map)
    size = np.sqrt(_areas(quads) / small.size)
    order = np.argsort(-(covered.mean(axis=1) - 0.6 * runs_on + 0.5 * size - 0.8 * _odd(quads)))
    edges = _edges(small)
    for at in order[:8]:
        if _filled(quads[at], edges):
            return Outline(quads[at], float(covered[at].mean()))
    return None


# --- lines ------------------------------------------------------------------------------------------------------------


def _pieces(small: Grey) -> Floats:
    """Straight pieces of edges, longest first: x1, y1, x2, y2."""
    found = cv2.createLineSegmentDetector(cv2.LSD_REFINE_STD).detect(small)[0]
    if found is None:
        return np.zeros((0, 4))
    pieces = np.asarray(found, np.float64).reshape(-1, 4)
    length = np.hypot(pieces[:, 2] - pieces[:, 0], pieces[:, 3] - pieces[:, 1])
    order = np.argsort(-length)
    return pieces[order][length[order] >= WIDTH_PX * 0.02][:120]


def _halves(pieces: Floats) -> tuple[Floats, Floats]:
    """Those that go across, from left to right, and those that go down, from top to bottom."""
    slope = np.degrees(np.arctan2(pieces[:, 3] - pieces[:, 1], pieces[:, 2] - pieces[:, 0])) % 180
    flat = (slope <= _STEEP) | (slope >= 180 - _STEEP)
    across, down = pieces[flat], pieces[~flat]
    across[across[:, 0] > across[:, 2]] = across[across[:, 0] > across[:, 2]][:, [2, 3, 0, 1]]
    down[down[:, 1] > down[:, 3]] = down[down[:, 1] > down[:, 3]][:, [2, 3, 0, 1]]
    return across, down


def _lines(pieces: Floats) -> Floats:
    """Pieces that lie on one line, joined; the longest lines, each as a x + b y = c with a*a + b*b = 1."""
    found: list[tuple[Floats, list[Floats], list[float]]] = []  # line of the longest piece, pieces, their lengths
    for piece in pieces:
        line, length = _line(piece)
        for known, parts, lengths in found:
            parallel = abs(line[0] * known[0] + line[1] * known[1]) > _PARALLEL
            off = known[0] * piece[0::2] + known[1] * piece[1::2] - known[2]
            if parallel and abs(off[0]) < _NEAR_PX and abs(off[1]) < _NEAR_PX:
                parts.append(piece)
                lengths.append(length)
                break
        else:
            found.append((line, [piece], [length]))
    found.sort(key=lambda entry: -sum(entry[2]))
    return np.array([_through(parts, lengths) for _, parts, lengths in found[:_LINES]]).reshape(-1, 3)


def _line(piece: Floats) -> tuple[Floats, float]:
    x, y = piece[2] - piece[0], piece[3] - piece[1]
    length = float(np.hypot(x, y))
    a, b = -y / length, x / length
    return np.array([a, b, a * piece[0] + b * piece[1]]), length


def _through(parts: list[Floats], lengths: list[float]) -> Floats:
    """The line that fits all ends best; long pieces count more."""
    ends, weights = np.array(parts).reshape(-1, 2), np.repeat(lengths, 2)
    middle = np.average(ends, axis=0, weights=weights)
    spread = np.linalg.eigh(np.cov((ends - middle).T, aweights=weights, ddof=0))[1][:, 0]
    return np.array([spread[0], spread[1], float(spread @ middle)])


def _drawn(pieces: Floats, shape: tuple[int, ...]) -> Grey:
    drawn = np.zeros(shape[:2], np.uint8)
    ends = np.rint(pieces.reshape(-1, 2, 2)).astype(np.int32)
    cv2.polylines(drawn, list(ends), False, 1, thickness=5)
    return drawn


# --- frames -----------------------------------------------------------------------------------------------------------


def _quads(across: Floats, down: Floats, shape: tuple[int, ...]) -> Floats:
    """Every frame of two lines across and two down that can be a card: n x 4 x 2."""
    one, other = np.triu_indices(len(across), 1)
    left, right = np.triu_indices(len(down), 1)
    if not len(one) or not len(left):
        return np.zeros((0, 4, 2))
    pairs = np.stack(np.meshgrid(np.arange(len(one)), np.arange(len(left)), indexing="ij"), -1).reshape(-1, 2)
    lines = (across[one[pairs[:, 0]]], across[other[pairs[:, 0]]], down[left[pairs[:, 1]]], down[right[pairs[:, 1]]])
    crossings = [_crossing(lines[a], lines[d]) for a, d in ((0, 2), (0, 3), (1, 3), (1, 2))]
    return _cards(_in_order(np.stack(crossings, axis=1)), shape)


def _crossing(one: Floats, other: Floats) -> Floats:
    ground = one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]
    ground = np.where(np.abs(ground) < 1e-6, 1e-6, ground)
    x = (one[:, 2] * other[:, 1] - one[:, 1] * other[:, 2]) / ground
    y = (one[:, 0] * other[:, 2] - one[:, 2] * other[:, 0]) / ground
    return np.stack([x, y], axis=1)


def _in_order(quads: Floats) -> Floats:
    """Top left first, then clockwise. The crossings already go round; they may begin elsewhere or run backwards."""
    top = quads[:, :2].mean(axis=1)[:, 1] > quads[:, 2:].mean(axis=1)[:, 1]
    quads[top] = quads[top][:, [3, 2, 1, 0]]
    mirrored = quads[:, [0, 3]].mean(axis=1)[:, 0] > quads[:, [1, 2]].mean(axis=1)[:, 0]
    quads[mirrored] = quads[mirrored][:, [1, 0, 3, 2]]
    return quads


def sides(quads: Floats) -> Floats:
    """Lengths of top, right, bottom, left: n x 4."""
    steps = np.roll(quads, -1, axis=1) - quads
    return np.hypot(steps[..., 0], steps[..., 1])


def _areas(quads: Floats) -> Floats:
    x, y = quads[..., 0], quads[..., 1]
    return np.asarray(np.abs((x * np.roll(y, -1, 1) - y * np.roll(x, -1, 1)).sum(axis=1)) / 2)


def _cards(quads: Floats, shape: tuple[int, ...]) -> Floats:
    height, width = shape[:2]
    x, y = quads[..., 0], quads[..., 1]
    inside = ((x > -4) & (x < width + 4) & (y > -4) & (y < height + 4)).all(axis=1)
    quads = quads[inside]
    top, right, bottom, left = sides(quads).T
    wide, high = (top + bottom) / 2, np.maximum(1e-6, (left + right) / 2)
    aspect = wide / high
    shaped = (aspect > ASPECT_LEAST) & (aspect < ASPECT_MOST) & (wide > WIDTH_LEAST * width)
    even = _even(top, bottom) & _even(left, right)
    return np.asarray(quads[shaped & even & _square(quads)])


def _even(one: Floats, other: Floats) -> Facts:
    return np.asarray(np.minimum(one, other) > 0.6 * np.maximum(one, other))


def _square(quads: Floats) -> Facts:
    """Corners between 60 and 120 degrees."""
    after, before = np.roll(quads, -1, axis=1) - quads, np.roll(quads, 1, axis=1) - quads
    dot = (after * before).sum(axis=2)
    length = np.hypot(after[..., 0], after[..., 1]) * np.hypot(before[..., 0], before[..., 1])
    return np.asarray((np.abs(dot) < 0.5 * np.maximum(length, 1e-6)).all(axis=1))


# --- how well a frame is covered --------------------------------------------------------------------------------------


def _covered(quads: Floats, across_map: Grey, down_map: Grey) -> Floats:
    """Share of each side that lies on pieces of its own direction: n x 4. Rounded corners are left out."""
    return np.asarray(_along(quads, np.linspace(0.07, 0.93, _SAMPLES), across_map, down_map).mean(axis=2))


def _runs_on(quads: Floats, across_map: Grey, down_map: Grey) -> Floats:
    """How much two sides go on past the corners together, where that is worst: they then belong to something larger,
    as those of a card under its header do. 0..1 for each frame."""
    before = _along(quads, np.linspace(-0.2, -0.05, 6), across_map, down_map).mean(axis=2)
    after = _along(quads, np.linspace(1.05, 1.2, 6), across_map, down_map).mean(axis=2)
    # sides go round: top and bottom pass the right edge with their end and their beginning, and so on
    pairs = [np.minimum(before[:, side], after[:, (side + 2) % 4]) for side in range(4)]
    return np.asarray(np.max(pairs, axis=0))


def _along(quads: Floats, shares: Floats, across_map: Grey, down_map: Grey) -> Floats:
    """What the maps say at these shares of each side: n x 4 x shares; 0 outside the picture."""
    ends = np.roll(quads, -1, axis=1)
    points = quads[:, :, None] + (ends - quads)[:, :, None] * shares[None, None, :, None]
    x, y = np.rint(points[..., 0]).astype(int), np.rint(points[..., 1]).astype(int)
    height, width = across_map.shape
    outside = (x < 0) | (y < 0) | (x >= width) | (y >= height)
    x, y = np.clip(x, 0, width - 1), np.clip(y, 0, height - 1)
    seen = np.empty(x.shape)
    seen[:, 0::2] = across_map[y[:, 0::2], x[:, 0::2]]
    seen[:, 1::2] = down_map[y[:, 1::2], x[:, 1::2]]
    seen[outside] = 0
    return seen


def _odd(quads: Floats) -> Floats:
    """How far the proportions are from those of a card or a page: 0 is one of them."""
    top, right, bottom, left = sides(quads).T
    aspect = np.log((top + bottom) / np.maximum(1e-6, left + right))
    return np.asarray(np.min([np.abs(aspect - np.log(wanted)) for wanted in ASPECTS], axis=0))


def _filled(quad: Floats, kinds: tuple[Grey, Grey]) -> bool:
    """Whether most of twelve fields well inside the frame have edges, and of both directions, as letters have: the
    backs of books have them in one, an empty frame on a wall has none."""
    middle = quad.mean(axis=0)
    inner = (middle + (quad - middle) * 0.76).astype(np.float32)
    wide, high = 96, 72
    target = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], np.float32)
    turned = cv2.getPerspectiveTransform(inner, target)
    fields = []
    for edges in kinds:
        flat = cv2.warpPerspective(edges, turned, (wide, high))
        fields.append(cv2.resize((flat > 64).astype(np.float32), _FIELDS, interpolation=cv2.INTER_AREA))
    any_edges = int((np.sum(fields, axis=0) > _FIELD_EDGES).sum())
    each = min(int((field > _FIELD_EDGES / 3).sum()) for field in fields)
    return any_edges >= FILLED_LEAST and each >= EACH_LEAST


def _edges(small: Grey) -> tuple[Grey, Grey]:
    """Edges that go across, and those that go down."""
    edges = np.asarray(cv2.Canny(small, 60, 150), np.uint8)
    sideways = np.abs(cv2.Sobel(small, cv2.CV_16S, 1, 0)) > np.abs(cv2.Sobel(small, cv2.CV_16S, 0, 1))
    return np.where(sideways, 0, edges).astype(np.uint8), np.where(sideways, edges, 0).astype(np.uint8)
