"""The search on the device alone: drawn pictures and made sound into the analyst, or into nothing. A child of
bench/findings.py.

Runs until its stdin closes, then prints counts and, with models, what each costs, as JSON.
"""

import itertools
import json
import subprocess
import sys
import tempfile
import threading
import time
import wave
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from candidate_agent.base.clock import SystemClock
from candidate_agent.capture.analysis.analyst import Analyst, same
from candidate_agent.capture.analysis.hearing import Hearing
from candidate_agent.capture.analysis.models import files
from candidate_agent.capture.analysis.models.faces import Faces
from candidate_agent.capture.analysis.models.landmarks import Landmarks
from candidate_agent.capture.analysis.models.objects import Objects
from candidate_agent.capture.analysis.models.speech import RATE, Speech
from candidate_agent.capture.analysis.observations import ObjectsSeen, Observation
from candidate_agent.capture.analysis.sight import Sight
from candidate_agent.capture.analysis.tempo import Tempo
from candidate_agent.capture.events import CaptureEvent
from candidate_agent.capture.shape import Image
from candidate_agent.capture.sound_clock import Samples
from candidate_agent.platforms import large_memory
from candidate_agent.platforms.ports import Closer, Picture, Sound
from tests.candidate_agent.capture.analysis.drawn import face

BLOCK = RATE * 60 // 1000
ROUNDS = 40
LOOKS_PER_S = 2
WARM_S, WORK_S = 3, 30  # of simulated time


class Steady(Tempo):
    """Two a second whatever happens: the cost of that is what is asked for."""

    def after(self, now_us: int, busy_us: int) -> None:
        pass


class Feed:
    """A camera with a face that turns, ten pictures a second, and a voice, in real time. No device."""

    trouble = None

    def __init__(self, pictures: list[Image], voice: Samples, hear: Callable[[Samples, int], None]) -> None:
        self._pictures, self._voice, self._hear = pictures, voice, hear
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._play)

    def __enter__(self) -> "Feed":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def latest(self) -> Picture:
        now_us = SystemClock().monotonic_us()
        return Picture(self._pictures[now_us // 100_000 % len(self._pictures)], now_us)

    def subscribe(self, reader: object) -> Closer:
        return lambda: None

    def _play(self) -> None:
        blocks = self._voice.size // BLOCK
        due_s, number = time.monotonic(), 0
        while not self._ended.wait(max(0.0, due_s - time.monotonic())):
            at = number % blocks * BLOCK
            self._hear(self._voice[at : at + BLOCK], SystemClock().monotonic_us() - 60_000)
            number, due_s = number + 1, due_s + 0.06


def pictures() -> list[Image]:
    """Near enough to be seen as a person as well, so that the second look at their crop is paid for."""
    drawn = (face(turn=turn)[120:420, 120:520] for turn in np.linspace(-1, 1, 12))
    return [cv2.resize(each, (640, 480)).astype(np.uint8) for each in drawn]


def voice() -> Samples:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "voice.wav"
        subprocess.run(["espeak-ng", "-w", path, "She reads the question aloud, and thinks about it. " * 4], check=True)
        with wave.open(str(path)) as file:
            samples, rate = np.frombuffer(file.readframes(file.getnframes()), np.int16), file.getframerate()
    at = np.arange(0, samples.size - 1, rate / RATE)
    return np.interp(at, np.arange(samples.size), samples).astype(np.int16)


def cost_ms(work: Callable[[], object]) -> float:
    """Process time of one, the middle of many."""
    work()
    taken = []
    for _ in range(ROUNDS):
        began_ns = time.process_time_ns()
        work()
        taken.append((time.process_time_ns() - began_ns) / 1e6)
    return sorted(taken)[ROUNDS // 2]


def costs(picture: Image, sound: Samples) -> dict[str, float]:
    faces, speech = Faces(files.load(files.MODELS_DIR, files.FACES)), Speech(files.MODELS_DIR)
    landmarks = Landmarks(files.load(files.MODELS_DIR, files.LANDMARKS))
    objects = Objects(files.load(files.MODELS_DIR, files.OBJECTS))
    found = faces.find(picture)[0]
    return {
        "faces_ms": cost_ms(lambda: faces.find(picture)),
        "landmarks_ms": cost_ms(lambda: landmarks.look(picture, found)),
        "objects_ms": cost_ms(lambda: objects.find(picture)),
        "speech_ms": cost_ms(lambda: speech.hear(sound[: RATE // 2])),
    }


def work(shown: list[Image], said: Samples) -> float:
    """Percent of a core that the same looks and the same sound take, all that belongs to them one after another."""

    def ignore(observed: object) -> None:
        pass

    def stopped(event: CaptureEvent) -> None:
        raise RuntimeError(str(event))

    sight = Sight(files.MODELS_DIR, ignore, stopped, same)
    hearing = Hearing(files.MODELS_DIR, ignore, stopped, same)
    blocks = itertools.cycle(np.split(said[: said.size // BLOCK * BLOCK], said.size // BLOCK))
    turns, at_us, heard_us, began_ns = itertools.cycle(shown), 0, 0, 0
    for second in range(WARM_S + WORK_S):
        if second == WARM_S:
            began_ns = time.process_time_ns()
        for _ in range(LOOKS_PER_S):
            at_us += 1_000_000 // LOOKS_PER_S
            sight.look(Picture(next(turns), at_us), at_us)
        while heard_us < at_us:
            hearing.take(Sound(next(blocks), heard_us))
            heard_us += BLOCK * 1_000_000 // RATE
    return 100 * (time.process_time_ns() - began_ns) / 1e9 / WORK_S


def searched(shown: list[Image], said: Samples) -> dict[str, float]:
    seen: list[Observation] = []
    feed = Feed(shown, said, lambda samples, taken_us: analyst.hear(samples, taken_us))
    analyst = Analyst(
        feed, files.MODELS_DIR, SystemClock(), seen.append, lambda event: sys.exit(str(event)),
        read=large_memory.in_large_pages,
    )  # fmt: skip
    analyst._tempo = Steady()
    with feed:
        analyst.start()
        sys.stdin.read()
        analyst.stop()
    persons = [
        1 for each in seen if isinstance(each, ObjectsSeen) and any(thing.label == "person" for thing in each.objects)
    ]
    alone = {"work": work(shown, said), **costs(shown[6], said)}
    return {"looks": analyst.looks, "persons": len(persons), **alone}


def main() -> None:
    large_memory.give_back_large()
    shown, said = pictures(), voice()
    if sys.argv[1] == "models":
        figures = searched(shown, said)
    else:
        figures = {}
        with Feed(shown, said, lambda samples, taken_us: None):
            sys.stdin.read()
    sys.stdout.write(json.dumps(figures))


if __name__ == "__main__":
    main()
