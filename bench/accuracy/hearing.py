"""Whether speech is heard as speech, and music, keys and noise are not.

Bars: 95 % of the frames of a labelled talk, at most 2 % of what is no speech.
"""

from pathlib import Path

import numpy as np

from bench.accuracy import sounds
from bench.accuracy.rows import Row
from bench.accuracy.sounds import RATE, Samples
from candidate_agent.capture.analysis.hearing import Hearing
from candidate_agent.capture.analysis.models.files import MODELS_DIR
from candidate_agent.capture.analysis.observations import Observation, SpeechSpan
from candidate_agent.platforms.ports import Sound

FRAME_S = 0.01
BLOCK = RATE * 60 // 1000
SPEECH_BAR, OTHER_BAR = 0.95, 0.02
MUSIC_S, NOISE_S, VOICE_S = 60.0, 60.0, 60.0


def measure(directory: Path) -> list[Row]:
    """About half a minute on a quiet machine."""
    clip = sounds.read(directory / sounds.SPEECH_CLIP)
    spoken = np.zeros(round(clip.size / RATE / FRAME_S), bool)
    for span in sounds.labels(directory / sounds.SPEECH_LABELS):
        spoken[round(span.from_s / FRAME_S) : round(span.to_s / FRAME_S)] = True
    heard = speech_frames(clip)[: spoken.size]
    rows = [
        Row("speech", "frames of a labelled talk, both kinds", int((heard == spoken).sum()), spoken.size, SPEECH_BAR),
        Row("speech", "spoken frames heard as speech", int((heard & spoken).sum()), int(spoken.sum()), SPEECH_BAR),
    ]
    others = {
        "keys (composed)": sounds.keys(NOISE_S), "a fan (composed)": sounds.noise(NOISE_S),
        "a quiet room (composed)": sounds.silence(NOISE_S),
        **{name.removesuffix(".wav"): sounds.read(directory / name)[: round(MUSIC_S * RATE)] for name in sounds.MUSIC},
    }  # fmt: skip
    for name, sound in others.items():
        frames = speech_frames(sound)
        rows.append(Row("no speech, heard as speech", name, int(frames.sum()), frames.size, OTHER_BAR, at_most=True))
    return rows


def speech_frames(samples: Samples) -> np.ndarray:
    """Of each hundredth of a second, whether it lies in a span of speech."""
    frames = np.zeros(round(samples.size / RATE / FRAME_S), bool)

    def observe(observation: Observation) -> None:
        if isinstance(observation, SpeechSpan):
            frames[round(observation.from_us / 1e6 / FRAME_S) : round(observation.to_us / 1e6 / FRAME_S)] = True

    hearing = Hearing(MODELS_DIR, observe, lambda event: None, lambda at_us: at_us)
    for first in range(0, samples.size, BLOCK):
        hearing.take(Sound(samples[first : first + BLOCK], first * 1_000_000 // RATE))
    hearing.end()
    return frames
