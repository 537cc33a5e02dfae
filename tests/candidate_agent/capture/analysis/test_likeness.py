"""What face and voice are compared by stays in memory and is computed only where it was asked for and agreed to."""

import pickle
from dataclasses import fields
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import numpy as np
import pytest

from candidate_agent.base.clock import ManualClock
from candidate_agent.capture.analysis import likeness as module
from candidate_agent.capture.analysis.analyst import Analyst
from candidate_agent.capture.analysis.hearing import Hearing
from candidate_agent.capture.analysis.likeness import (
    FACES,
    VOICES,
    FaceCompared,
    Likenesses,
    Start,
    VoiceCompared,
    direction,
    nearness,
)
from candidate_agent.capture.analysis.models import files
from candidate_agent.capture.analysis.models.faces import Face
from candidate_agent.capture.analysis.models.landmarks import Look
from candidate_agent.capture.analysis.models.speech import WINDOW
from candidate_agent.capture.analysis.models.voice_numbers import STRETCH
from candidate_agent.capture.analysis.observations import FaceBox, FaceLikeness, Observation, VoiceLikeness
from candidate_agent.capture.analysis.rules.findings import Findings
from candidate_agent.capture.analysis.sight import Sight
from candidate_agent.capture.events import CaptureEvent
from candidate_agent.platforms.ports import Picture, Sound
from exam_protocol.records import FlagEntry

BOTH = frozenset({"FACE_CHANGED", "VOICE_SECOND"})
AHEAD = Look(0.99, (2.0, -3.0, 0.0), (0.0, 0.0), 1.0)
FACE = Face(FaceBox(0.4, 0.3, 0.2, 0.3, 0.93), ((0.45, 0.4), (0.55, 0.4)), ((0.45, 0.4),) * 5)
PIXELS = np.full((480, 640, 3), 120, np.uint8)
ONE = np.array((0.3141593, 0.7182818, 0.5772157), np.float32)
OTHER = np.array((0.9159656, -0.4142136, 0.1201898), np.float32)


class Told:
    """Stands where a network stands: numbers that a test can look for."""

    def __init__(self, model: bytes) -> None:
        self.numbers = ONE
        self.asked = 0

    def of(self, *given: object) -> Any:
        self.asked += 1
        return self.numbers


@pytest.fixture
def networks(monkeypatch: pytest.MonkeyPatch) -> list[Told]:
    made: list[Told] = []

    def make(model: bytes) -> Told:
        made.append(Told(model))
        return made[-1]

    monkeypatch.setattr(module, "FaceNumbers", make)
    monkeypatch.setattr(module, "VoiceNumbers", make)
    monkeypatch.setattr(files, "load", lambda models_dir, model: model.name.encode())
    return made


def faces_compared(seen: list[Observation]) -> FaceCompared:
    start = Likenesses(BOTH).face
    assert start is not None
    return FaceCompared(Path(), start, seen.append, lambda event: None)


def look(compared: FaceCompared, begin_s: float, end_s: float, look: Look = AHEAD, face: Face = FACE) -> None:
    for half in range(int(begin_s * 2), int(end_s * 2)):
        compared.look(PIXELS, face, look, half * 500_000)


def say(compared: VoiceCompared, seconds: float, begin_s: float = 0.0, likelihood: float = 0.9) -> None:
    for number in range(round(seconds * 16_000 / WINDOW)):
        at_us = round(begin_s * 1e6) + number * 32_000
        compared.hear(np.zeros(WINDOW, np.float32), likelihood, at_us, at_us)


# --- the start --------------------------------------------------------------------------------------------------------


def test_the_start_is_what_the_first_have_in_common_and_later_ones_are_compared_with_it() -> None:
    start = Start(3, 0.5, nearness)
    assert [start.likeness(ONE) for _ in range(3)] == [None] * 3 and start.known
    assert start.likeness(ONE) == pytest.approx(1.0)
    assert start.likeness(OTHER) == pytest.approx(1 - float(np.linalg.norm(ONE - OTHER)))


