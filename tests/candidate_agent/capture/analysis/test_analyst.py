"""The analyst takes the newest picture and the sound as it comes, and whatever breaks in it, breaks nothing else."""

import gc
import shutil
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from candidate_agent.base.clock import Clock, ManualClock, SystemClock
from candidate_agent.base.errors import DeviceError
from candidate_agent.capture.analysis import sight
from candidate_agent.capture.analysis.analyst import QUEUE_BLOCKS, Analyst
from candidate_agent.capture.analysis.models import files
from candidate_agent.capture.analysis.observations import (
    EyesSeen,
    FaceCover,
    FacesSeen,
    FrozenFor,
    HeadPose,
    Luma,
    ObjectsSeen,
    Observation,
    SoundLevel,
)
from candidate_agent.capture.events import CaptureEvent, EncoderBehind, EncoderRecovered, FindingsStopped
from candidate_agent.platforms.ports import Closer, Picture
from exam_protocol.records import Track
from tests.candidate_agent.capture.analysis.drawn import face
from tests.candidate_agent.capture.analysis.models.models_at_hand import needs_models
from tests.candidate_agent.capture.studio import Image, tone, until

GROUPS = {"faces", "objects", "speech"}  # landmarks are not asked where no face was found


class Camera:
    """Gives a new picture of `pixels` each time, or the one it has `frozen`."""

    trouble: DeviceError | None = None

    def __init__(self, pixels: Image | None) -> None:
        self.pixels = pixels
        self.asked = 0

    def latest(self) -> Picture | None:
        self.asked += 1
        return None if self.pixels is None else Picture(self.pixels.copy(), SystemClock().monotonic_us())

    def subscribe(self, reader: object) -> Closer:
        raise AssertionError("the newest picture is enough: nothing is to be queued")


