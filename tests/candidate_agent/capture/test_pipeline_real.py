"""The pipeline on a real X server, OpenCV's real V4L2 path and a real PulseAudio: what was there is in the packets."""

import base64
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from exam_protocol.records import Track
from tests.candidate_agent.capture.studio import CodeWindow, decode_sound, decode_video, loudest_hz, until, x_server
from tests.rig.camera import CameraRig, read_code
from tests.rig.microphone import MicrophoneRig

pytestmark = pytest.mark.real

REPOSITORY = Path(__file__).parents[3]


class Recording:
    """The child and what it has said so far."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.said: list[dict[str, Any]] = []
        self._child = subprocess.Popen(
            [sys.executable, "-m", "tests.candidate_agent.capture.recording"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY), **environment},
        )  # fmt: skip
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()

    def _listen(self) -> None:
        assert self._child.stdout is not None
        for line in self._child.stdout:
            self.said.append(json.loads(line))

    def order(self, line: str) -> None:
        assert self._child.stdin is not None
        self._child.stdin.write(line + "\n")
        self._child.stdin.flush()

    def end(self) -> None:
        if self._child.poll() is None:
            self.order("stop")
        assert self._child.wait(timeout=30) == 0
        self._listener.join()
        assert self._child.stdin is not None and self._child.stdout is not None
        self._child.stdin.close()
        self._child.stdout.close()

    def kill(self) -> None:
        if self._child.poll() is None:
            self._child.kill()
            self.end_quietly()

    def end_quietly(self) -> None:
        self._child.wait(timeout=30)
        self._listener.join()

    def packets(self, track: Track) -> list[dict[str, Any]]:
        return [said for said in self.said if said["kind"] == "packet" and said["track"] == track]

    def events(self) -> list[str]:
        return [said["name"] for said in self.said if said["kind"] == "event"]

    def pictures(self, track: Track) -> list[Any]:
        return decode_video([base64.b64decode(packet["data"]) for packet in self.packets(track)])


@pytest.fixture(scope="module")
def display_name() -> Iterator[str]:
    with x_server() as name:
        yield name


@pytest.fixture(scope="module")
def camera(tmp_path_factory: pytest.TempPathFactory) -> CameraRig:
    rig = CameraRig(tmp_path_factory.mktemp("camera"))
    rig.build()
    return rig


@pytest.fixture(scope="module")
def microphone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MicrophoneRig]:
    rig = MicrophoneRig(tmp_path_factory.mktemp("sound"))
    rig.start()
    yield rig
    rig.stop()


@pytest.fixture
def recording(display_name: str, camera: CameraRig, microphone: MicrophoneRig) -> Iterator[Recording]:
    child = Recording({"DISPLAY": display_name, **camera.environment(), **microphone.environment()})
    yield child
    camera.plug()
    camera.exchange("")
    child.kill()


@pytest.fixture
def window(display_name: str) -> Iterator[CodeWindow]:
    shown = CodeWindow(display_name)
    shown.show(1)
    yield shown
    shown.close()


def test_what_was_on_the_screen_before_the_camera_and_in_the_room_is_in_the_packets(
    recording: Recording, window: CodeWindow, microphone: MicrophoneRig
) -> None:
    microphone.play_tone(440, seconds=20)
    for value in (5, 300, 77, 1001):
        seen = len(recording.packets(Track.SCREEN))
        window.show(value)
        until(lambda seen=seen: len(recording.packets(Track.SCREEN)) > seen + (seen == 0))
    until(lambda: len(recording.packets(Track.WEBCAM)) >= 15 and len(recording.packets(Track.AUDIO)) >= 60)
    microphone.silence()
    recording.end()

    screens = [read_code(picture) for picture in recording.pictures(Track.SCREEN)]
    assert [value for value in screens if value in (300, 77, 1001)] == [300, 77, 1001]
    faces = [read_code(picture, 16, 448, 16) for picture in recording.pictures(Track.WEBCAM)]
    assert None not in faces and len(set(faces)) > 10
    sound = decode_sound([base64.b64decode(packet["data"]) for packet in recording.packets(Track.AUDIO)])
    loud = sound[np.abs(sound).cumsum() > np.abs(sound).sum() / 2]
    assert abs(loudest_hz(loud) - 440) < 3
    assert recording.pictures(Track.SCREEN_SMALL)[0].shape[:2] == (270, 432)
    assert recording.pictures(Track.WEBCAM_SMALL)[0].shape[:2] == (180, 240)
    assert recording.said[-1]["threads"] == [] and recording.events() == []


def test_a_key_frame_of_a_still_screen_comes_within_a_second_of_asking(
    recording: Recording, window: CodeWindow
) -> None:
    until(lambda: len(recording.packets(Track.SCREEN)) >= 1)
    recording.order(f"key {Track.SCREEN}")
    until(lambda: sum(packet["key"] for packet in recording.packets(Track.SCREEN)) == 2)
    recording.end()
    asked_us = next(said["us"] for said in recording.said if said["kind"] == "answer")
    assert recording.packets(Track.SCREEN)[-1]["key"]
    assert recording.packets(Track.SCREEN)[-1]["us"] - asked_us < 1_000_000


def test_a_camera_pulled_out_is_told_and_recorded_again_when_it_is_back(
    recording: Recording, camera: CameraRig
) -> None:
    until(lambda: len(recording.packets(Track.WEBCAM)) >= 3)
    camera.unplug()
    until(lambda: "CameraLost" in recording.events())
    pictures, sounds = len(recording.packets(Track.WEBCAM)), len(recording.packets(Track.AUDIO))
    until(lambda: len(recording.packets(Track.AUDIO)) >= sounds + 10)
    camera.plug()
    until(lambda: len(recording.packets(Track.WEBCAM)) >= pictures + 3)
    recording.end()
    assert recording.events() == ["CameraLost", "CameraBack"]
    assert None not in [read_code(picture, 16, 448, 16) for picture in recording.pictures(Track.WEBCAM)]


def test_another_camera_in_its_place_and_a_program_in_its_place_are_told(
    recording: Recording, camera: CameraRig
) -> None:
    until(lambda: len(recording.packets(Track.WEBCAM)) >= 3)
    for name in ("Other Camera", "OBS Virtual Camera"):
        before = recording.events().count("CameraBack")
        camera.unplug()
        until(lambda before=before: recording.events().count("CameraLost") == before + 1)
        camera.exchange(name)
        camera.plug()
        until(lambda before=before: recording.events().count("CameraBack") == before + 1)
    recording.end()
    told = [name for name in recording.events() if name in ("CameraSwitched", "CameraVirtual")]
    assert told == ["CameraSwitched", "CameraSwitched", "CameraVirtual"]


def resize(display_name: str, *words: str) -> None:
    subprocess.run(["xrandr", *words], env={**os.environ, "DISPLAY": display_name}, check=True)


def test_a_new_screen_size_goes_on_in_the_same_track(
    recording: Recording, display_name: str, window: CodeWindow
) -> None:
    until(lambda: len(recording.packets(Track.SCREEN)) >= 1)
    resize(display_name, "--newmode", "odd", "50", "1001", "1010", "1020", "1030", "701", "710", "720", "730")
    resize(display_name, "--addmode", "screen", "odd")
    resize(display_name, "--output", "screen", "--mode", "odd")
    try:
        until(lambda: recording.packets(Track.SCREEN)[-1]["width"] == 1000)
    finally:
        resize(display_name, "--output", "screen", "--mode", "1280x800")
    recording.end()
    smaller = [packet for packet in recording.packets(Track.SCREEN) if packet["width"] == 1000]
    assert smaller[0]["key"] and smaller[0]["height"] == 700
    picture = decode_video([base64.b64decode(packet["data"]) for packet in smaller])[0]
    assert picture.shape[:2] == (700, 1000) and read_code(picture) == 1
    assert recording.events() == []
