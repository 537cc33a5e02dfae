"""The pipeline on scripted devices: sizes, clocks, faults, profiles, its end."""

import threading
from itertools import pairwise

import numpy as np
import pytest

from candidate_agent.base.clock import SystemClock
from candidate_agent.base.errors import StorageError
from candidate_agent.capture.events import CameraBack, CameraLost, CaptureEvent, CaptureFailed, ScreenLost
from candidate_agent.capture.pipeline import Pipeline
from candidate_agent.capture.sound import BLOCK
from candidate_agent.capture.sources import CameraSource
from exam_protocol.records import Media, Track
from tests.candidate_agent.capture.studio import (
    CAMERA,
    DISPLAY,
    MICROPHONE,
    Image,
    ScriptedDevice,
    ScriptedMicrophone,
    Shelf,
    decode_video,
    until,
)
from tests.rig.camera import draw_code, read_code


def counting(width: int = 320, height: int = 240, channels: int = 3) -> ScriptedDevice:
    """Numbered pictures, 50 a second."""

    def make(number: int) -> Image:
        pixels = np.full((height, width, channels), 128, np.uint8)
        draw_code(pixels[:, :, :3], number)
        return pixels

    return ScriptedDevice(make, per_s=50)


def still(width: int = 640, height: int = 400) -> ScriptedDevice:
    return ScriptedDevice(lambda number: np.full((height, width, 4), 90, np.uint8))


class Stage:
    def __init__(self, screen: ScriptedDevice, camera: ScriptedDevice, sink: Shelf | None = None) -> None:
        self.events: list[CaptureEvent] = []
        self.shelf = sink or Shelf()
        self.camera = CameraSource(camera, CAMERA)
        self.pipeline = Pipeline(
            screen=screen, display=DISPLAY, camera=self.camera, microphone=(ScriptedMicrophone(), MICROPHONE),
            sink=self.shelf, profile="standard", emit=self.events.append, clock=SystemClock(),
        )  # fmt: skip

    def __enter__(self) -> "Stage":
        self.camera.start()
        self.pipeline.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.pipeline.stop()
        self.camera.stop()

    def wait(self, track: Track, count: int) -> None:
        until(lambda: len(self.shelf.of(track)) >= count)

    def codes(self, track: Track) -> list[int | None]:
        return [read_code(picture) for picture in decode_video([kept.media.data for kept in self.shelf.of(track)])]


def test_every_track_of_the_standard_profile_is_recorded_and_no_thread_is_left() -> None:
    with Stage(counting(640, 400, 4), counting()) as stage:
        for track in (Track.SCREEN, Track.WEBCAM, Track.SCREEN_SMALL, Track.WEBCAM_SMALL, Track.AUDIO):
            stage.wait(track, 4)
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("capture")]
    codes = stage.codes(Track.WEBCAM)
    assert None not in codes and codes == sorted(codes, key=lambda code: code or 0)
    assert stage.events == []
    stats = stage.pipeline.stats()
    assert stats["screen_packets"] == len(stage.shelf.of(Track.SCREEN)) and stats["refused"] == 0


def test_a_still_screen_gives_one_key_frame_and_then_nothing() -> None:
    with Stage(still(), counting()) as stage:
        stage.wait(Track.WEBCAM, 15)
    assert [kept.key_frame for kept in stage.shelf.of(Track.SCREEN)] == [True]
    assert stage.pipeline.stats()["screen_still"] >= 4


def test_a_key_frame_of_a_still_screen_comes_when_it_is_asked_for() -> None:
    with Stage(still(), counting()) as stage:
        stage.wait(Track.SCREEN, 1)
        asked_us = SystemClock().monotonic_us()
        stage.pipeline.key_frame(Track.SCREEN)
        stage.wait(Track.SCREEN, 2)
    assert stage.shelf.of(Track.SCREEN)[1].key_frame
    assert stage.shelf.of(Track.SCREEN)[1].taken_us - asked_us < 1_000_000


def test_odd_sizes_are_recorded_without_their_last_row_and_column() -> None:
    with Stage(counting(641, 401, 4), counting(323, 243)) as stage:
        stage.wait(Track.SCREEN, 3)
        stage.wait(Track.WEBCAM, 3)
    assert (stage.shelf.of(Track.SCREEN)[0].media.width, stage.shelf.of(Track.SCREEN)[0].media.height) == (640, 400)
    assert None not in stage.codes(Track.SCREEN) + stage.codes(Track.WEBCAM)


def test_another_size_in_the_middle_starts_with_a_key_frame() -> None:
    def make(number: int) -> Image:
        pixels = np.full((200, 320) if number < 3 else (240, 400), 128, np.uint8)[:, :, None].repeat(4, axis=2)
        draw_code(pixels[:, :, :3], number)
        return pixels

    with Stage(ScriptedDevice(make), counting()) as stage:
        until(lambda: any(kept.media.width == 400 for kept in stage.shelf.of(Track.SCREEN)))
    kept = stage.shelf.of(Track.SCREEN)
    assert next(item for item in kept if item.media.width == 400).key_frame
    larger = decode_video([item.media.data for item in kept if item.media.width == 400])
    assert larger[0].shape == (240, 400, 3) and read_code(larger[0]) is not None


