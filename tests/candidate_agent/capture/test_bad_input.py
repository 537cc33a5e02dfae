"""Devices that give what nobody asked for: too slow, too large, too small, broken, moving all the time."""

from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from candidate_agent.base.clock import SystemClock
from candidate_agent.capture.events import EncoderBehind, EncoderOverloaded, EncoderRecovered
from candidate_agent.capture.rate import QUICK_PRESET, Pace
from candidate_agent.platforms.portable.camera import OpenCvStream
from exam_protocol.records import Track
from tests.candidate_agent.capture.studio import Image, ScriptedDevice, decode_video
from tests.candidate_agent.capture.test_pipeline import Stage, counting, still
from tests.rig.camera import draw_code

OF_LOAD = EncoderBehind | EncoderRecovered | EncoderOverloaded  # what a busy machine makes any encoder say


def test_every_picture_of_a_camera_that_gives_three_a_second_is_recorded() -> None:
    device = counting()
    device._per_s = 3
    with Stage(still(), device) as stage:
        stage.wait(Track.WEBCAM, 6)
    codes = stage.codes(Track.WEBCAM)
    assert codes[0] is not None and codes == list(range(codes[0], codes[0] + len(codes)))
    assert stage.pipeline.stats()["camera_dropped"] == 0


@pytest.mark.slow
def test_a_display_of_eight_thousand_pixels_is_recorded_in_the_profiles_box_and_kept_small_in_memory() -> None:
    pixels = np.full((4320, 7680, 4), 90, np.uint8)
    pixels[:2160, :, 2] = 200
    with Stage(ScriptedDevice(lambda number: pixels), counting()) as stage:
        stage.wait(Track.SCREEN, 1)
        stage.wait(Track.SCREEN_SMALL, 1)
        kept = stage.pipeline.screen_source().latest()
        assert kept is not None and kept.pixels.nbytes == 1920 * 1080 * 4
    [shown] = decode_video([stage.shelf.of(Track.SCREEN)[0].media.data])
    assert shown.shape == (1080, 1920, 3)
    assert abs(int(shown[100, 100, 2]) - 200) < 6 and abs(int(shown[1000, 100, 2]) - 90) < 6


def test_a_display_of_800_by_600_is_recorded_as_it_is() -> None:
    with Stage(counting(800, 600, 4), counting()) as stage:
        stage.wait(Track.SCREEN, 2)
    media = stage.shelf.of(Track.SCREEN)[0].media
    assert (media.width, media.height) == (800, 600) and None not in stage.codes(Track.SCREEN)


def test_sizes_that_change_with_every_picture_are_all_recorded() -> None:
    def make(number: int) -> Image:
        pixels = np.full((201 + 2 * (number % 3), 321 + 2 * (number % 2), 3), 128, np.uint8)
        draw_code(pixels, number)
        return pixels

    with Stage(still(), ScriptedDevice(make, per_s=20)) as stage:
        stage.wait(Track.WEBCAM, 6)
    kept = stage.shelf.of(Track.WEBCAM)
    assert all(item.key_frame for item in kept)
    assert all(item.media.width % 2 == 0 and item.media.height % 2 == 0 for item in kept)
    assert [event for event in stage.events if not isinstance(event, OF_LOAD)] == []


class CutShort:
    """A capture of OpenCV whose device sends JPEG pictures, of which some end in the middle."""

    def __init__(self) -> None:
        whole = cv2.imencode(".jpg", np.full((240, 320, 3), 128, np.uint8))[1]
        self.jpegs = [whole, whole[: len(whole) // 3], whole[:20], whole[:0]]

    def get(self, _which: int) -> float:
        return 0

    def grab(self) -> bool:
        return bool(self.jpegs)

    def retrieve(self, _into: Image) -> tuple[bool, Image | None]:
        data = self.jpegs.pop(0)
        pixels = cv2.imdecode(data, cv2.IMREAD_COLOR) if data.size else None
        return pixels is not None, None if pixels is None else pixels.astype(np.uint8)

    def release(self) -> None: ...


def test_a_picture_that_ends_in_the_middle_is_none_and_no_fault() -> None:
    stream = OpenCvStream(CutShort(), 1000, SystemClock())  # type: ignore[arg-type]
    first = stream.read()
    assert first is not None and first.pixels.shape == (240, 320, 3)
    rest = [stream.read() for _ in range(3)]
    assert all(picture is None or picture.pixels.shape == (240, 320, 3) for picture in rest) and rest[-1] is None


def test_a_camera_that_does_not_say_its_size_is_read_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "film.avi"
    film = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 5, (64, 48))
    film.write(np.full((48, 64, 3), 150, np.uint8))
    film.release()
    stream = OpenCvStream(cv2.VideoCapture(str(path)), 1000, SystemClock())
    stream.width = stream.height = 0
    picture = stream.read()
    stream.close()
    assert picture is not None and picture.pixels.shape == (48, 64, 3) and abs(picture.pixels.mean() - 150) < 5


def test_a_full_screen_video_makes_the_encoder_hurry_before_anything_is_lost() -> None:
    noise = np.random.default_rng(3).integers(0, 255, (720, 1280, 4), np.uint8)
    device = ScriptedDevice(lambda number: np.roll(noise, 31 * number, axis=1), per_s=1000)
    with Stage(device, counting()) as stage:
        stage.wait(Track.SCREEN, 12)
        stats = stage.pipeline.stats()
    assert stats["screen_in"] >= 12 and "screen_dropped" in stats
    hurried = any(isinstance(event, EncoderBehind) and event.track == Track.SCREEN for event in stage.events)
    assert hurried or stats["screen_dropped"] == 0


def test_a_lane_that_is_late_with_the_quickest_preset_says_so_every_ten_seconds_and_stops_when_it_keeps_up() -> None:
    pace, now_us = Pace(5), 0
    said = []
    for second in range(25):
        for _ in range(5):
            now_us += 200_000
            pace.after(now_us, 250_000, 1)
        if pace.overloaded(now_us):
            said.append(second)
    assert pace.preset == QUICK_PRESET and [late - early for early, late in pairwise(said)] == [10]
    for _ in range(60):
        now_us += 200_000
        pace.after(now_us, 10_000, 0)
    assert not pace.overloaded(now_us)
