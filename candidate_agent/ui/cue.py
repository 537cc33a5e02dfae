"""The sound of a new message or notice: two soft tones that rise, half a second in all. Made here, from no file. Pure;
played by `hands` through the system's sound output.
"""

import numpy as np
import numpy.typing as npt

RATE = 48_000
TONES_HZ = (587.3, 880.0)  # d'' and a''
TONE_S = 0.18
GAP_S = 0.04
LEVEL = 0.12  # of full scale: heard beside one's work, frightening nobody
FADE_S = 0.03


def samples() -> npt.NDArray[np.int16]:
    """Mono."""
    gap = np.zeros(round(GAP_S * RATE))
    sound = np.concatenate([part for hertz in TONES_HZ for part in (_tone(hertz), gap)])
    return (sound * 32767).astype(np.int16)


def _tone(hertz: float) -> npt.NDArray[np.float64]:
    """A sine with soft edges: without them each tone begins and ends with a click."""
    at_s = np.arange(round(TONE_S * RATE)) / RATE
    edges = np.minimum(1.0, np.minimum(at_s, TONE_S - at_s) / FADE_S)
    tone: npt.NDArray[np.float64] = LEVEL * edges * np.sin(2 * np.pi * hertz * at_s)
    return tone
