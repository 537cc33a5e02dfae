"""What looks at a person are made of: observations by the second, played through `Findings`."""

from collections.abc import Callable, Iterable

from candidate_agent.capture.analysis.observations import (
    EyesSeen,
    FaceBox,
    FaceCover,
    FacesSeen,
    FrozenFor,
    HeadPose,
    Luma,
    ObjectSeen,
    ObjectsSeen,
    Observation,
    SoundLevel,
    SpeechSpan,
)
from candidate_agent.capture.analysis.rules.findings import Findings
from exam_protocol.records import FlagEntry

FACE = FaceBox(0.4, 0.2, 0.2, 0.4, 0.93)
OTHER = FaceBox(0.1, 0.2, 0.15, 0.3, 0.9)
PERSON = ObjectSeen("person", 0.8, 0.2, 0.1, 0.6, 0.9)
PHONE = ObjectSeen("phone", 0.6, 0.6, 0.6, 0.1, 0.1)
BOOK = ObjectSeen("book", 0.7, 0.6, 0.6, 0.2, 0.1)

Script = list[tuple[float, Observation]]


def us(second: float) -> int:
    return round(second * 1e6)


def times(begin: float, end: float, every: float = 0.5) -> list[float]:
    return [begin + number * every for number in range(int((end - begin) / every) + 1)]


def during(begin: float, end: float, make: Callable[[int], Observation], every: float = 0.5) -> Script:
    """One look each `every` s, the first at `begin`, the last at `end` at the latest."""
    return [(second, make(us(second))) for second in times(begin, end, every)]


def faces(*boxes: FaceBox) -> Callable[[int], Observation]:
    return lambda at_us: FacesSeen(at_us, boxes)


def objects(*seen: ObjectSeen) -> Callable[[int], Observation]:
    return lambda at_us: ObjectsSeen(at_us, seen)


def cover(seen: float) -> Callable[[int], Observation]:
    return lambda at_us: FaceCover(at_us, seen)


def luma(mean: float, spread: float) -> Callable[[int], Observation]:
    return lambda at_us: Luma(at_us, mean, spread)


def frozen(since: float) -> Callable[[int], Observation]:
    return lambda at_us: FrozenFor(at_us, max(0, at_us - us(since)))


def head(yaw: float, pitch: float = 0.0) -> Callable[[int], Observation]:
    return lambda at_us: HeadPose(at_us, yaw, pitch, 0.0)


def eyes(yaw: float, pitch: float = 0.0, open_share: float = 1.0) -> Callable[[int], Observation]:
    return lambda at_us: EyesSeen(at_us, yaw, pitch, open_share)


def level(dbfs: float) -> Callable[[int], Observation]:
    return lambda at_us: SoundLevel(at_us, dbfs)


def speech(begin: float, end: float, every: float = 1.0) -> Script:
    """Told piece by piece, as it goes on."""
    ends = [*times(begin + every, end, every), end]
    return [(to, SpeechSpan(us(from_), us(to))) for from_, to in zip([begin, *ends], ends, strict=False) if to > from_]


def play(script: Iterable[tuple[float, Observation]], findings: Findings | None = None) -> list[FlagEntry]:
    """In the order of time, which is also the order within a moment; with a tick before each, and the end."""
    findings = findings or Findings()
    flags: list[FlagEntry] = []
    for second, observation in sorted(script, key=lambda entry: entry[0]):
        flags += findings.take(observation, us(second))
    return [*flags, *findings.end()]


def codes(flags: Iterable[FlagEntry]) -> list[str]:
    return [flag.code for flag in flags]
