"""FACE_CHANGED, which is opt-in: how often another face is found, and how often the same one is taken for another.

Faces, landmarks, network, comparison and rule as the agent has them: looks a second apart at the start, four after it.
Each picture is described once and then played in many sittings.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from bench.accuracy import people
from bench.accuracy.people import SUBJECTS, CutOut, Image, Subject
from bench.accuracy.rows import Row
from bench.accuracy.scenes import ROOMS, Place, scene
from candidate_agent.capture.analysis.likeness import Likenesses, is_seen_well
from candidate_agent.capture.analysis.models import files
from candidate_agent.capture.analysis.models.face_numbers import FaceNumbers
from candidate_agent.capture.analysis.models.faces import Faces
from candidate_agent.capture.analysis.models.landmarks import Landmarks
from candidate_agent.capture.analysis.observations import FaceLikeness
from candidate_agent.capture.analysis.rules.findings import Findings
from candidate_agent.capture.analysis.rules.likeness import FACE_TRIALS, Trials

FOUND, WRONG = "another face (opt-in), found", "another face (opt-in), said of the same person"
CROWD_NAME = "people of group photographs"
CODES = frozenset({"FACE_CHANGED"})
START_LOOKS, CHANGED_LOOKS, CROWD_LOOKS = 8, 8, 24
ALL_LOOKS = START_LOOKS + CHANGED_LOOKS
CROWD = tuple((f"sample{number}.jpg", count) for number, count in enumerate((3, 3, 3, 4, 5, 4), 1))
ONE_MAN = tuple(subject for subject in SUBJECTS if subject.name.startswith("president"))
ONE_EACH = tuple(subject for subject in SUBJECTS if subject not in ONE_MAN[1:])
TONES = {"as photographed": None, "1 to 3": 2, "8 to 10": 9}
LIGHTS = ("normal", "dim", "bright", "from the side", "backlit", "dark")

Frames = Callable[[int], Image]
Described = list[npt.NDArray[np.float32]]


class Describing:
    """Pictures to numbers; one on which no face is seen well enough has none."""

    def __init__(self) -> None:
        data = {model: files.load(files.MODELS_DIR, model) for model in files.ALL}
        self.faces, self._landmarks = Faces(data[files.FACES]), Landmarks(data[files.LANDMARKS])
        self._numbers = FaceNumbers(data[files.FACE_NUMBERS])

    def of(self, pictures: Iterable[Image]) -> Described:
        found = []
        for picture in pictures:
            faces = self.faces.find(picture)
            if faces and is_seen_well(picture, faces[0], self._landmarks.look(picture, faces[0])):
                found.append(self._numbers.of(picture, faces[0]))
        return found


def played(before: Described, after: Described) -> tuple[bool, list[float]]:
    """Whether a flag came, and the likenesses."""
    start = Likenesses(CODES).face
    assert start is not None
    findings, now_us, told, likenesses = Findings(opt_in=CODES), 0, False, []
    for seconds, numbers in [(1, each) for each in before] + [(4, each) for each in after]:
        now_us += seconds * 1_000_000
        likeness = start.likeness(numbers)
        if likeness is not None:
            likenesses.append(likeness)
            told = bool(findings.take(FaceLikeness(now_us, likeness), now_us)) or told
    return told, likenesses


def composed(person: CutOut, directory: Path, seed: int, light: str = "normal") -> Frames:
    """Somebody who moves a little, in a room of their own."""

    def frame(number: int) -> Image:
        random = np.random.default_rng(seed * 10_007 + number)
        across, down = random.uniform(-0.06, 0.06, 2)
        size, tilt = float(random.uniform(120, 170)), float(random.uniform(-8, 8))
        place = Place(0.5 + across, 0.42 + down / 2, size, tilt)
        return scene(ROOMS[seed % len(ROOMS)], ((person, place),), light, number, directory)

    return frame


def crowd(describing: Describing, directory: Path) -> Iterator[list[Described]]:
    """The people of each group photograph, cut out with what is around, as large as at a camera; those who look aside
    are left out, as the comparison leaves them out. In two photographs there may be one and the same person."""
    for name, count in CROWD:
        picture = cv2.imread(str(directory / name))
        assert picture is not None, f"{name} was fetched"
        pixels = picture.astype(np.uint8)
        height, width = pixels.shape[:2]
        boxes = [face.box for face in describing.faces.find(pixels)[:count]]
        middles = [((box.left + box.width / 2) * width, (box.top + box.height / 2) * height) for box in boxes]
        frames = [_around(pixels, middle, box.width * width) for middle, box in zip(middles, boxes, strict=True)]
        shown = [describing.of(frame(number) for number in range(CROWD_LOOKS)) for frame in frames]
        yield [described for described in shown if len(described) > ALL_LOOKS]


def _around(picture: Image, middle: tuple[float, float], face_px: float) -> Frames:
    def frame(number: int) -> Image:
        random = np.random.default_rng(number)
        scale = 130 / face_px * float(random.uniform(0.9, 1.15))
        matrix = cv2.getRotationMatrix2D(middle, float(random.uniform(-8, 8)), scale)
        matrix[:, 2] = matrix[:, 2] + np.array((120, 130)) - middle + random.uniform(-6, 6, 2)
        cut = cv2.warpAffine(picture, matrix, (240, 260), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
        lit = cut * float(random.uniform(0.7, 1.2)) + random.normal(0, 3, cut.shape)
        return np.clip(lit, 0, 255).astype(np.uint8)

    return frame


def measure(directory: Path) -> list[Row]:
    """About three minutes on a quiet machine."""
    describing = Describing()
    groups = list(crowd(describing, directory))
    shown = {
        number: _some(describing, composed(people.cut_out(each, directory), directory, number), ALL_LOOKS)
        for number, each in enumerate(ONE_EACH)
    }
    facing = {number: described for number, described in shown.items() if len(described) == ALL_LOOKS}
    compared = Row(
        FOUND, "people in composed rooms who look at the camera: others are not compared", len(facing), len(shown)
    )
    found = _changes(list(facing.values()), groups)
    wrong = [*_other_light(describing, facing, directory), *_same(describing, groups, directory)]
    return [compared, *found, *wrong, *said(trials(found, wrong), FACE_TRIALS, FOUND)]


def trials(found: list[Row], wrong: list[Row]) -> Trials:
    """All groups together."""
    found_of, wrong_of = (sum(row.of for row in rows) for rows in (found, wrong))
    return Trials(sum(row.found for row in found), found_of, sum(row.found for row in wrong), wrong_of)


def said(measured: Trials, in_the_flag: Trials, table: str) -> list[Row]:
    """The flag says in its own words how well it works: a row that misses its bar where that is out of date."""
    same = int(measured == in_the_flag)
    return [Row(table, f"the flag says what was measured here ({measured.words('changes')})", same, 1, 1.0)]


def _changes(facing: list[Described], groups: list[list[Described]]) -> list[Row]:
    """Each person is followed by each other one of the same group, so that it is another one for sure."""
    rows = []
    for name, together in {f"{len(facing)} of these": [facing], CROWD_NAME: groups}.items():
        told = [each for group in together for each in _each_by_each(group)]
        rows.append(Row(FOUND, f"{name}, each by each other", sum(told), len(told)))
    return rows


def _each_by_each(group: list[Described]) -> list[bool]:
    pairs = [(a, b) for a in range(len(group)) for b in range(len(group)) if a != b]
    return [played(group[a][:START_LOOKS], group[b][START_LOOKS:])[0] for a, b in pairs]


def _some(describing: Describing, frames: Frames, count: int) -> Described:
    return describing.of(frames(number) for number in range(count))


def _other_light(describing: Describing, facing: Iterable[int], directory: Path) -> list[Row]:
    rows = []
    for label, tone in TONES.items():
        told = [_through_all(describing, ONE_EACH[number], tone, directory, number) for number in facing]
        rows.append(Row(WRONG, f"skin tone {label}: in other light, with glasses, turned", sum(told), len(told)))
    return rows


def _through_all(describing: Describing, subject: Subject, tone: int | None, directory: Path, seed: int) -> bool:
    """A minute and a half: each light in turn, in each as they are, with glasses, turned to both sides."""
    person = people.cut_out(subject, directory)
    person = person if tone is None else people.relit(person, tone)
    shapes = (person, people.with_glasses(person), people.turned(person, 20), people.turned(person, -20))
    later = [composed(shape, directory, seed, light)(7 + at) for light in LIGHTS for at, shape in enumerate(shapes)]
    start = _some(describing, composed(person, directory, seed), START_LOOKS)
    return played(start, describing.of(later))[0]


def _same(describing: Describing, groups: list[list[Described]], directory: Path) -> list[Row]:
    each = [_some(describing, composed(people.cut_out(one, directory), directory, 3), START_LOOKS) for one in ONE_MAN]
    told = [played(first, other)[0] for first in each for other in each if other is not first]
    still = [played(one[:START_LOOKS], one[START_LOOKS:])[0] for group in groups for one in group]
    return [
        Row(WRONG, "one man, started with another photograph of him", sum(told), len(told)),
        Row(WRONG, f"{CROWD_NAME}, the same one", sum(still), len(still)),
    ]
