"""Honest time and planted events, through the agent's own way from pictures and sound to flags.

Bars: at most two medium flags in an honest hour, no phone in ten minutes, four of five planted events found.
"""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import cv2

from bench.accuracy import sounds
from bench.accuracy.acting import Actor
from bench.accuracy.people import SUBJECTS, WITH_PHONE, Image
from bench.accuracy.rows import Row
from bench.accuracy.things import BOOK, CLOTHS, LAPTOP
from bench.accuracy.watching import Watching
from candidate_agent.capture.analysis.observations import ObjectsSeen
from candidate_agent.capture.analysis.rules.objects import PHONE_SCORE
from exam_protocol.catalogue import FLAGS, WEIGHT, Severity
from exam_protocol.records import FlagEntry

HONEST_S = 180.0  # of each of the twenty
HONEST_ROOMS = ("plain", "shelf", "window", "kitchen", "garage", "bricks")
HONEST_LIGHTS = ("normal", "dim", "normal", "bright", "from the side", "backlit", "dark")
HONEST_PEOPLE = (0, 1, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 22, 23, 24)  # places in SUBJECTS
TONES = (None, 2, 4, 6, 8, 9, 5, 10, 1, 7, 3)
MEDIUM_AN_HOUR, COVERED_AN_HOUR, FOUND_BAR = 2, 1, 0.8
WORKERS = 2


@dataclass(frozen=True, slots=True)
class Honest:
    """What came of one person's honest time."""

    name: str
    tone: int | None
    light: str
    codes: tuple[tuple[str, bool], ...]  # with whether it weighs medium or more


def honest(directory: Path) -> list[Row]:
    """An hour of twenty people who do what people do. About four minutes on a quiet machine with two cores."""
    with ProcessPoolExecutor(WORKERS, get_context("spawn")) as pool:
        sat = list(pool.map(partial(_sat, directory), range(len(HONEST_PEOPLE))))
    rows = [*_by("by light", sat, lambda one: one.light), *_by("by tone", sat, lambda one: _tone(one.tone))]
    rows += _by("by person", sat, lambda one: one.name)
    hours, all_codes = len(sat) * HONEST_S / 3600, [each for one in sat for each in one.codes]
    table = f"flags of an honest hour, all {len(sat)} together"
    for group, counted, bar in (
        ("medium or more", sum(weighs for _, weighs in all_codes), MEDIUM_AN_HOUR),
        ("PHONE_VISIBLE", sum(code == "PHONE_VISIBLE" for code, _ in all_codes), 0),
        ("FACE_COVERED", sum(code == "FACE_COVERED" for code, _ in all_codes), COVERED_AN_HOUR),
        ("BOOK_VISIBLE", sum(code == "BOOK_VISIBLE" for code, _ in all_codes), None),
        ("all, the low ones too", len(all_codes), None),
    ):
        rows.append(Row(table, group, round(counted / hours, 1), 1, bar, at_most=True, people=len(sat)))
    return rows


def _sat(directory: Path, place: int) -> Honest:
    cv2.setNumThreads(1)
    subject, tone = SUBJECTS[HONEST_PEOPLE[place]], TONES[place % len(TONES)]
    light = HONEST_LIGHTS[place % len(HONEST_LIGHTS)]
    actor = Actor(subject, tone, HONEST_ROOMS[place % len(HONEST_ROOMS)], light, place, directory)
    watching = Watching()
    watching.look_at_all(actor.works(HONEST_S))
    return Honest(subject.name, tone, light, tuple((flag.code, _weighs(flag)) for flag in watching.end()))


def _by(how: str, sat: list[Honest], group: Callable[[Honest], str]) -> list[Row]:
    """Medium flags an hour of each group; the codes beside it, low ones too."""
    rows = []
    for name in dict.fromkeys(group(one) for one in sat):
        those = [one for one in sat if group(one) == name]
        codes = [each for one in those for each in one.codes]
        told = ", ".join(f"{count} {code}" for code, count in sorted(Counter(code for code, _ in codes).items()))
        an_hour = sum(weighs for _, weighs in codes) / (len(those) * HONEST_S / 3600)
        label = f"{name} ({told})" if told else name
        rows.append(Row(f"medium flags of an honest hour, {how}", label, round(an_hour, 1), 1, people=len(those)))
    return rows


