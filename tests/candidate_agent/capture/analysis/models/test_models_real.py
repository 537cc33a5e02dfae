"""The real models on drawn pictures and made sound: that they are wired right. How well they see is `make accuracy`."""

import shutil
import subprocess
import wave
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from candidate_agent.capture.analysis.models import files
from candidate_agent.capture.analysis.models.faces import Face, Faces
from candidate_agent.capture.analysis.models.landmarks import Landmarks, Look
from candidate_agent.capture.analysis.models.objects import Objects
from candidate_agent.capture.analysis.models.speech import Speech
from candidate_agent.capture.analysis.observations import FaceBox, ObjectSeen
from tests.candidate_agent.capture.analysis.drawn import blank, face
from tests.candidate_agent.capture.analysis.models.models_at_hand import needs_models

pytestmark = needs_models


@pytest.fixture(scope="module")
def faces() -> Faces:
    return Faces(files.load(files.MODELS_DIR, files.FACES))


@pytest.fixture(scope="module")
def landmarks() -> Landmarks:
    return Landmarks(files.load(files.MODELS_DIR, files.LANDMARKS))


@pytest.fixture(scope="module")
def look(faces: Faces, landmarks: Landmarks):  # type: ignore[no-untyped-def]
    def at(**drawn: float) -> Look:
        pixels = face(**drawn)  # type: ignore[arg-type]
        return landmarks.look(pixels, faces.find(pixels)[0])

    return at


def test_nobody_one_and_two_are_told_apart(faces: Faces) -> None:
    assert faces.find(blank()) == ()
    one = faces.find(face())
    assert len(one) == 1
    assert one[0].box.left < 320 / 640 < one[0].box.left + one[0].box.width
    assert one[0].eyes[0][0] < one[0].eyes[1][0], "the right eye is on the left of the picture"
    assert len(faces.find(face(at=(170, 250), pixels=face(at=(470, 250))))) == 2


@pytest.mark.parametrize(("width", "height"), [(640, 480), (480, 640), (1280, 720), (1919, 1079), (320, 240)])
def test_a_face_is_where_it_is_in_every_size_and_shape(faces: Faces, width: int, height: int) -> None:
    small = cv2.resize(face(), (width, height)) if width * 3 == height * 4 else _framed(width, height)
    found = faces.find(small)
    assert len(found) == 1
    middle = found[0].box.left + found[0].box.width / 2
    assert middle == pytest.approx(0.5, abs=0.03)


def _framed(width: int, height: int) -> npt.NDArray[np.uint8]:
    scale = min(width / 640, height / 480)
    inner = cv2.resize(face(), (int(640 * scale), int(480 * scale)))
    top, left = (height - inner.shape[0]) // 2, (width - inner.shape[1]) // 2
    whole = blank(width, height)
    whole[top : top + inner.shape[0], left : left + inner.shape[1]] = inner
    return whole


def test_turns_to_the_left_and_leans_to_the_left_shoulder_are_positive(look) -> None:  # type: ignore[no-untyped-def]
    straight, left, right = look(), look(turn=1), look(turn=-1)
    assert abs(straight.head[0]) < 5 and left.head[0] > 10 and right.head[0] < -10
    assert look(lean_deg=15).head[2] == pytest.approx(15, abs=4)
    assert look(lean_deg=-15).head[2] == pytest.approx(-15, abs=4)


def test_eyes_that_look_to_the_left_are_positive_and_closed_ones_are_closed(look) -> None:  # type: ignore[no-untyped-def]
    assert look(look=1).eyes[0] > 10 > -10 > look(look=-1).eyes[0]
    assert look().open_share > 0.7 and look(closed=True).open_share < 0.3


def test_where_there_is_no_face_the_landmarks_say_so(landmarks: Landmarks) -> None:
    nowhere = Face(FaceBox(0.3, 0.2, 0.3, 0.5, 0.9), ((0.4, 0.4), (0.5, 0.4)))
    assert landmarks.look(blank(), nowhere).seen < 0.1
    assert landmarks.look(face(), Face(FaceBox(0, 0, 0, 0, 0.9), ((0, 0), (0, 0)))).seen < 0.5, "no size at all"


def test_an_empty_room_holds_nothing_and_a_crop_is_given_back_in_shares_of_the_whole() -> None:
    objects = Objects(files.load(files.MODELS_DIR, files.OBJECTS), score=0.0001)
    assert [seen for seen in objects.find(blank()) if seen.score > 0.3] == []
    person = ObjectSeen("person", 0.9, 0.5, 0.5, 0.2, 0.3)
    for seen in objects.closer(face(), person):
        assert seen.left > 0.47 and seen.left + seen.width < 0.73 and seen.label != "person"
        assert seen.top > 0.46 and seen.top + seen.height < 0.84


def test_silence_noise_and_a_tone_are_no_speech() -> None:
    speech = Speech(files.MODELS_DIR)
    noise = np.random.default_rng(3).normal(0, 900, 96_000).astype(np.int16)
    tone = (8_000 * np.sin(2 * np.pi * 440 * np.arange(96_000) / 48_000)).astype(np.int16)
    for sound in (np.zeros(96_000, np.int16), noise, tone):
        speech.reset()
        heard = speech.hear(sound)
        assert len(heard) == 96_000 // 3 // 512
        assert max(heard) < 0.5


def test_a_spoken_sentence_is_speech_in_blocks_of_any_size(tmp_path: Path) -> None:
    if shutil.which("espeak-ng") is None:
        pytest.skip("espeak-ng is not installed: nobody speaks here")
    sound = spoken(tmp_path)
    speech = Speech(files.MODELS_DIR)
    at_once = speech.hear(sound)
    assert np.mean([value > 0.5 for value in at_once]) > 0.5
    speech.reset()
    cuts = np.cumsum([997, 2880, 1, 2, 4801, 2880])
    in_parts = [value for part in np.split(sound, cuts) for value in speech.hear(part)]
    assert in_parts == pytest.approx(at_once, abs=1e-4)


def spoken(tmp_path: Path) -> npt.NDArray[np.int16]:
    path = tmp_path / "said.wav"
    subprocess.run(["espeak-ng", "-w", path, "The answer to the second question is forty two."], check=True)
    with wave.open(str(path)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)
        rate = file.getframerate()
    at = np.arange(0, samples.size - 1, rate / 48_000)
    return np.interp(at, np.arange(samples.size), samples).astype(np.int16)
