"""What the light of the newest picture allows the other rules to say. Pure; written by `camera`, read by `presence`."""

from dataclasses import dataclass

from candidate_agent.capture.analysis.observations import Luma
from candidate_agent.capture.analysis.rules.spans import LOOKED_US

DARK_MEAN, LIT_MEAN = 40.0, 50.0  # on, off; the first is that of the check before the exam
COVERED_MEAN, COVERED_SPREAD = 30.0, 8.0  # (j) dark and flat
OPEN_MEAN, OPEN_SPREAD = 40.0, 12.0  # (j) from here on it is certainly not covered


@dataclass(slots=True)
class Light:
    _newest: Luma | None = None

    def see(self, seen: Luma) -> None:
        self._newest = seen

    def covered(self, at_us: int) -> bool:
        return self._known(at_us) and covered(self._newest) is True

    def dark(self, at_us: int) -> bool:
        return self._known(at_us) and dark(self._newest) is not False

    def forget(self) -> None:
        self._newest = None

    def _known(self, at_us: int) -> bool:
        return self._newest is not None and abs(at_us - self._newest.at_us) <= LOOKED_US


def covered(luma: Luma | None) -> bool | None:
    """Dark and flat: something lies on the lens. None: between the thresholds."""
    if luma is None or luma.mean >= OPEN_MEAN or luma.spread >= OPEN_SPREAD:
        return False
    return True if luma.mean < COVERED_MEAN and luma.spread < COVERED_SPREAD else None


def dark(luma: Luma | None) -> bool | None:
    """A dark room: little light, but something to be seen."""
    if luma is None or luma.mean >= LIT_MEAN or covered(luma) is True:
        return False
    return True if luma.mean < DARK_MEAN else None
