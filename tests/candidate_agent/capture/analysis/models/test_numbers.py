"""The two small networks in plain numpy are wired as they were trained. How well they do: `make accuracy`."""

import numpy as np
import pytest

from candidate_agent.capture.analysis.models import files
from candidate_agent.capture.analysis.models.face_numbers import SIDE, FaceNumbers, upright
from candidate_agent.capture.analysis.models.faces import Faces
from candidate_agent.capture.analysis.models.voice_numbers import FRAME, RATE, STRETCH, VoiceNumbers, mel_bands
from tests.candidate_agent.capture.analysis.drawn import face
from tests.candidate_agent.capture.analysis.models.models_at_hand import needs_models


def test_mel_bands_follow_each_other_and_have_the_same_area() -> None:
    bands = mel_bands()
    assert bands.shape == (40, FRAME // 2 + 1) and (bands >= 0).all()
    peaks = bands.argmax(axis=1)
    assert (np.diff(peaks) >= 0).all()
    assert (bands.sum(axis=1) * RATE / FRAME)[10:] == pytest.approx(1.0, abs=0.12)


@pytest.mark.parametrize("data", [b"", b"con_4 and nothing", b"a model of another kind" * 100])
def test_a_file_that_is_no_such_model_is_refused(data: bytes) -> None:
    with pytest.raises((ValueError, StopIteration, IndexError)):
        FaceNumbers(data)
    with pytest.raises(ValueError):
        VoiceNumbers(data)


@needs_models
def test_one_face_in_another_place_size_and_turn_has_nearly_the_same_numbers_and_another_has_not() -> None:
    faces = Faces(files.load(files.MODELS_DIR, files.FACES))
    numbers = FaceNumbers(files.load(files.MODELS_DIR, files.FACE_NUMBERS))

    def of(pixels):  # type: ignore[no-untyped-def]
        return numbers.of(pixels, faces.find(pixels)[0])

    one, moved, leaning = of(face()), of(face(at=(200, 260))), of(face(lean_deg=10))
    other = face()
    other[other[..., 2] > 200] = (60, 90, 120)  # darker skin and no white in the eyes
    assert one.shape == (128,)
    assert float(np.linalg.norm(one - moved)) < 0.2 and float(np.linalg.norm(one - leaning)) < 0.3
    assert float(np.linalg.norm(one - of(other))) > 1.3 * float(np.linalg.norm(one - leaning))


@needs_models
def test_a_leaning_face_is_set_upright() -> None:
    faces = Faces(files.load(files.MODELS_DIR, files.FACES))
    straight, leaning = face(), face(lean_deg=15)
    a, b = (upright(pixels, faces.find(pixels)[0]).astype(float) for pixels in (straight, leaning))
    assert a.shape == (SIDE, SIDE, 3)
    assert np.abs(a - b).mean() < 0.5 * np.abs(a - leaning[100:250, 250:400]).mean()


@needs_models
def test_one_voice_points_one_way_whatever_its_loudness_and_another_points_elsewhere() -> None:
    numbers = VoiceNumbers(files.load(files.MODELS_DIR, files.VOICE_NUMBERS))
    low, low_again, high = (
        voice(110, (700, 1200, 2500), 1),
        voice(115, (700, 1200, 2500), 2),
        voice(230, (400, 2000, 3000), 3),
    )
    one = numbers.of(low)
    assert one.shape == (256,) and float(np.linalg.norm(one)) == pytest.approx(1.0, abs=1e-4)
    assert float(one @ numbers.of(low * 0.3)) > 0.95
    assert float(one @ numbers.of(low_again)) > float(one @ numbers.of(high)) + 0.05


def voice(pitch_hz: float, formants_hz: tuple[int, ...], seed: int):  # type: ignore[no-untyped-def]
    """Harmonics of a pitch that wavers, louder near three frequencies."""
    at = np.arange(STRETCH) / RATE
    random = np.random.default_rng(seed)
    phase = 2 * np.pi * np.cumsum(pitch_hz * (1 + 0.03 * np.sin(2 * np.pi * 3 * at))) / RATE
    sound = np.zeros(STRETCH)
    for number in range(1, int(7000 / pitch_hz)):
        near = sum(np.exp(-(((number * pitch_hz - centre) / 200) ** 2)) for centre in formants_hz)
        sound += (near + 0.02) * np.sin(number * phase)
    return (0.1 * sound / np.abs(sound).max() + random.normal(0, 1e-3, STRETCH)).astype(np.float32)
