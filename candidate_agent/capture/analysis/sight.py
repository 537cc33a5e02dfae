"""One look at one picture: what the models and plain arithmetic say about it. Asked by the analyst, on its thread."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from candidate_agent.capture.analysis import picture_facts
from candidate_agent.capture.analysis.group import Group, ReadLater
from candidate_agent.capture.analysis.likeness import FaceCompared, Start
from candidate_agent.capture.analysis.models import files
from candidate_agent.capture.analysis.models.faces import Face, Faces
from candidate_agent.capture.analysis.models.landmarks import Landmarks, Look
from candidate_agent.capture.analysis.models.objects import Objects, merged
from candidate_agent.capture.analysis.observations import (
    EyesSeen,
    FaceCover,
    FacesSeen,
    FrozenFor,
    HeadPose,
    ObjectSeen,
    ObjectsSeen,
    Observation,
)
from candidate_agent.capture.shape import Image
from candidate_agent.capture.workers import Emit
from candidate_agent.platforms.ports import Picture

OBJECTS_EVERY_US = 950_000  # about once a second: the whole picture and the person in it in turns
WHOLE = 0.75  # of the picture; a crop around a larger person would show hardly anything larger
SURE = 0.5  # below it the landmarks are of no face, and say nothing about head and eyes


class Sight:
    def __init__(
        self, models_dir: Path, observe: Callable[[Observation], None], emit: Emit, media_time_us: Callable[[int], int],
        face: Start | None = None,
    ) -> None:  # fmt: skip
        """`face`: what the face of the start is kept in, where another one may be looked for."""
        self._observe, self._media_time_us = observe, media_time_us
        self._faces = Group("faces", lambda: Faces(files.load(models_dir, files.FACES)), emit)
        self._landmarks = Group("landmarks", lambda: Landmarks(files.load(models_dir, files.LANDMARKS)), emit)
        self._objects = Group("objects", lambda: Objects(files.load(models_dir, files.OBJECTS)), emit)
        self._compared = FaceCompared(models_dir, face, observe, emit) if face is not None else None
        always = (self._faces, self._landmarks, self._objects)
        self.models: tuple[ReadLater, ...] = always if self._compared is None else (*always, self._compared)
        self._standstill = picture_facts.Standstill()
        self._looked_at: Picture | None = None
        self._objects_us: int | None = None
        self._turns = Turns()

    def forget(self) -> None:
        """The camera is lost, or there is a break."""
        self._looked_at = None
        self._turns = Turns()
        self._standstill.forget()

    def look(self, picture: Picture, now_us: int) -> None:
        if picture is self._looked_at:
            self._again(picture, now_us)
            return
        self._looked_at = picture
        at_us = self._media_time_us(picture.taken_us)
        self._observe(picture_facts.luma(picture.pixels, at_us))
        self._observe(self._standstill.take(picture, at_us))
        self._look_for_faces(picture.pixels, at_us)
        if self._objects_us is None or now_us - self._objects_us >= OBJECTS_EVERY_US:
            self._objects_us = now_us
            self._look_for_objects(picture.pixels, at_us)

    def _again(self, picture: Picture, now_us: int) -> None:
        """The camera gave nothing since the last look: the same picture is still the newest."""
        still_us = self._standstill.since(now_us)
        self._observe(FrozenFor(self._media_time_us(now_us), still_us))

    def _look_for_faces(self, pixels: Image, at_us: int) -> None:
        faces = self._faces.use(lambda model: model.find(pixels, lambda face: self._whole(pixels, face)))
        if faces is None:
            return
        self._observe(FacesSeen(at_us, tuple(face.box for face in faces)))
        look = self._landmarks.use(lambda model: model.look(pixels, faces[0])) if faces else None
        if look is not None:
            self._observe(FaceCover(at_us, look.seen, look.lower))
            self._tell_look(look, at_us)
            if self._compared is not None:
                self._compared.look(pixels, faces[0], look, at_us)

    def _whole(self, pixels: Image, face: Face) -> float:
        look = self._landmarks.use(lambda model: model.look(pixels, face))
        return look.seen if look is not None else 0.0

    def _tell_look(self, look: Look, at_us: int) -> None:
        if look.seen >= SURE:
            self._observe(HeadPose(at_us, *look.head))
            self._observe(EyesSeen(at_us, *look.eyes, look.open_share))

    def _look_for_objects(self, pixels: Image, at_us: int) -> None:
        objects = self._objects.use(lambda model: self._turns.look(model, pixels))
        if objects is not None:
            self._observe(ObjectsSeen(at_us, objects))


class Looks(Protocol):
    """What is asked of the model."""

    def find(self, pixels: Image) -> tuple[ObjectSeen, ...]: ...

    def closer(self, pixels: Image, person: ObjectSeen) -> tuple[ObjectSeen, ...]: ...


class Turns:
    """Whole picture and crop around the largest person by turns, since what somebody holds is small in the whole. What
    the other look saw the last time counts as still there.
    """

    def __init__(self) -> None:
        self._whole: tuple[ObjectSeen, ...] = ()
        self._near: tuple[ObjectSeen, ...] = ()
        self._person: ObjectSeen | None = None  # whom the next look is at; None: the whole picture

    def look(self, model: Looks, pixels: Image) -> tuple[ObjectSeen, ...]:
        if self._person is not None:
            self._near, self._person = model.closer(pixels, self._person), None
            return merged(self._whole, self._near)
        self._whole = model.find(pixels)
        persons = [seen for seen in self._whole if seen.label == "person"]
        largest = max(persons, key=_share, default=None)
        self._person = largest if largest is not None and _share(largest) <= WHOLE else None
        self._near = () if self._person is None else self._near
        return merged(self._whole, self._near)


def _share(seen: ObjectSeen) -> float:
    return seen.width * seen.height