class Desk:
    def __init__(
        self,
        models_dir: Path,
        camera: Camera,
        observe: Callable[[Observation], None] | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.seen: list[Observation] = []
        self.events: list[CaptureEvent] = []
        self.camera = camera
        self.clock = clock or SystemClock()
        self.analyst = Analyst(camera, models_dir, self.clock, observe or self.seen.append, self.events.append)

    def of(self, kind: type) -> list[Observation]:
        return [each for each in self.seen if isinstance(each, kind)]

    def stopped(self) -> list[str]:
        return [event.group for event in self.events if isinstance(event, FindingsStopped)]

    def say(self, seconds: int = 1) -> None:
        now_us = self.clock.monotonic_us()
        for number in range(seconds * 20):
            self.analyst.hear(tone(440, 2_400, position=number * 2_400), now_us + number * 50_000)

    def turns(self, count: int, seconds: float = 0.5) -> None:
        """What the thread does, by a clock that is moved by hand."""
        assert isinstance(self.clock, ManualClock)
        for _ in range(count):
            self.clock.advance(seconds)
            self.analyst._turn()


@contextmanager
def running(models_dir: Path, camera: Camera, **more: Callable[[Observation], None]) -> Iterator[Desk]:
    desk = Desk(models_dir, camera, **more)
    desk.analyst.start()
    try:
        yield desk
    finally:
        desk.analyst.stop()


def test_without_models_each_group_is_told_once_and_what_needs_none_goes_on(tmp_path: Path) -> None:
    with running(tmp_path, Camera(face())) as desk:
        until(lambda: len(desk.of(Luma)) >= 3)
        desk.say(2)
        until(lambda: len(desk.of(SoundLevel)) >= 2)
    assert sorted(desk.stopped()) == sorted(GROUPS)
    reasons = [event.reason for event in desk.events if isinstance(event, FindingsStopped)]
    assert all("is not there" in reason for reason in reasons)
    assert {type(each) for each in desk.seen} == {Luma, FrozenFor, SoundLevel}


@needs_models
def test_a_damaged_model_ends_its_group_alone(tmp_path: Path) -> None:
    models_dir = Path(shutil.copytree(files.MODELS_DIR, tmp_path / "models"))
    damaged = bytearray((models_dir / files.OBJECTS.name).read_bytes())
    damaged[1000] ^= 1
    (models_dir / files.OBJECTS.name).write_bytes(bytes(damaged))
    with running(models_dir, Camera(face())) as desk:
        until(lambda: len(desk.of(EyesSeen)) >= 2)
    assert desk.stopped() == ["objects"]
    assert desk.of(ObjectsSeen) == []


@needs_models
def test_all_that_is_looked_for_comes_out_with_the_time_the_picture_was_taken() -> None:
    before_us = SystemClock().monotonic_us()
    with running(files.MODELS_DIR, Camera(face())) as desk:
        until(lambda: len(desk.of(ObjectsSeen)) >= 2)
    assert desk.events == []
    assert {type(each) for each in desk.seen} == {
        Luma, FrozenFor, FacesSeen, FaceCover, HeadPose, EyesSeen, ObjectsSeen,
    }  # fmt: skip
    assert all(before_us <= each.at_us <= SystemClock().monotonic_us() for each in desk.of(FacesSeen))
    assert [len(each.faces) for each in desk.of(FacesSeen)] == [1] * len(desk.of(FacesSeen))


def test_a_model_that_raises_ends_its_group_and_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    class Broken:
        def __init__(self, model: bytes) -> None: ...

        def find(self, pixels: Image, whole: object) -> None:
            asked.append(1)
            raise RuntimeError("never told to anybody: it may hold anything")

    monkeypatch.setattr(sight, "Faces", Broken)
    monkeypatch.setattr(files, "load", lambda models_dir, model: b"")
    with running(files.MODELS_DIR, Camera(face())) as desk:
        until(lambda: len(desk.of(Luma)) >= 3)
    assert len(asked) == 1
    told = next(event for event in desk.events if isinstance(event, FindingsStopped) and event.group == "faces")
    assert "RuntimeError" in told.reason and "anything" not in told.reason


def test_whoever_listens_and_breaks_ends_the_search_and_not_the_program(tmp_path: Path) -> None:
    def broken(observation: Observation) -> None:
        raise ValueError

    with running(tmp_path, Camera(face()), observe=broken) as desk:
        until(lambda: "all" in desk.stopped())


def test_in_a_break_nothing_is_looked_at_or_heard_and_afterwards_it_is(tmp_path: Path) -> None:
    clock = ManualClock()
    desk = Desk(tmp_path, Camera(face()), clock=clock)
    desk.turns(2)
    looked = desk.camera.asked
    assert looked == 2
    desk.analyst.rest()
    desk.say(3)
    desk.turns(10)
    assert desk.camera.asked == looked and desk.of(SoundLevel) == []
    desk.analyst.resume()
    desk.turns(2)
    desk.say(1)
    desk.turns(2)
    assert desk.camera.asked == looked + 4 and len(desk.of(SoundLevel)) == 1


def test_two_pictures_a_second_are_looked_at_and_the_newest_each_time(tmp_path: Path) -> None:
    desk = Desk(tmp_path, Camera(face()), clock=ManualClock())
    desk.turns(100, seconds=0.1)
    assert 18 <= desk.camera.asked <= 21


def test_a_lost_camera_is_no_observation_and_it_goes_on_when_it_is_back(tmp_path: Path) -> None:
    camera = Camera(None)
    with running(tmp_path, camera) as desk:
        until(lambda: camera.asked >= 2)
        assert desk.seen == []
        camera.pixels = np.full((480, 640, 3), 77, np.uint8)
        until(lambda: len(desk.of(Luma)) >= 1)


def test_a_camera_that_hangs_is_frozen_and_looked_at_once(tmp_path: Path) -> None:
    camera = Camera(face())
    hanging = camera.latest()
    camera.latest = lambda: hanging  # type: ignore[method-assign]
    with running(tmp_path, camera) as desk:
        until(lambda: len(desk.of(FrozenFor)) >= 3)
    assert len(desk.of(Luma)) == 1
    frozen = [each.for_us for each in desk.of(FrozenFor) if isinstance(each, FrozenFor)]
    assert frozen == sorted(frozen) and frozen[-1] > 500_000


def test_sound_that_nobody_takes_is_bounded(tmp_path: Path) -> None:
    desk = Desk(tmp_path, Camera(None))
    desk.say(20)
    assert desk.analyst.stats()["findings_sound_dropped"] == 20 * 20 - QUEUE_BLOCKS
    desk.analyst.stop()


@needs_models
def test_models_are_told_when_they_were_read_and_gone_when_the_search_ends() -> None:
    reads: list[str] = []
    seen: list[Observation] = []
    analyst = Analyst(
        Camera(face()), files.MODELS_DIR, SystemClock(), seen.append, lambda _: None,
        read=lambda: reads.append(threading.current_thread().name),
    )  # fmt: skip
    gc.disable()  # of a break each: they must not wait for the next collection
    try:
        analyst.start()
        until(lambda: len([each for each in seen if isinstance(each, EyesSeen)]) >= 3)
        models = [weakref.ref(group._model) for group in (analyst._sight._faces, analyst._sight._landmarks)]
        assert all(model() is not None for model in models)
        analyst.stop()
        assert [model() for model in models] == [None, None]
    finally:
        gc.enable()
        analyst.stop()
    assert set(reads) == {"capture-analyst"}
    assert len(reads) <= 2, "not again and again"


def test_encoders_that_are_behind_come_first(tmp_path: Path) -> None:
    with running(tmp_path, Camera(face())) as desk:
        desk.analyst.note(EncoderBehind(Track.SCREEN, "superfast"))
        desk.analyst.note(EncoderBehind(Track.WEBCAM, "superfast"))
        desk.analyst.note(EncoderRecovered(Track.SCREEN))
        until(lambda: desk.analyst.per_s < 2)


def test_the_thread_lowers_itself_first_and_can_be_stopped_before_it_was_started(tmp_path: Path) -> None:
    called: list[str] = []
    analyst = Analyst(
        Camera(None), tmp_path, SystemClock(), lambda _: None, lambda _: None,
        settle=lambda: called.append(threading.current_thread().name),
    )  # fmt: skip
    analyst.stop()
    assert called == []
    again = Analyst(
        Camera(None), tmp_path, SystemClock(), lambda _: None, lambda _: None,
        settle=lambda: called.append(threading.current_thread().name),
    )  # fmt: skip
    again.start()
    until(lambda: called == ["capture-analyst"])
    again.stop()
    again.stop()