def test_a_start_in_which_two_take_turns_is_no_start_until_one_stays() -> None:
    start = Start(3, 0.5, nearness)
    for numbers in (ONE, OTHER, ONE, OTHER, ONE, ONE):
        assert start.likeness(numbers) is None
        known = start.known
    assert not known
    assert start.likeness(ONE) is None and start.known


def test_direction_does_not_care_how_long_the_numbers_are() -> None:
    assert direction(ONE, ONE * 7) == pytest.approx(1.0)
    assert direction(ONE, -ONE) == pytest.approx(-1.0)


# --- when it is computed ----------------------------------------------------------------------------------------------


def test_faces_are_compared_each_second_at_the_start_and_each_fourth_after_it(networks: list[Told]) -> None:
    seen: list[Observation] = []
    compared = faces_compared(seen)
    look(compared, 0, FACES)
    assert networks[0].asked == FACES and seen == []
    look(compared, FACES, FACES + 60)
    assert networks[0].asked == FACES + 15 == FACES + len(seen)
    assert {type(each) for each in seen} == {FaceLikeness}


@pytest.mark.parametrize(
    ("look_", "face"),
    [
        (Look(0.99, (40.0, 0.0, 0.0), (0.0, 0.0), 1.0), FACE),
        (Look(0.99, (0.0, -40.0, 0.0), (0.0, 0.0), 1.0), FACE),
        (Look(0.6, (0.0, 0.0, 0.0), (0.0, 0.0), 1.0), FACE),
        (AHEAD, Face(FaceBox(0.4, 0.3, 0.2, 0.3, 0.7), FACE.eyes, FACE.marks)),
        (AHEAD, Face(FaceBox(0.4, 0.3, 0.05, 0.07, 0.93), FACE.eyes, FACE.marks)),
    ],
    ids=["turned", "looking down", "half a face", "unsure", "small"],
)
def test_a_face_that_is_not_seen_well_is_not_compared(networks: list[Told], look_: Look, face: Face) -> None:
    compared = faces_compared([])
    look(compared, 0, 30, look_, face)
    assert networks == []


def test_speech_is_compared_in_stretches_without_its_pauses(networks: list[Told]) -> None:
    seen: list[Observation] = []
    start = Likenesses(BOTH).voice
    assert start is not None
    compared = VoiceCompared(Path(), start, seen.append, lambda event: None)
    for number in range(VOICES + 2):
        say(compared, 1.0, number * 3)
        say(compared, 0.4, number * 3 + 1.0, likelihood=0.1)
        say(compared, STRETCH / 16_000 - 1.0, number * 3 + 1.4)
    assert networks[0].asked == VOICES + 2
    spans = [(each.from_us, each.to_us) for each in seen if isinstance(each, VoiceLikeness)]
    assert spans == [(at * 3_000_000, at * 3_000_000 + 2_008_000) for at in (VOICES, VOICES + 1)]


def test_speech_on_both_sides_of_a_long_pause_is_not_put_together(networks: list[Told]) -> None:
    start = Likenesses(BOTH).voice
    assert start is not None
    compared = VoiceCompared(Path(), start, lambda seen: None, lambda event: None)
    for begin in range(0, 30, 3):
        say(compared, 1.0, begin)
    assert networks == []


# --- only where it was asked for --------------------------------------------------------------------------------------