def _tone(tone: int | None) -> str:
    return "as photographed" if tone is None else f"tone {tone}"


def quiet_sound() -> list[Row]:
    """Ten minutes of typing, noise and short words."""
    watching = Watching()
    for turn in range(5):
        watching.hear(sounds.keys(70, turn))
        watching.hear(sounds.noise(48, -40.0, turn))
    flags = [flag for flag in watching.end() if flag.code == "VOICE_NEAR"]
    return [Row("speech told of ten quiet minutes", "keys and noise", len(flags), 1, 0.0, at_most=True)]


Play = Callable[[Watching, Actor], None]


def planted(directory: Path) -> list[Row]:
    """Each event played by four people, each after a minute of honest sitting where the rule needs one."""
    plays = [(event, who) for event in _EVENTS for who in range(len(_ACTORS))]
    with ProcessPoolExecutor(WORKERS, get_context("spawn")) as pool:
        told = dict(zip(plays, pool.map(partial(_played, directory), plays), strict=True))
    people = len(_ACTORS)
    rows: list[Row] = []
    for event in _EVENTS:
        found = sum(_code(event) in told[event, who] for who in range(people))
        rows.append(Row("planted events found (recall)", event, found, people, people=people))
    found, of = sum(row.found for row in rows), sum(row.of for row in rows)
    rows.append(Row("planted events found (recall)", "all", found, of, FOUND_BAR, people=people))
    return [*rows, *_precision(told), *_things(directory)]


def _code(event: str) -> str:
    return event.partition(",")[0]


def _precision(told: dict[tuple[str, int], list[str]]) -> list[Row]:
    """Of the flags of each code in all plays, those that were planted or follow from what was."""
    rows = []
    for code in sorted({code for codes in told.values() for code in codes}):
        right = [_code(event) == code or code in _FOLLOWS.get(_code(event), ()) for (event, _), codes in told.items()
                 for each in codes if each == code]  # fmt: skip
        rows.append(Row("flags of the plays that were planted (precision)", code, sum(right), len(right)))
    return rows


def _played(directory: Path, play: tuple[str, int]) -> list[str]:
    cv2.setNumThreads(1)
    event, who = play
    watching = Watching()
    _EVENTS[event](watching, _actor(who, directory))
    return [flag.code for flag in watching.end()]


_ACTORS = ((0, None, "plain"), (1, 8, "shelf"), (5, 5, "kitchen"), (6, 10, "window"))
_FOLLOWS = {
    "FACE_ABSENT": ("SEAT_LEFT",), "SEAT_LEFT": ("FACE_ABSENT",), "CAMERA_COVERED": ("CAMERA_DARK", "FACE_ABSENT"),
}  # fmt: skip


def _actor(who: int, directory: Path) -> Actor:
    number, tone, room = _ACTORS[who]
    return Actor(SUBJECTS[number], tone, room, "normal", 50 + number, directory)


SINGLE_LOOKS = "things seen in single looks"
THING_PX, PHONE_FACES_PX = (140, 200, 280), (80, 105, 130, 155, 180)


def _things(directory: Path) -> list[Row]:
    """Whether the object model sees what is there, by kind and size, in single looks; nobody is told of a laptop."""
    rows: list[Row] = []
    watching = Watching()
    for thing in (BOOK, LAPTOP):
        for px in THING_PX:
            looks = [_labels(watching, picture) for who in range(len(_ACTORS))
                     for picture in _actor(who, directory).has_before_them(1, thing, px)]  # fmt: skip
            group = f"{thing.name}, {px} of 640 pixels wide"
            rows.append(Row(SINGLE_LOOKS, group, sum(thing.name in each for each in looks), len(looks)))
    for px in PHONE_FACES_PX:
        looks = [_labels(watching, picture) for who in range(len(_ACTORS))
                 for picture in _actor(who, directory).holds(1, WITH_PHONE, px)]  # fmt: skip
        group = f"phone in a hand, its holder's face {px} of 640 pixels wide"
        rows.append(Row(SINGLE_LOOKS, group, sum("phone" in each for each in looks), len(looks)))
    return rows


