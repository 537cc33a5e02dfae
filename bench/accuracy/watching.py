"""The agent's own way from pictures and sound to flags, with time as a value: Sight, Hearing and Findings as they are.

Called by the measurements. Nothing here decides; what is counted are the flags that a proctor would get.
"""

from collections.abc import Iterable

from bench.accuracy.people import Image
from bench.accuracy.sounds import RATE, Samples
from candidate_agent.capture.analysis.hearing import Hearing
from candidate_agent.capture.analysis.models.files import MODELS_DIR
from candidate_agent.capture.analysis.observations import Observation
from candidate_agent.capture.analysis.rules.findings import Findings
from candidate_agent.capture.analysis.sight import Sight
from candidate_agent.capture.events import CaptureEvent
from candidate_agent.platforms.ports import Picture, Sound
from exam_protocol.records import FlagEntry

LOOK_US = 500_000
BLOCK = RATE * 60 // 1000


class Watching:
    """One candidate's camera and microphone. `observations` are those of the last look."""

    def __init__(self) -> None:
        self.flags: list[FlagEntry] = []
        self.observations: list[Observation] = []
        self.now_us = 0
        self._findings = Findings()
        self._sight = Sight(MODELS_DIR, self._observe, _fail, lambda at_us: at_us)
        self._hearing = Hearing(MODELS_DIR, self._observe, _fail, lambda at_us: at_us)

    def look(self, pixels: Image) -> None:
        """Half a second later than the last."""
        self.now_us += LOOK_US
        self.observations = []
        self._sight.look(Picture(pixels, self.now_us), self.now_us)
        self.flags += self._findings.tick(self.now_us)

    def look_at_all(self, pictures: Iterable[Image]) -> None:
        for pixels in pictures:
            self.look(pixels)

    def hear(self, samples: Samples) -> None:
        """From now on; time goes with the sound."""
        for first in range(0, samples.size, BLOCK):
            block, taken_us = samples[first : first + BLOCK], self.now_us
            self.now_us += block.size * 1_000_000 // RATE
            self._hearing.take(Sound(block, taken_us))
        self.flags += self._findings.tick(self.now_us)

    def end(self) -> list[FlagEntry]:
        self._hearing.end()
        self.flags += self._findings.end()
        return self.flags

    def _observe(self, observation: Observation) -> None:
        self.observations.append(observation)
        self.flags += self._findings.take(observation, self.now_us)


def _fail(event: CaptureEvent) -> None:
    raise RuntimeError(f"A model is missing or failed: {event}")
