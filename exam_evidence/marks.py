"""The flags of a session as a list beside the films: flags.json for programs, flags.txt for people. Each names its
seconds in the side-by-side film and in the films of the tracks that it refers to, so that a reviewer can jump there.

Called by `export`. A flag is a moment to look at, never a verdict.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from exam_evidence.clockwork import clock, wall
from exam_evidence.findings import track_name
from exam_evidence.movies import MovieFile
from exam_protocol import codec
from exam_protocol.catalogue import FLAGS
from exam_protocol.plain import plain
from exam_protocol.records import FlagEntry

MICROSECONDS = 1_000_000
HEAD = (
    "Flags of this session. Each is a moment to look at in the recording, a pointer and not a verdict.",
    "First the time since the session's zero, then where that is in side-by-side.mp4.",
)


class FilmPlace(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a flag's seconds are, in seconds of that film. `first`, `last`: the records that it refers to."""

    file: str
    from_s: float
    to_s: float
    first: int | None = None
    last: int | None = None


class Mark(msgspec.Struct, frozen=True):
    """A flag. Times are media times of the session; `sequence` is its place on the FLAGS track."""

    sequence: int
    code: str
    title: str
    severity: str
    reason: str
    count: int
    numbers: dict[str, float]
    from_us: int
    to_us: int
    at: str  # wall time of its first moment, in the device's zone
    side_by_side: FilmPlace | None
    films: tuple[FilmPlace, ...]


class Marks:
    """Gathers flags in the order of their records; the newest word on a flag counts, at the place of its first."""

    def __init__(self) -> None:
        self._flags: dict[tuple[str, int], tuple[int, FlagEntry]] = {}

    def add(self, sequence: int, flag: FlagEntry) -> None:
        key = (flag.code, flag.from_us)
        first = self._flags[key][0] if key in self._flags else sequence
        self._flags[key] = (first, flag)

    def write(
        self, directory: Path, movies: Sequence[MovieFile], together: MovieFile | None, opened_ms: int, zone: str
    ) -> int:
        """How many there are. Raises OSError."""
        by_track = {movie.track: movie for movie in movies}
        flags = sorted(self._flags.values(), key=lambda one: (one[1].from_us, one[0]))
        marks = [_mark(sequence, flag, by_track, together, opened_ms, zone) for sequence, flag in flags]
        (directory / "flags.json").write_bytes(msgspec.json.format(codec.encode(marks), indent=2))
        (directory / "flags.txt").write_text("\n".join(_lines(marks)) + "\n", encoding="utf-8")
        return len(marks)


def _mark(
    sequence: int,
    flag: FlagEntry,
    by_track: dict[str, MovieFile],
    together: MovieFile | None,
    opened_ms: int,
    zone: str,
) -> Mark:
    spans = flag.evidence if isinstance(flag.evidence, tuple) else ()
    films = tuple(
        _place(by_track[name], flag, span.first, span.last)
        for span in spans if (name := track_name(span.track)) in by_track
    )  # fmt: skip
    return Mark(
        sequence, flag.code, FLAGS[flag.code].title if flag.code in FLAGS else flag.code, flag.severity, flag.reason,
        flag.count, flag.numbers, flag.from_us, flag.to_us, wall(opened_ms + flag.from_us // 1000, zone),
        _place(together, flag) if together else None, films,
    )  # fmt: skip


def _place(film: MovieFile, flag: FlagEntry, first: int | None = None, last: int | None = None) -> FilmPlace:
    """What lies outside of the film is at its nearest end."""
    begin, end = (
        round((min(max(us, film.start_us), film.end_us) - film.start_us) / MICROSECONDS, 3)
        for us in (flag.from_us, max(flag.from_us, flag.to_us))
    )
    return FilmPlace(film.file, begin, end, first, last)


def _lines(marks: Iterable[Mark]) -> Iterable[str]:
    yield from HEAD
    for mark in marks:
        yield ""
        film = f"  (film {_clock_s(mark.side_by_side.from_s)})" if mark.side_by_side else ""
        times = f", {mark.count} times" if mark.count > 1 else ""
        numbers = "".join(f", {name.replace('_', ' ')} {value:g}" for name, value in mark.numbers.items())
        yield plain(f"{clock(mark.from_us)}{film}  {mark.reason or mark.title}")
        yield plain(f"    {mark.title} [{mark.code}], {mark.severity}{times}{numbers}; {mark.at}")
        for place in mark.films:
            records = f", records {place.first} to {place.last}" if place.first is not None else ""
            yield plain(f"    {place.file} at {_clock_s(place.from_s)}{records}")


def _clock_s(seconds: float) -> str:
    return clock(int(seconds * MICROSECONDS))
