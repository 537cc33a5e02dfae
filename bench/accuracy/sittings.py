"""Honest time and planted events, through the agent's own way from pictures and sound to flags.

Bars: at most two medium flags in an honest hour, no phone in ten minutes, four of five planted events found.
"""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from bench.accuracy import sounds
from bench.accuracy.acting import Actor
from bench.accuracy.people import SUBJECTS, WITH_PHONE
from bench.accuracy.rows import Row
from bench.accuracy.watching import Watching
from exam_protocol.catalogue import FLAGS, WEIGHT, Severity
from exam_protocol.records import FlagEntry

HONEST_S = 450.0  # of each of the eight: an hour together
TONES = (None, 2, 4, 6, 8, 9, 5, 10)
HONEST_ROOMS = ("plain", "shelf", "window", "kitchen", "garage", "plain", "shelf", "kitchen")
HONEST_LIGHTS = ("normal", "dim", "normal", "bright", "normal", "normal", "from the side", "dim")
MEDIUM_AN_HOUR, FOUND_BAR = 2, 0.8


def honest(directory: Path) -> list[Row]:
    """An hour of eight people who do what people do. About four minutes on a quiet machine."""
    rows, medium, told = [], 0, Counter[str]()
    for place, subject in enumerate(SUBJECTS):
        actor = Actor(subject, TONES[place], HONEST_ROOMS[place], HONEST_LIGHTS[place], place, directory)
        watching = Watching()
        watching.look_at_all(actor.works(HONEST_S))
        flags = [flag for flag in watching.end() if _weighs(flag)]
        medium += len(flags)
        told.update(flag.code for flag in flags)
        group = f"{subject.name}, tone {TONES[place] or 'as photographed'}, {HONEST_LIGHTS[place]}"
        rows.append(Row("medium flags of honest time, each 7.5 minutes", group, len(flags), 1))
    hours = len(SUBJECTS) * HONEST_S / 3600
    rows.append(Row("medium flags in an honest hour", "all eight together", medium, round(hours), MEDIUM_AN_HOUR, True))
    rows.append(Row("phones in an honest hour", "all eight together", told["PHONE_VISIBLE"], 1, 0.0, at_most=True))
    return rows


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
    actors = tuple(
        Actor(SUBJECTS[who], tone, room, "normal", 50 + who, directory)
        for who, tone, room in ((0, None, "plain"), (1, 8, "shelf"), (5, 5, "kitchen"), (6, 10, "window"))
    )
    rows = []
    for code, play in _EVENTS.items():
        found = 0
        for actor in actors:
            watching = Watching()
            play(watching, actor)
            found += any(flag.code == code for flag in watching.end())
        rows.append(Row("planted events found", code, found, len(actors)))
    found, of = (sum(row.found for row in rows), sum(row.of for row in rows))
    return [*rows, Row("planted events found", "all", found, of, FOUND_BAR)]


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


def _hidden(watching: Watching, actor: Actor) -> None:
    _seats(watching, actor)
    watching.look_at_all(actor.is_half_hidden(15))


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
    "FACE_ABSENT": _absent, "SEAT_LEFT": _left, "FACE_MULTIPLE": _company, "FACE_COVERED": _hidden,
    "CAMERA_COVERED": _covered, "CAMERA_FROZEN": _frozen, "PHONE_VISIBLE": _phone, "GAZE_AWAY_PATTERN": _aside,
    "VOICE_NEAR": _talks, "NOISE_HIGH": _noisy,
}  # fmt: skip


def _weighs(flag: FlagEntry) -> bool:
    severity = Severity(flag.severity) if flag.severity else FLAGS[flag.code].severity
    return WEIGHT[severity] >= WEIGHT[Severity.MEDIUM]