def test_what_is_not_named_has_no_place_to_be_kept_and_no_model_is_read(
    networks: list[Told], monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = Likenesses(frozenset())
    assert (nothing.face, nothing.voice) == (None, None)
    assert Likenesses(frozenset({"FACE_CHANGED"})).voice is None
    assert Likenesses(frozenset({"VOICE_SECOND"})).face is None
    read: list[str] = []
    monkeypatch.setattr(files, "load", lambda models_dir, model: read.append(model.name) or b"")
    analyst = Analyst(SimpleNamespace(latest=lambda: None), Path(), ManualClock(), lambda _: None, lambda _: None)  # type: ignore[arg-type]
    assert analyst._sight._compared is None and analyst._hearing._compared is None
    talk(analyst._hearing, monkeypatch)
    glance(analyst._sight, monkeypatch)
    assert networks == [] and not set(read) & {files.FACE_NUMBERS.name, files.VOICE_NUMBERS.name}


def test_what_is_named_is_compared_on_the_way_of_every_picture_and_sound(
    networks: list[Told], monkeypatch: pytest.MonkeyPatch
) -> None:
    both = Likenesses(BOTH)
    analyst = Analyst(
        SimpleNamespace(latest=lambda: None), Path(), ManualClock(), lambda _: None, lambda _: None, likenesses=both
    )  # type: ignore[arg-type]
    talk(analyst._hearing, monkeypatch)
    assert len(networks) == 1 and networks[0].asked == 1
    glance(analyst._sight, monkeypatch)
    assert len(networks) == 2 and networks[1].asked == 1


def talk(hearing: Hearing, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two seconds that the speech model takes for speech."""

    class Speech:
        waiting_us = 0

        def reset(self) -> None: ...

        def hear(self, samples: Any) -> list[float]:
            self.windows = [np.zeros(WINDOW, np.float32)] * (samples.size // 3 // WINDOW)
            return [0.9] * len(self.windows)

    monkeypatch.setattr(hearing._speech, "_read", Speech)
    hearing.take(Sound(np.zeros(96_000, np.int16), 0))


def glance(sight: Sight, monkeypatch: pytest.MonkeyPatch) -> None:
    """One look at a picture in which the models see a face."""
    monkeypatch.setattr(sight._faces, "_read", lambda: SimpleNamespace(find=lambda pixels, sees_whole: (FACE,)))
    monkeypatch.setattr(sight._landmarks, "_read", lambda: SimpleNamespace(look=lambda pixels, face: AHEAD))
    sight.look(Picture(PIXELS, 1), 1)


# --- and it stays here ------------------------------------------------------------------------------------------------


def traces(numbers: Any) -> list[bytes]:
    """How the numbers would look in a file, a log or on the line."""
    values = [float(each) for each in numbers]
    return [
        *(each for value in values for each in (np.float32(value).tobytes(), np.float64(value).tobytes())),
        *(f"{value:.7f}"[:7].encode() for value in values),
    ]


def test_nothing_that_leaves_has_the_numbers_in_it(networks: list[Told]) -> None:
    seen: list[Observation] = []
    both = Likenesses(BOTH)
    assert both.face is not None and both.voice is not None
    face = FaceCompared(Path(), both.face, seen.append, lambda event: None)
    voice = VoiceCompared(Path(), both.voice, seen.append, lambda event: None)
    look(face, 0, 20)
    say(voice, 1.6 * VOICES)
    for network in networks:
        network.numbers = OTHER
    look(face, 20, 60)
    say(voice, 20, 60)
    entries: list[FlagEntry] = []
    findings = Findings(opt_in=BOTH)
    for observation in seen:
        entries += findings.take(observation, 10**9)
    assert {entry.code for entry in entries} == BOTH
    out = b"".join([*(msgspec.json.encode(entry) for entry in entries), pickle.dumps(seen), repr(seen).encode()])
    middle = np.mean((ONE, OTHER), axis=0)
    assert [trace for each in (ONE, OTHER, middle) for trace in traces(each) if trace in out] == []
    assert traces(ONE)[-1] in repr(ONE.tolist()).encode() and traces(ONE)[0] in pickle.dumps(ONE), (
        "such a trace would be found"
    )
    assert all(type(getattr(each, field.name)) in (int, float) for each in seen for field in fields(each))


def test_what_keeps_the_numbers_does_not_show_them_to_a_log() -> None:
    start = Start(1, 0.0, nearness)
    start.likeness(ONE)
    assert "0.71" not in repr(start) and "0.71" not in repr(Likenesses(BOTH).__dict__)


def test_a_network_that_fails_says_so_once_and_not_what_it_saw(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    events: list[CaptureEvent] = []
    start = Likenesses(BOTH).face
    assert start is not None
    compared = FaceCompared(tmp_path, start, lambda seen: None, events.append)
    look(compared, 0, 10)
    assert len(events) == 1 and "is not there" in str(events[0])
