"""Whether the face at the camera and the voice at the microphone are like those of the start. Asked by `sight` and
`hearing`, on the analyst's thread; only where a policy names the finding and the candidate said yes.

The numbers that describe a face or a voice stay in this file's objects, in memory, until the program ends: no
observation, record, log or file has a place for them. What leaves is how like the start something is.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from candidate_agent.capture.analysis.group import Group
from candidate_agent.capture.analysis.models import files
from candidate_agent.capture.analysis.models.face_numbers import FaceNumbers
from candidate_agent.capture.analysis.models.faces import Face
from candidate_agent.capture.analysis.models.landmarks import Look
from candidate_agent.capture.analysis.models.speech import WINDOW_US
from candidate_agent.capture.analysis.models.voice_numbers import STRETCH, VoiceNumbers
from candidate_agent.capture.analysis.observations import FaceLikeness, Observation, VoiceLikeness
from candidate_agent.capture.shape import Image
from candidate_agent.capture.workers import Emit

Floats = npt.NDArray[np.float32]
Observe = Callable[[Observation], None]

FIRST_EVERY_US, EVERY_US = 900_000, 3_900_000  # faces: at the start about each second, then each fourth
SURE_FACE, WHOLE_FACE = 0.8, 0.9  # (j) scores below them are no face to compare by
MAX_YAW_DEG, MAX_PITCH_DEG = 25.0, 25.0  # (j) turned further a face is no longer like itself
MIN_WIDTH_PX = 60  # (j) of the face
FACES, VOICES = 8, 6  # of the start
SAME_FACE, SAME_VOICE = 0.5, 0.75  # (j) how like their middle those of the start must be
SPEECH = 0.5  # likelihood
PAUSE_US = 1_000_000  # what lies further apart need not be one voice


def nearness(numbers: Floats, middle: Floats) -> float:
    """1: the same; 0.4 and less: the network was trained to put other people there."""
    return 1 - float(np.linalg.norm(numbers - middle))


def direction(numbers: Floats, middle: Floats) -> float:
    """1: the same."""
    lengths = float(np.linalg.norm(numbers) * np.linalg.norm(middle))
    return float(numbers @ middle) / max(lengths, 1e-9)


@dataclass(slots=True, repr=False)
class Start:
    """The middle of the first `needed` that are like one another; others push the oldest out."""

    needed: int
    at_least: float
    like: Callable[[Floats, Floats], float]
    _first: list[Floats] = field(default_factory=list)
    _middle: Floats | None = None

    @property
    def known(self) -> bool:
        return self._middle is not None

    def likeness(self, numbers: Floats) -> float | None:
        """None until the start is known."""
        if self._middle is not None:
            return self.like(numbers, self._middle)
        self._first.append(numbers)
        if len(self._first) >= self.needed:
            self._settle()
        return None

    def _settle(self) -> None:
        middle = np.asarray(np.mean(self._first, axis=0), np.float32)
        if min(self.like(one, middle) for one in self._first) >= self.at_least:
            self._middle = middle
            self._first.clear()
        else:
            del self._first[0]


class Likenesses:
    """One for a sitting: who sat there at the start is known after a break as well."""

    def __init__(self, codes: frozenset[str]) -> None:
        """`codes`: the findings that may be made. What is not named is None, and nothing of it is ever computed."""
        self.face = Start(FACES, SAME_FACE, nearness) if "FACE_CHANGED" in codes else None
        self.voice = Start(VOICES, SAME_VOICE, direction) if "VOICE_SECOND" in codes else None


NOTHING = Likenesses(frozenset())


class FaceCompared:
    def __init__(self, models_dir: Path, start: Start, observe: Observe, emit: Emit) -> None:
        self._start, self._observe = start, observe
        self._model = Group("face_likeness", lambda: FaceNumbers(files.load(models_dir, files.FACE_NUMBERS)), emit)
        self._last_us: int | None = None

    @property
    def reads_next(self) -> bool:
        return self._model.reads_next

    def close(self) -> None:
        self._model.close()

    def look(self, pixels: Image, face: Face, look: Look, at_us: int) -> None:
        """The largest face of a picture, at times, and where it is seen well enough."""
        every_us = EVERY_US if self._start.known else FIRST_EVERY_US
        if (self._last_us is not None and at_us - self._last_us < every_us) or not is_seen_well(pixels, face, look):
            return
        self._last_us = at_us
        numbers = self._model.use(lambda model: model.of(pixels, face))
        likeness = None if numbers is None else self._start.likeness(numbers)
        if likeness is not None:
            self._observe(FaceLikeness(at_us, likeness))


def is_seen_well(pixels: Image, face: Face, look: Look) -> bool:
    yaw_deg, pitch_deg, _ = look.head
    ahead = abs(yaw_deg) <= MAX_YAW_DEG and abs(pitch_deg) <= MAX_PITCH_DEG
    large = face.box.width * pixels.shape[1] >= MIN_WIDTH_PX
    return ahead and large and face.box.score >= SURE_FACE and look.seen >= WHOLE_FACE


class VoiceCompared:
    """Puts speech together into stretches of 1.6 s, without its pauses, and compares each."""

    def __init__(self, models_dir: Path, start: Start, observe: Observe, emit: Emit) -> None:
        self._start, self._observe = start, observe
        self._model = Group("voice_likeness", lambda: VoiceNumbers(files.load(models_dir, files.VOICE_NUMBERS)), emit)
        self.forget()

    @property
    def reads_next(self) -> bool:
        return self._model.reads_next

    def close(self) -> None:
        self._model.close()

    def forget(self) -> None:
        """A break, or other sound: a stretch that was begun is thrown away."""
        self._speech: list[Floats] = []
        self._from_us = self._to_us = 0

    def hear(self, window: Floats, likelihood: float, at_us: int, media_us: int) -> None:
        """A window of the speech model. `at_us`: its beginning on the clock of the sound; `media_us`: the session's."""
        if likelihood < SPEECH:
            return
        if self._speech and at_us - self._to_us > PAUSE_US:
            self.forget()
        if not self._speech:
            self._from_us = media_us
        self._speech.append(window)
        self._to_us = at_us + WINDOW_US
        if sum(part.size for part in self._speech) >= STRETCH:
            self._compare(np.concatenate(self._speech)[:STRETCH], media_us + WINDOW_US)

    def _compare(self, speech: Floats, to_us: int) -> None:
        from_us, self._speech = self._from_us, []
        numbers = self._model.use(lambda model: model.of(speech))
        likeness = None if numbers is None else self._start.likeness(numbers)
        if likeness is not None:
            self._observe(VoiceLikeness(from_us, to_us, likeness))
