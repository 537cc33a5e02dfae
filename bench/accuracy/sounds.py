"""Sound to measure by: labelled speech, voice prompts, music that others published; composed keys and noise. 48 kHz.

Called by the measurements. Samples are int16 and mono, as the agent's microphone gives them.
"""

import wave
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.int16]

RATE = 48_000
SPEECH_CLIP, SPEECH_LABELS = "sample.wav", "sample.rttm"
MUSIC = (
    "macroform-cold_day.wav", "macroform-robot_dity.wav", "macroform-the_simplicity.wav",
    "manolo_camp-morning_coffee.wav", "reno_project-system.wav",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    from_s: float
    to_s: float


def read(path: Path) -> Samples:
    """Any PCM wave file as 48 kHz mono."""
    resampler = av.AudioResampler("s16", "mono", RATE)
    with av.open(str(path)) as container:
        frames = [out for frame in container.decode(audio=0) for out in resampler.resample(frame)]
    frames += resampler.resample(None)
    return np.concatenate([frame.to_ndarray().reshape(-1) for frame in frames]).astype(np.int16)


def labels(path: Path) -> tuple[Span, ...]:
    """The spans of an RTTM file, joined where two people speak at once."""
    rows = [line.split() for line in path.read_text().splitlines() if line.startswith("SPEAKER")]
    joined: list[Span] = []
    for span in sorted((Span(float(row[3]), float(row[3]) + float(row[4])) for row in rows), key=lambda s: s.from_s):
        if joined and span.from_s <= joined[-1].to_s:
            joined[-1] = Span(joined[-1].from_s, max(joined[-1].to_s, span.to_s))
        else:
            joined.append(span)
    return tuple(joined)


def prompts(directory: Path, seconds: float) -> Samples:
    """One woman's voice prompts end to end, the long ones first."""
    paths = sorted(directory.glob("*.wav"), key=lambda path: (-path.stat().st_size, path.name))
    paths = [path for path in paths if path.name not in (*MUSIC, SPEECH_CLIP) and _is_mono(path)]
    parts: list[Samples] = []
    while sum(part.size for part in parts) < seconds * RATE:
        parts.append(read(paths[len(parts)]))
    return np.concatenate(parts)[: round(seconds * RATE)]


def _is_mono(path: Path) -> bool:
    with wave.open(str(path)) as file:
        return file.getnchannels() == 1


def keys(seconds: float, seed: int = 1) -> Samples:
    """Typing: short clicks of filtered noise, five a second, each key and its release."""
    random = np.random.default_rng(seed)
    sound = random.normal(0, 12, round(seconds * RATE))
    at = 0.0
    while (at := at + float(random.uniform(0.08, 0.32))) < seconds - 0.3:
        for delay, loud in ((0.0, 5000), (float(random.uniform(0.06, 0.11)), 2500)):
            first = round((at + delay) * RATE)
            click = random.normal(0, 1, 900) * np.exp(-np.arange(900) / 180) * loud * float(random.uniform(0.4, 1))
            sound[first : first + 900] += click
    return np.clip(sound, -32768, 32767).astype(np.int16)


def noise(seconds: float, dbfs: float = -38.0, seed: int = 2) -> Samples:
    """A fan: noise whose strength falls with the frequency."""
    count = round(seconds * RATE)
    random = np.random.default_rng(seed)
    spectrum = np.fft.rfft(random.normal(0, 1, count))
    spectrum[1:] /= np.sqrt(np.arange(1, spectrum.size))
    sound = np.fft.irfft(spectrum, count)
    return (sound / np.sqrt(np.mean(sound**2)) * 32768 * 10 ** (dbfs / 20)).clip(-32768, 32767).astype(np.int16)


def silence(seconds: float, seed: int = 3) -> Samples:
    """A quiet room: the microphone's own hiss."""
    return np.random.default_rng(seed).normal(0, 8, round(seconds * RATE)).astype(np.int16)
