"""What composed people do before the camera: sit, read, glance, leave. Pictures half a second apart, for `Watching`."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from bench.accuracy import people, things
from bench.accuracy.people import CutOut, Image, Subject
from bench.accuracy.scenes import HEIGHT, WIDTH, Place, scene
from bench.accuracy.things import Thing

LOOKS_PER_S = 2


@dataclass(frozen=True, slots=True)
class Actor:
    """One person in one room and light. `tone`: of the Monk scale; None: as photographed."""

    subject: Subject
    tone: int | None
    room: str
    light: str
    seed: int
    directory: Path

    def person(self, subject: Subject | None = None) -> CutOut:
        cut = people.cut_out(subject or self.subject, self.directory)
        return cut if self.tone is None else people.relit(cut, self.tone)

    def shot(self, *who: tuple[CutOut, Place], seed: int = 0) -> Image:
        return scene(self.room, who, self.light, self.seed * 100_000 + seed, self.directory)

    def sits(self, seconds: float) -> Iterator[Image]:
        """Still, but nobody is quite still."""
        person = self.person()
        for step, place in enumerate(_sway(seconds, self.seed)):
            yield self.shot((person, place), seed=step)

    def holds(self, seconds: float, subject: Subject, face_px: float = 128.0) -> Iterator[Image]:
        """Another takes this one's seat, with something in their hands, which stay in the picture."""
        person = self.person(subject)
        for step, place in enumerate(_sway(seconds, self.seed)):
            yield self.shot(
                (person, replace(place, y=place.y - 0.12, face_px=place.face_px * face_px / 150)), seed=step
            )

    def works(self, seconds: float) -> Iterator[Image]:
        """An honest candidate: reads, looks down at the keys, leans, looks aside for a moment, drinks, looks up."""
        random = np.random.default_rng(self.seed)
        person = self.person()
        aside = {sign: people.turned(person, 28 * sign) for sign in (-1, 1)}
        places = _sway(seconds, self.seed)
        doing, left = "reads", 0
        for step, place in enumerate(places):
            if left == 0:
                doing, left = _next(random)
            left -= 1
            yield self.shot(*_pose(doing, person, aside, place), seed=step)

    def is_away(self, seconds: float) -> Iterator[Image]:
        for step in range(round(seconds * LOOKS_PER_S)):
            yield self.shot(seed=step)

    def has_company(self, seconds: float, other: Subject) -> Iterator[Image]:
        """Somebody else looks in from the side, further back."""
        second = people.cut_out(other, self.directory)
        person = self.person()
        for step, place in enumerate(_sway(seconds, self.seed)):
            yield self.shot((second, Place(0.82, 0.35, 95)), (person, replace(place, x=place.x - 0.08)), seed=step)

    def looks_aside(self, seconds: float, degrees: float) -> Iterator[Image]:
        person = people.turned(self.person(), degrees)
        for step, place in enumerate(_sway(seconds, self.seed)):
            yield self.shot((person, place), seed=step)

    def is_half_hidden(self, seconds: float, cloth: str) -> Iterator[Image]:
        """Cloth over mouth and chin."""
        person = things.covered(self.person(), cloth)
        for step, place in enumerate(_sway(seconds, self.seed)):
            yield self.shot((person, place), seed=step)

    def has_before_them(self, seconds: float, thing: Thing, width_px: int) -> Iterator[Image]:
        """A thing lies or stands before them, at the lower edge of the picture."""
        lay = things.with_thing(thing, self.directory, width_px, 320 - width_px // 2 - 60, 470 - width_px // 2)
        return (lay(picture) for picture in self.sits(seconds))

    def covers_lens(self, seconds: float) -> Iterator[Image]:
        """A sticker over the lens: nearly black, the sensor's noise alone."""
        for step in range(round(seconds * LOOKS_PER_S)):
            noise = np.random.default_rng(step).normal(9, 2, (HEIGHT, WIDTH, 3))
            yield np.clip(noise, 0, 255).astype(np.uint8)

    def freezes(self, seconds: float) -> Iterator[Image]:
        """The same picture to the last byte."""
        picture = self.shot((self.person(), Place()))
        for _ in range(round(seconds * LOOKS_PER_S)):
            yield picture.copy()


def _sway(seconds: float, seed: int) -> list[Place]:
    """Slow and small, as people do."""
    count, random = round(seconds * LOOKS_PER_S), np.random.default_rng(seed + 1)
    drift = [np.cumsum(random.normal(0, 1, count)) for _ in range(3)]
    x, y, tilt = (np.tanh(walk / 12) for walk in drift)
    return [
        Place(0.5 + 0.05 * float(x[i]), 0.42 + 0.03 * float(y[i]), 150 + 12 * float(y[i]), 5 * float(tilt[i]))
        for i in range(count)
    ]


def _next(random: np.random.Generator) -> tuple[str, int]:
    """What comes now, and for how many looks."""
    doings = ("reads", "keys", "left", "right", "leans", "drinks")
    doing = str(random.choice(doings, p=(0.62, 0.16, 0.07, 0.07, 0.05, 0.03)))
    longest = {"reads": 30, "keys": 10, "left": 5, "right": 5, "leans": 6, "drinks": 5}[doing]
    return doing, int(random.integers(2, longest + 1))


def _pose(doing: str, person: CutOut, aside: dict[int, CutOut], place: Place) -> tuple[tuple[CutOut, Place], ...]:
    if doing == "keys":
        return ((person, replace(place, y=place.y + 0.06, face_px=place.face_px * 0.94)),)
    if doing in ("left", "right"):
        return ((aside[1 if doing == "left" else -1], place),)
    if doing == "leans":
        return ((person, replace(place, x=place.x + 0.25, tilt_deg=place.tilt_deg - 12)),)
    if doing == "drinks":
        return ((_with_cup(person), place),)
    return ((person, place),)


def _with_cup(person: CutOut) -> CutOut:
    left, top, width = person.face
    pixels = person.pixels.copy()
    first, last = (left + width * 3 // 10, top + width * 7 // 10), (left + width * 7 // 10, top + width * 12 // 10)
    cv2.rectangle(pixels, first, last, (200, 205, 210), -1)
    return CutOut(pixels, person.alpha, person.face)
