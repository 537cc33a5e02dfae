"""An honest hour before camera and microphone, and things that happen in it, as observations. Composed by hand.

What is in it is what its author thinks a person does who sits an exam: reads, types with looks at the keyboard, thinks
with a look aside, drinks, scratches the nose, bends for a pen, mutters; detectors that miss and see things; clouds, a
vacuum cleaner, a computer that is busy for a while, a camera that is lost for some seconds, a break. It tests the
rules; how often the models err on real people is measured elsewhere (`make accuracy`).
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from candidate_agent.capture.analysis.observations import (
    EyesSeen,
    FaceBox,
    FaceCover,
    FacesSeen,
    FrozenFor,
    HeadPose,
    Luma,
    ObjectSeen,
    ObjectsSeen,
    Observation,
    SoundLevel,
    SpeechSpan,
)

HOUR_S = 3600
BREAK = (2400.0, 2700.0)
LOST = (1500.0, 1518.0)  # the camera gives nothing
BUSY = (600.0, 1200.0)  # one look in 4 s


@dataclass(frozen=True, slots=True)
class Happening:
    """From `begin` to `end` something is so, in the words of `Scene`."""

    begin: float
    end: float
    what: str


@dataclass(slots=True)
class Scene:
    """What there is to be seen and heard at one moment."""

    faces: int = 1
    person: bool = True
    score: float = 0.93
    yaw: float = 2.0
    pitch: float = -6.0
    seen: float = 0.95
    phone: float = 0.0
    book: float = 0.0
    mean: float = 115.0
    spread: float = 48.0
    frozen_since: float | None = None
    dbfs: float = -52.0
    speaks: bool = False
    marks: set[str] = field(default_factory=set)


def _set(scene: Scene, happening: Happening) -> None:
    match happening.what:
        case "away":
            scene.faces, scene.person = 0, False
        case "bent":  # the head is low, the back is seen
            scene.faces = 0
        case "two":
            scene.faces = 2
        case "hand":
            scene.seen, scene.score = 0.15, 0.8
        case "drinks":
            scene.seen, scene.score = 0.45, 0.72
        case "left" | "right" | "up" | "down":
            scene.yaw += {"left": 32.0, "right": -32.0}.get(happening.what, 0.0)
            scene.pitch += {"up": 27.0, "down": -40.0}.get(happening.what, 0.0)
        case "keyboard":
            scene.pitch -= 21.0
        case "phone":
            scene.phone = 0.58
        case "book":
            scene.book = 0.62
        case "covered":
            scene.mean, scene.spread, scene.faces, scene.person = 6.0, 2.5, 0, False
        case "dark":
            scene.mean, scene.spread, scene.score = 27.0, 17.0, 0.75
        case "cloud":
            scene.mean = 68.0
        case "frozen":
            scene.frozen_since = happening.begin
        case "talks":
            scene.speaks, scene.dbfs = True, -27.0
        case "vacuum":
            scene.dbfs = -25.0
        case "typing":
            scene.dbfs = -41.0


def honest(seed: int = 7) -> list[Happening]:
    chance = random.Random(seed)
    found = [
        Happening(410, 422, "bent"), Happening(1830, 1839, "bent"), Happening(3010, 3028, "bent"),  # a pen, a bag
        Happening(900, 905, "two"), Happening(905.5, 907, "two"),  # somebody looks in
        Happening(1700, 1900, "cloud"), Happening(3300, 3600, "cloud"),
        Happening(2000, 2014, "vacuum"),
        *(Happening(begin, begin + 4, "drinks") for begin in (500, 1100, 1750, 2900, 3500)),
        *(Happening(begin, begin + 6, "hand") for begin in (300, 1250, 3100)),
        *(Happening(begin, begin + 1.4, "talks") for begin in (200, 240, 1000, 1400, 2100, 3200, 3215)),
        Happening(*BREAK, "away"),
    ]  # fmt: skip
    second = 15.0
    while second < HOUR_S - 60:
        typed = chance.uniform(5, 40)
        found.append(Happening(second, second + typed, "typing"))
        for _ in range(int(typed // 6)):
            begin = second + chance.uniform(0, typed)
            found.append(Happening(begin, begin + chance.uniform(0.8, 5.0), "keyboard"))
        second += typed
        if chance.random() < 0.5:  # thinks
            look = chance.choice(("left", "right", "up", "up"))
            found.append(Happening(second, second + chance.choice((1.0, 2.0, 2.0, 3.0, 6.0)), look))
        second += chance.uniform(5, 45)
    return found


def looks(begin: float, end: float) -> Iterator[float]:
    second = begin
    while second < end:
        if not LOST[0] <= second < LOST[1]:
            yield second
        second += 4.0 if BUSY[0] <= second < BUSY[1] else 0.5


def scene_at(second: float, happenings: list[Happening]) -> Scene:
    scene = Scene()
    for happening in happenings:
        if happening.begin <= second < happening.end:
            _set(scene, happening)
            scene.marks.add(happening.what)
    return scene


def seen(second: float, scene: Scene, chance: random.Random) -> Iterator[Observation]:
    """With the noise of detectors: a face in 40 is missed, one in 100 is not there, a phone now and then."""
    at_us = round(second * 1e6)
    faces = scene.faces
    if faces and chance.random() < 0.025:
        faces = 0
    elif chance.random() < 0.01:
        faces += 1
    score = min(0.99, max(0.6, chance.gauss(scene.score, 0.04)))
    boxes = tuple(FaceBox(0.4 - 0.3 * number, 0.2, 0.2, 0.4, score) for number in range(faces))
    yield Luma(at_us, scene.mean + chance.gauss(0, 2), max(0.5, scene.spread + chance.gauss(0, 1)))
    still = scene.frozen_since is not None
    yield FrozenFor(at_us, round((second - scene.frozen_since) * 1e6) if scene.frozen_since is not None else 0)
    if still:
        chance = random.Random(1)  # the same picture, the same answers
    yield FacesSeen(at_us, boxes)
    if boxes:
        yield FaceCover(at_us, min(1.0, max(0.0, chance.gauss(scene.seen, 0.05))))
        yield HeadPose(at_us, chance.gauss(scene.yaw, 2), chance.gauss(scene.pitch, 2), 0.0)
        yield EyesSeen(at_us, chance.gauss(0, 3), chance.gauss(0, 3), 0.05 if chance.random() < 0.06 else 0.9)
    if second % 1 == 0:
        yield ObjectsSeen(at_us, tuple(_things(scene, chance)))


def _things(scene: Scene, chance: random.Random) -> Iterator[ObjectSeen]:
    if scene.person and chance.random() > 0.02:
        yield ObjectSeen("person", chance.uniform(0.5, 0.9), 0.2, 0.1, 0.6, 0.9)
    phone = chance.gauss(scene.phone, 0.05) if scene.phone else (0.5 if chance.random() < 0.004 else 0.0)
    book = chance.gauss(scene.book, 0.05) if scene.book else (0.55 if chance.random() < 0.004 else 0.0)
    for label, score in (("phone", phone), ("book", book)):
        if score >= 0.3:
            yield ObjectSeen(label, min(1.0, score), 0.6, 0.6, 0.1, 0.1)


def heard(happenings: list[Happening], chance: random.Random, end: float) -> Iterator[tuple[float, Observation]]:
    """The level of each second, speech in pieces of up to 3 s, and what is taken for speech once in five minutes."""
    for second in range(1, int(end)):
        scene = scene_at(second - 0.5, happenings)
        yield float(second), SoundLevel(second * 1_000_000, chance.gauss(scene.dbfs, 2.0))
        if chance.random() < 1 / 300:
            yield second + 0.6, SpeechSpan(second * 1_000_000, second * 1_000_000 + 500_000)
    for talk in (one for one in happenings if one.what == "talks"):
        begin = talk.begin
        while begin < talk.end:
            to = min(talk.end, begin + 3)
            yield to + 0.2, SpeechSpan(round(begin * 1e6), round(to * 1e6))
            begin = to


def observed(happenings: list[Happening], seed: int = 7, end: float = HOUR_S) -> list[tuple[float, Observation]]:
    """In the order in which it is told."""
    chance = random.Random(seed)
    made = [
        (second, observation)
        for second in looks(0.5, end)
        for observation in seen(second, scene_at(second, happenings), chance)
    ]
    return sorted([*made, *heard(happenings, chance, end)], key=lambda entry: entry[0])
