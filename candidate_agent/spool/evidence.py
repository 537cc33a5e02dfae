"""Which records show what a flag is about: a small index of where a track can be played from, over the last minutes.
Pure; filled and asked by `recorder`. A flag refers to records that are there anyway; nothing is kept for it.
"""

from collections import deque
from dataclasses import dataclass, field

from exam_protocol.catalogue import FLAGS
from exam_protocol.records import RecordSpan, Track

KEPT_US = 360_000_000  # a pattern of five minutes, and its lead
LEAD_US = TAIL_US = 5_000_000
STEP_US = 1_000_000  # starts closer together than this are one: sound can be played from every packet
MAX_STARTS = 512

_SCREENS = (Track.SCREEN, Track.SCREEN_2, Track.SCREEN_3)
TRACKS_OF_GROUP: dict[str, tuple[Track, ...]] = {
    **dict.fromkeys(("identity", "presence", "gaze", "objects", "camera"), (Track.WEBCAM,)),
    "audio": (Track.AUDIO,),
    **dict.fromkeys(("display", "windows", "processes", "input"), _SCREENS),
}
"""Where what a group's flags tell of can be seen or heard. The other groups tell of nothing to be seen."""


@dataclass(slots=True)
class _Recorded:
    """`starts`: (media time, sequence) of records from which decoding can begin."""

    starts: deque[tuple[int, int]] = field(default_factory=lambda: deque(maxlen=MAX_STARTS))
    newest: int = 0


class Evidence:
    """Times are media time of the session, microseconds."""

    def __init__(self) -> None:
        self._tracks: dict[int, _Recorded] = {}

    def note(self, track: int, at_us: int, sequence: int, *, key_frame: bool) -> None:
        """A record of the track was made. Of what is too old the newest is kept: a still screen is played from it."""
        recorded = self._tracks.setdefault(track, _Recorded())
        recorded.newest = sequence
        starts = recorded.starts
        if key_frame and (not starts or at_us - starts[-1][0] >= STEP_US):
            starts.append((at_us, sequence))
        while len(starts) > 1 and starts[1][0] <= at_us - KEPT_US:
            starts.popleft()

    def of(self, code: str, from_us: int, to_us: int) -> tuple[RecordSpan, ...]:
        """From a start at or before `from_us` and its lead up to the tail after `to_us`, or to the newest record."""
        kind = FLAGS.get(code)
        spans = (self._span(track, from_us, to_us) for track in TRACKS_OF_GROUP.get(kind.group if kind else "", ()))
        return tuple(span for span in spans if span is not None)

    def _span(self, track: Track, from_us: int, to_us: int) -> RecordSpan | None:
        recorded = self._tracks.get(track)
        if recorded is None or not recorded.starts:
            return None
        starts = recorded.starts
        before = [sequence for at_us, sequence in starts if at_us <= from_us - LEAD_US]
        after = (sequence for at_us, sequence in starts if at_us >= to_us + TAIL_US)
        first = before[-1] if before else starts[0][1]
        return RecordSpan(track, first, max(first, next(after, recorded.newest)))
