"""What is heard: spans of speech and the level of each second. Asked by the analyst, on its thread."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from candidate_agent.capture.analysis.group import Group, ReadLater
from candidate_agent.capture.analysis.likeness import Start, VoiceCompared
from candidate_agent.capture.analysis.models.speech import RATE, WINDOW_US, Floats, Speech
from candidate_agent.capture.analysis.observations import Observation, SoundLevel, SpeechSpan
from candidate_agent.capture.analysis.speech_spans import SpeechSpans
from candidate_agent.capture.preview import level_dbfs
from candidate_agent.capture.sound_clock import Samples
from candidate_agent.capture.workers import Emit
from candidate_agent.platforms.ports import Sound

HOLE_US = 1_000_000  # blocks come late in bunches; what lies further apart does not belong together


class Hearing:
    def __init__(
        self, models_dir: Path, observe: Callable[[Observation], None], emit: Emit, media_time_us: Callable[[int], int],
        voice: Start | None = None,
    ) -> None:  # fmt: skip
        """`voice`: what the first voice is kept in, where another one may be looked for."""
        self._observe, self._media_time_us = observe, media_time_us
        self._speech = Group("speech", lambda: Speech(models_dir), emit)
        self._compared = VoiceCompared(models_dir, voice, observe, emit) if voice is not None else None
        self.models: tuple[ReadLater, ...] = (
            (self._speech,) if self._compared is None else (self._speech, self._compared)
        )
        self._spans = SpeechSpans()
        self._second: list[Samples] = []
        self._next_us: int | None = None  # when the next block should have been taken, on its clock

    def take(self, sound: Sound) -> None:
        if self._next_us is not None and abs(sound.taken_us - self._next_us) > HOLE_US:
            self.end()
        self._next_us = sound.taken_us + sound.samples.size * 1_000_000 // RATE
        self._measure(sound.samples)
        waited_us, heard = self._speech.use(lambda model: _heard(model, sound.samples)) or (0, [])
        at_us = sound.taken_us - waited_us
        for likelihood, window in heard:
            self._tell(self._spans.take(likelihood, at_us, at_us + WINDOW_US))
            if self._compared is not None:
                self._compared.hear(window, likelihood, at_us, self._media_time_us(at_us))
            at_us += WINDOW_US

    def idle(self, now_us: int) -> None:
        """Where nothing has come for a while, what was open is over."""
        if self._next_us is not None and now_us - self._next_us > 2 * HOLE_US:
            self.end()

    def end(self) -> None:
        self._tell(self._spans.end())
        self.forget()

    def forget(self) -> None:
        """A break, or another stream of sound."""
        if self._next_us is None:
            return
        self._next_us = None
        self._spans = SpeechSpans()
        self._second = []
        if self._compared is not None:
            self._compared.forget()
        if not self._speech.reads_next:
            self._speech.use(Speech.reset)

    def _tell(self, span: SpeechSpan | None) -> None:
        if span is not None:
            self._observe(SpeechSpan(self._media_time_us(span.from_us), self._media_time_us(span.to_us)))

    def _measure(self, samples: Samples) -> None:
        self._second.append(samples)
        if sum(part.size for part in self._second) >= RATE and self._next_us is not None:
            level = level_dbfs(np.concatenate(self._second))
            self._second = []
            self._observe(SoundLevel(self._media_time_us(self._next_us), level))


def _heard(model: Speech, samples: Samples) -> tuple[int, list[tuple[float, Floats]]]:
    """How much of earlier sound is in the first window, and the windows with their likelihoods."""
    waited_us = model.waiting_us
    return waited_us, list(zip(model.hear(samples), model.windows, strict=True))
