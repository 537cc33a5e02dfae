"""A stretch of speech as 256 numbers that point the same way for one voice, by Resemblyzer's encoder. Only where a
policy names VOICE_SECOND. Called by `likeness`, on the analyst's thread; what becomes of the numbers is said there.

Three LSTM layers over 40 mel bands, in plain numpy. The file is pinned by hash, so its arrays lie where they lie:
nothing of it is unpickled.
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

RATE = 16_000
FRAME, HOP = 400, 160  # samples
BANDS = 40
FRAMES = 160  # one stretch
STRETCH = FRAMES * HOP  # samples: 1.6 s
CELLS, LAYERS = 256, 3
QUIET_DBFS = -30.0  # what is quieter is made as loud as this, as in training
LSTM_AT, LAST_AT, OFFSET_AT = 269_883, 7_731, 6_699  # bytes into the file
LSTM_FLOATS = 1_357_824


class VoiceNumbers:
    """Not for several threads."""

    def __init__(self, model: bytes) -> None:
        """`model`: Resemblyzer's pretrained.pt. ValueError where it is shorter."""
        all_of_it = np.frombuffer(model, "<f4", LSTM_FLOATS, LSTM_AT).copy()  # the file puts them on odd bytes
        self._layers = list(_layers(all_of_it))
        self._last = np.frombuffer(model, "<f4", CELLS * CELLS, LAST_AT).reshape(CELLS, CELLS).copy()
        self._offset = np.frombuffer(model, "<f4", CELLS, OFFSET_AT).copy()
        self._mel = mel_bands()
        self._window = np.hanning(FRAME + 1)[:-1].astype(np.float32)

    def of(self, speech: Floats) -> Floats:
        """`speech`: STRETCH samples of speech, -1..1, 16 kHz. Of length 1."""
        x = self._heard(_loud_enough(speech))
        for into, back, offset in self._layers:
            x = _remembered(x @ into.T + offset, back)
        found = np.maximum(self._last @ x[-1] + self._offset, 0)
        return np.asarray(found / max(float(np.linalg.norm(found)), 1e-9), np.float32)

    def _heard(self, speech: Floats) -> Floats:
        """FRAMES x BANDS: how much there is in each mel band."""
        padded = np.pad(speech, FRAME // 2)
        frames = np.lib.stride_tricks.sliding_window_view(padded, FRAME)[::HOP][:FRAMES]
        power = np.abs(np.fft.rfft(frames * self._window, axis=1)) ** 2
        return np.asarray(power @ self._mel.T, np.float32)


def _layers(floats: Floats) -> list[tuple[Floats, Floats, Floats]]:
    """Of each layer: weights of what comes in and of what it remembers, and offsets."""
    gates, at, found, weights = 4 * CELLS, 0, [], []
    for width in (BANDS, CELLS, CELLS):
        into = floats[at : at + gates * width].reshape(gates, width)
        at += gates * width
        weights.append((into, floats[at : at + gates * CELLS].reshape(gates, CELLS)))
        at += gates * CELLS
    for into, back in weights:
        found.append((into, back, floats[at : at + gates] + floats[at + gates : at + 2 * gates]))
        at += 2 * gates
    return found


def _remembered(asked: Floats, back: Floats) -> Floats:
    """One LSTM layer over all frames. `asked`: frames x gates (in, forget, new, out), without what is remembered."""
    shown, cell = np.zeros(CELLS, np.float32), np.zeros(CELLS, np.float32)
    found = np.empty((len(asked), CELLS), np.float32)
    for number, of_input in enumerate(asked):
        gates = of_input + back @ shown
        let_in, kept = _share(gates[:CELLS]), _share(gates[CELLS : 2 * CELLS])
        cell = kept * cell + let_in * np.tanh(gates[2 * CELLS : 3 * CELLS])
        shown = _share(gates[3 * CELLS :]) * np.tanh(cell)
        found[number] = shown
    return found


def _share(x: Floats) -> Floats:
    return np.asarray(0.5 * (np.tanh(0.5 * x) + 1), np.float32)


def _loud_enough(speech: Floats) -> Floats:
    power = float(np.mean(speech**2))
    short_of = QUIET_DBFS - 10 * np.log10(max(power, 1e-12))
    return np.asarray(speech * 10 ** (short_of / 20), np.float32) if short_of > 0 else speech


def mel_bands() -> Floats:
    """BANDS x frequencies: triangles, level to 1 kHz and as logarithms above, each of the same area (Slaney's)."""
    at_hz = np.fft.rfftfreq(FRAME, 1 / RATE)
    edges = _hz(np.linspace(0, _mel(RATE / 2), BANDS + 2))
    low, middle, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    rising, falling = (at_hz - low) / (middle - low), (high - at_hz) / (high - middle)
    return np.asarray(np.maximum(0, np.minimum(rising, falling)) * 2 / (high - low), np.float32)


_PER_MEL, _KNEE_HZ, _LOG_STEP = 200 / 3, 1000.0, np.log(6.4) / 27


def _mel(hz: float) -> float:
    return float(_KNEE_HZ / _PER_MEL + np.log(hz / _KNEE_HZ) / _LOG_STEP)


def _hz(mel: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    knee = _KNEE_HZ / _PER_MEL
    return np.where(mel < knee, mel * _PER_MEL, _KNEE_HZ * np.exp(_LOG_STEP * (mel - knee)))