def test_a_camera_whose_clock_jumps_back_is_recorded_with_times_that_rise() -> None:
    device = counting()
    device._shift_us = lambda number: -3_000_000 if 20 <= number < 40 else 0
    with Stage(still(), device) as stage:
        stage.wait(Track.WEBCAM, 20)
    times = [kept.taken_us for kept in stage.shelf.of(Track.WEBCAM)]
    assert all(late > early for early, late in pairwise(times))
    assert None not in stage.codes(Track.WEBCAM)


def test_a_camera_that_goes_and_comes_is_told_while_the_rest_goes_on() -> None:
    device = counting()
    with Stage(counting(640, 400, 4), device) as stage:
        stage.wait(Track.WEBCAM, 3)
        device.present = False
        until(lambda: CameraLost() in stage.events)
        screens = len(stage.shelf.of(Track.SCREEN))
        stage.wait(Track.SCREEN, screens + 3)
        device.present = True
        until(lambda: CameraBack() in stage.events)
        pictures = len(stage.shelf.of(Track.WEBCAM))
        stage.wait(Track.WEBCAM, pictures + 3)
    assert stage.events == [CameraLost(), CameraBack()]


def test_without_a_screen_the_rest_is_recorded() -> None:
    device = still()
    device.present = False
    with Stage(device, counting()) as stage:
        stage.wait(Track.WEBCAM, 5)
    assert stage.events == [ScreenLost()] and stage.shelf.of(Track.SCREEN) == []


def test_another_profile_holds_from_the_next_picture_on() -> None:
    with Stage(counting(640, 400, 4), counting()) as stage:
        stage.wait(Track.WEBCAM_SMALL, 2)
        stage.pipeline.set_profile("store")
        until(lambda: sum(item.key_frame for item in stage.shelf.of(Track.WEBCAM)) > 1)
        small = len(stage.shelf.of(Track.WEBCAM_SMALL))
        pictures = len(stage.shelf.of(Track.WEBCAM))
        stage.wait(Track.WEBCAM, pictures + 2)
    assert len(stage.shelf.of(Track.WEBCAM_SMALL)) == small


class FullDisk(Shelf):
    """Refuses for a while, as a full disk does."""

    full = True

    def media(self, track: int, media: Media, *, key_frame: bool, taken_us: int) -> None:
        if self.full:
            raise StorageError("disk_full", "The disk is full.")
        super().media(track, media, key_frame=key_frame, taken_us=taken_us)


def test_a_sink_that_refuses_is_told_once_and_recording_goes_on_when_it_takes_again() -> None:
    sink = FullDisk()
    with Stage(counting(640, 400, 4), counting(), sink) as stage:
        until(lambda: stage.pipeline.stats()["refused"] > 5)
        sink.full = False
        stage.wait(Track.WEBCAM, 3)
    assert stage.events == [CaptureFailed("capture-writer", "disk_full: The disk is full.")]


class Surprising(Shelf):
    broken = True

    def media(self, track: int, media: Media, *, key_frame: bool, taken_us: int) -> None:
        if self.broken:
            raise RuntimeError("what nobody expected")
        super().media(track, media, key_frame=key_frame, taken_us=taken_us)


def test_a_surprise_in_the_sink_is_told_and_neither_ends_the_recording_nor_keeps_it_from_ending() -> None:
    sink = Surprising()
    with Stage(counting(640, 400, 4), counting(), sink) as stage:
        until(lambda: stage.pipeline.stats()["refused"] > 5)
        sink.broken = False
        stage.wait(Track.WEBCAM, 3)
    assert stage.events == [CaptureFailed("capture-writer", "RuntimeError")]


def test_stopping_twice_or_without_a_start_is_harmless() -> None:
    stage = Stage(still(), counting())
    stage.pipeline.stop()
    with stage:
        stage.wait(Track.AUDIO, 1)
    stage.pipeline.stop()


def test_an_unknown_profile_is_refused() -> None:
    with Stage(still(), counting()) as stage, pytest.raises(KeyError):
        stage.pipeline.set_profile("finest")


def test_whoever_listens_to_the_sound_hears_what_is_recorded() -> None:
    heard: list[int] = []
    camera = CameraSource(still(), CAMERA)
    pipeline = Pipeline(
        screen=still(), display=DISPLAY, camera=camera, microphone=(ScriptedMicrophone(), MICROPHONE), sink=Shelf(),
        profile="standard", emit=lambda event: None, clock=SystemClock(),
        tap=lambda samples, taken_us: heard.append(samples.size),
    )  # fmt: skip
    pipeline.start()
    until(lambda: len(heard) > 3)
    pipeline.stop()
    assert BLOCK in heard
