"""From how likely windows are speech to spans of speech: hysteresis, pauses joined, short sounds left out. Pure.

Speech that goes on is told in pieces that touch, so that whoever counts it need not wait for its end.
"""

from dataclasses import dataclass

from candidate_agent.capture.analysis.observations import SpeechSpan

BEGINS, GOES_ON = 0.5, 0.35  # likelihood
JOINED_US = 500_000  # a shorter pause belongs to the speech around it
SHORTEST_US = 250_000
PIECE_US = 3_000_000


@dataclass(slots=True)
class SpeechSpans:
    _from_us: int | None = None  # where the span, or its next piece, begins
    _to_us: int = 0  # where speech was heard last
    _told: bool = False  # whether a piece of this span was told

    def take(self, likelihood: float, from_us: int, to_us: int) -> SpeechSpan | None:
        """A span, or a piece of one, that is over with this window."""
        if likelihood >= (BEGINS if self._from_us is None else GOES_ON):
            self._from_us = from_us if self._from_us is None else self._from_us
            self._to_us = to_us
            return self._piece()
        if self._from_us is not None and to_us - self._to_us >= JOINED_US:
            return self.end()
        return None

    def end(self) -> SpeechSpan | None:
        """The sound ends here: what was still open."""
        from_us, told = self._from_us, self._told
        self._from_us, self._told = None, False
        if from_us is None or not (self._to_us > from_us if told else self._to_us - from_us >= SHORTEST_US):
            return None
        return SpeechSpan(from_us, self._to_us)

    def _piece(self) -> SpeechSpan | None:
        if self._from_us is None or self._to_us - self._from_us < PIECE_US:
            return None
        piece = SpeechSpan(self._from_us, self._to_us)
        self._from_us, self._told = self._to_us, True
        return piece