def _labels(watching: Watching, picture: Image) -> set[str]:
    """Things are looked for in every second look, in the whole picture and around the person by turns."""
    labels: set[str] = set()
    for _ in range(4):
        watching.look(picture.copy())
        for seen in watching.observations:
            if isinstance(seen, ObjectsSeen):
                labels = {one.label for one in seen.objects if one.score >= PHONE_SCORE}
    return labels


def _seats(watching: Watching, actor: Actor, seconds: float = 5.0) -> None:
    watching.look_at_all(actor.sits(seconds))


def _absent(watching: Watching, actor: Actor) -> None:
    _seats(watching, actor)
    watching.look_at_all(actor.is_away(20))
    _seats(watching, actor)


def _left(watching: Watching, actor: Actor) -> None:
    _seats(watching, actor)
    watching.look_at_all(actor.is_away(40))


def _company(watching: Watching, actor: Actor) -> None:
    _seats(watching, actor)
    watching.look_at_all(actor.has_company(7, SUBJECTS[4]))


def _hidden(cloth: str, watching: Watching, actor: Actor) -> None:
    _seats(watching, actor, 8)
    watching.look_at_all(actor.is_half_hidden(13, cloth))


def _reads(watching: Watching, actor: Actor) -> None:
    """The one photograph with a book in two hands, which are laid before the others."""
    watching.look_at_all(actor.has_before_them(9, BOOK, 280))


def _company_further(watching: Watching, actor: Actor) -> None:
    _seats(watching, actor)
    watching.look_at_all(actor.has_company(7, SUBJECTS[9]))


def _covered(watching: Watching, actor: Actor) -> None:
    _seats(watching, actor)
    watching.look_at_all(actor.covers_lens(9))


def _frozen(watching: Watching, actor: Actor) -> None:
    _seats(watching, actor)
    watching.look_at_all(actor.freezes(16))


def _phone(watching: Watching, actor: Actor) -> None:
    """The one picture with a phone in a hand that could be had: she takes the others' place in their rooms."""
    watching.look_at_all(actor.holds(9, WITH_PHONE))


def _aside(watching: Watching, actor: Actor) -> None:
    _seats(watching, actor, 75)
    for _ in range(6):
        watching.look_at_all(actor.looks_aside(6, 40))
        _seats(watching, actor, 15)


def _talks(watching: Watching, actor: Actor) -> None:
    watching.hear(sounds.prompts(actor.directory, 12))


def _noisy(watching: Watching, actor: Actor) -> None:
    watching.hear(sounds.noise(40, -20.0, actor.seed))


_EVENTS: dict[str, Play] = {
    "FACE_ABSENT": _absent, "SEAT_LEFT": _left, "FACE_MULTIPLE": _company,
    "FACE_MULTIPLE, another person": _company_further,
    **{f"FACE_COVERED, {cloth}": partial(_hidden, cloth) for cloth in CLOTHS},
    "CAMERA_COVERED": _covered, "CAMERA_FROZEN": _frozen, "PHONE_VISIBLE": _phone, "BOOK_VISIBLE": _reads,
    "GAZE_AWAY_PATTERN": _aside,
    "VOICE_NEAR": _talks, "NOISE_HIGH": _noisy,
}  # fmt: skip


def _weighs(flag: FlagEntry) -> bool:
    severity = Severity(flag.severity) if flag.severity else FLAGS[flag.code].severity
    return WEIGHT[severity] >= WEIGHT[Severity.MEDIUM]
