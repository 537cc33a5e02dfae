"""Bad devices on the real way in: OpenCV's V4L2, mss on an X server, PulseAudio. All at once, in two recordings: what
one of them does must not harm the others, either.
"""

import base64
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from exam_protocol.records import Track
from tests.candidate_agent.capture.studio import decode_sound, loudest_hz, until, x_server
from tests.candidate_agent.capture.test_pipeline_real import Recording
from tests.rig.camera import CameraRig, read_code
from tests.rig.microphone import MicrophoneRig

pytestmark = [pytest.mark.real, pytest.mark.slow]


def broken(number: int, whole: bytes) -> bytes:
    """Of six pictures one ends in the middle, one in its head, one is empty, one is noise behind a beginning."""
    parts = {1: whole[: len(whole) // 3], 2: whole[:20], 4: b"", 5: whole[:2] + bytes(200)}
    return parts.get(number % 6, whole)


def recorded(directory: Path, camera: CameraRig, rate: int, size: tuple[int, int]) -> Recording:
    """Until there are nine pictures of the camera, a tone of 440 Hz in the sound, and the screen."""
    camera.build()
    microphone = MicrophoneRig(directory, rate)
    with x_server(*size) as display_name:
        microphone.start()
        child = Recording({"DISPLAY": display_name, **camera.environment(), **microphone.environment()})
        try:
            microphone.play_tone(440, seconds=60)
            until(lambda: len(child.packets(Track.WEBCAM)) >= 9 and bool(child.packets(Track.SCREEN)), 60)
            until(lambda: abs(tone_hz(child) - 440) < 5, 60)
            child.end()
        finally:
            child.kill()
            microphone.stop()
    return child


def tone_hz(child: Recording) -> float:
    """Of the last second that was recorded; 0: silence."""
    packets = child.packets(Track.AUDIO)[-18:]
    if len(packets) < 18:
        return 0.0
    sound = decode_sound([base64.b64decode(packet["data"]) for packet in packets])[-40_000:]
    return loudest_hz(sound) if np.abs(sound).max() > 0.02 else 0.0


def rises(child: Recording, track: Track) -> bool:
    times = [packet["us"] for packet in child.packets(track)]
    return times == sorted(set(times))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recording]:
    """A camera of 641x479 that sends three JPEG pictures a second, most of them broken, with time stamps that go
    backwards; a microphone at 192 kHz; a display of 800x600."""
    directory = tmp_path_factory.mktemp("small")
    camera = CameraRig(directory, width=641, height=479, per_s=3, count=90, jpeg=broken, backwards=True)
    yield recorded(directory, camera, 192_000, (800, 600))


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recording]:
    """A display of 7680x4320, a camera of 176x144, a microphone at 8 kHz."""
    directory = tmp_path_factory.mktemp("large")
    yield recorded(directory, CameraRig(directory, width=176, height=144), 8_000, (7680, 4320))


def test_broken_pictures_of_a_slow_camera_are_left_out_and_the_others_recorded_without_a_word(small: Recording) -> None:
    packets = small.packets(Track.WEBCAM)
    assert {(packet["width"], packet["height"]) for packet in packets} == {(640, 478)}
    codes = [read_code(picture, 16, 447, 16) for picture in small.pictures(Track.WEBCAM)]
    whole = [code for code in codes if code is not None]
    assert len(whole) >= 4 and whole == sorted(whole) and not {code % 6 for code in whole} - {0, 1, 3}
    assert not {"CameraLost", "CaptureFailed"} & set(small.events())


def test_device_times_that_go_backwards_are_not_believed(small: Recording) -> None:
    assert all(rises(small, track) for track in (Track.WEBCAM, Track.WEBCAM_SMALL, Track.AUDIO))


def test_a_display_of_800_by_600_is_recorded_as_it_is(small: Recording) -> None:
    assert small.pictures(Track.SCREEN)[0].shape[:2] == (600, 800)


def test_a_microphone_at_192_kilohertz_keeps_its_pitch_without_a_hole(small: Recording) -> None:
    steps = {late - early for early, late in zip(times(small), times(small)[1:], strict=False)}
    assert steps == {60_000} and "SoundLost" not in small.events()


def times(child: Recording) -> list[int]:
    return [packet["us"] for packet in child.packets(Track.AUDIO)]


def test_a_display_of_8k_is_recorded_in_the_profiles_box(large: Recording) -> None:
    assert large.pictures(Track.SCREEN)[0].shape[:2] == (1080, 1920)
    assert large.pictures(Track.SCREEN_SMALL)[0].shape[:2] == (270, 480)
    assert "ScreenLost" not in large.events()


def test_a_small_camera_is_not_scaled_up_and_a_microphone_at_8_kilohertz_is_heard(large: Recording) -> None:
    assert large.pictures(Track.WEBCAM)[0].shape[:2] == (144, 176)
    assert rises(large, Track.AUDIO) and "SoundLost" not in large.events()


def test_what_was_lost_inside_the_program_is_counted_also_with_devices_like_these(
    small: Recording, large: Recording
) -> None:
    for child in (small, large):
        stats = child.said[-1]["stats"]
        assert {"screen_dropped", "camera_dropped", "sound_dropped"} <= set(stats) and stats["refused"] == 0
