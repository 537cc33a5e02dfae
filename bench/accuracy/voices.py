"""VOICE_SECOND, which is opt-in: how often another voice is found, and how often the same one is taken for another.

Voices that read telephone prompts (8 kHz) in six Debian packages, and the labelled talk of two men. Hearing,
comparison and rule as the agent has them; each sound is described once and then played in many sittings.
"""

import hashlib
import subprocess
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.accuracy import sounds
from bench.accuracy.likenesses import said, trials
from bench.accuracy.materials import MaterialMissing
from bench.accuracy.rows import Row
from bench.accuracy.sounds import RATE, Samples
from candidate_agent.capture.analysis.hearing import Hearing
from candidate_agent.capture.analysis.likeness import Likenesses, Start
from candidate_agent.capture.analysis.models.files import MODELS_DIR
from candidate_agent.capture.analysis.observations import VoiceLikeness
from candidate_agent.capture.analysis.rules.findings import Findings
from candidate_agent.capture.analysis.rules.likeness import VOICE_TRIALS
from candidate_agent.platforms.ports import Sound

FOUND, WRONG = "another voice (opt-in), found", "another voice (opt-in), said of the same voice"
CODES = frozenset({"VOICE_SECOND"})
BLOCK = RATE * 60 // 1000
VOICE_S = 75.0
STRETCH_US = 1_600_000
SECOND = 15  # stretches of the other voice: 24 s of speech
CARRIERS = {
    "asterisk-core-sounds-es-wav": "9283a09a6d56fccdcc2bcfe86c48f0f844289cfbd46a3184d8785a6f7f569903",
    "asterisk-core-sounds-fr-wav": "8d4e1bc32ed5ba7fbda40841ca1825ed20cc6232724a473c90f8bb0e53e6073e",
    "asterisk-core-sounds-it-wav": "5a26638089e134b8ac39363fe249c5c93c50cd8bfdc9b2499ae61ec4a35e2fcb",
    "asterisk-core-sounds-ru-wav": "ccbfaebfa450b7a9ddf644ae0f3d1e9017d5df7c0aebe816e946345589d38201",
    "asterisk-prompt-it-menardi-wav": "3094530d98f8758ac275572d59624c41f60969fef883f34f4886d144f3dfeb21",
}
ENGLISH, SPANISH = "English", "asterisk-core-sounds-es-wav"  # one woman reads both

Described = list[npt.NDArray[np.float32]]


def fetched(directory: Path) -> Path:
    """The folder with a folder of prompts for each package. Raises MaterialMissing."""
    place = directory / "voices"
    for package, sha256 in CARRIERS.items():
        if not (place / package).is_dir():
            _fetch(package, sha256, place)
    return place


def _fetch(package: str, sha256: str, place: Path) -> None:
    place.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(["apt-get", "download", "-q", package], cwd=place, capture_output=True, check=False)
    path = next(iter(place.glob(f"{package}_*.deb")), None)
    if done.returncode != 0 or path is None:
        raise MaterialMissing(f"{package} could not be fetched.")
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise MaterialMissing(f"{package} is not the file that was pinned.")
    subprocess.run(["dpkg-deb", "-x", str(path), str(place / package)], check=True)
    path.unlink()


class _Describing(Start):
    """Keeps what the comparison would get."""

    def __init__(self) -> None:
        super().__init__(0, 0.0, lambda numbers, middle: 0.0)
        self.described: Described = []

    def likeness(self, numbers: npt.NDArray[np.float32]) -> float | None:
        self.described.append(numbers)
        return None


def described(samples: Samples) -> Described:
    """By stretch of speech, through the agent's own hearing."""
    start = _Describing()
    hearing = Hearing(MODELS_DIR, lambda observation: None, _fail, lambda at_us: at_us, start)
    for first in range(0, samples.size, BLOCK):
        hearing.take(Sound(samples[first : first + BLOCK], first * 1_000_000 // RATE))
    hearing.end()
    return start.described


def _fail(event: object) -> None:
    raise RuntimeError(f"A model is missing or failed: {event}")


def played(before: Described, after: Described) -> tuple[bool, list[float]]:
    """Whether a flag came, and the likenesses."""
    start = Likenesses(CODES).voice
    assert start is not None
    findings, now_us, told, likenesses = Findings(opt_in=CODES), 0, False, []
    for numbers in (*before, *after):
        now_us += STRETCH_US
        likeness = start.likeness(numbers)
        if likeness is not None:
            likenesses.append(likeness)
            told = bool(findings.take(VoiceLikeness(now_us - STRETCH_US, now_us, likeness), now_us)) or told
    return told, likenesses


def measure(directory: Path) -> list[Row]:
    """About a minute and a half on a quiet machine."""
    voices = {package: described(_read(folder)) for package, folder in _folders(directory).items()}
    other = [(a, b) for a in voices for b in voices if a != b and {a, b} != {ENGLISH, SPANISH}]
    found = [played(voices[a][:8], voices[b][:SECOND])[0] for a, b in other]
    same = [played(voice[:8], voice[8:])[0] for voice in voices.values()]
    languages = [played(voices[a][:8], voices[b])[0] for a, b in ((ENGLISH, SPANISH), (SPANISH, ENGLISH))]
    one, two = (described(sound) for sound in _talk(directory))
    talk = [played(a * 2, b * 2)[0] for a, b in ((one, two), (two, one))]
    rows = [
        Row(FOUND, "six readers of telephone prompts, each by each other", sum(found), len(found)),
        Row(FOUND, "two men on one telephone line, each by the other", sum(talk), len(talk)),
        Row(WRONG, "the same reader for a minute", sum(same), len(same)),
        Row(WRONG, "one woman, first in one language, then in another", sum(languages), len(languages)),
    ]
    return [*rows, *said(trials(rows[:2], rows[2:]), VOICE_TRIALS, FOUND)]


def _folders(directory: Path) -> dict[str, Path]:
    return {ENGLISH: directory} | {package: fetched(directory) / package for package in CARRIERS}


def _read(folder: Path) -> Samples:
    """The long prompts end to end."""
    paths = folder.glob("*.wav") if (folder / sounds.SPEECH_CLIP).exists() else folder.rglob("*.wav")
    left_out = (*sounds.MUSIC, sounds.SPEECH_CLIP)
    longest = sorted((path for path in paths if path.name not in left_out), key=lambda path: -path.stat().st_size)
    parts: list[Samples] = []
    while sum(part.size for part in parts) < VOICE_S * RATE:
        parts.append(sounds.read(longest[len(parts)]))
    return np.concatenate(parts)[: round(VOICE_S * RATE)]


def _talk(directory: Path) -> tuple[Samples, Samples]:
    """What each of the two says alone."""
    clip = sounds.read(directory / sounds.SPEECH_CLIP)
    rows = [line.split() for line in (directory / sounds.SPEECH_LABELS).read_text().splitlines() if line]
    who = np.zeros((2, clip.size), bool)
    names = sorted({row[7] for row in rows})
    for row in rows:
        first, length = round(float(row[3]) * RATE), round(float(row[4]) * RATE)
        who[names.index(row[7]), first : first + length] = True
    return clip[who[0] & ~who[1]], clip[who[1] & ~who[0]]
