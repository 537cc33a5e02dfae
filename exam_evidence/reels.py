"""Films that `movies` wrote, played again: the picture of any moment in rising order, and sound without holes.

Used by `side_by_side`. What cannot be decoded is passed over: the films may come from a bundle that nobody vouches for.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt

from exam_evidence.movies import MovieFile, MovieGap

MOST_PIXELS = 7680 * 4320 * 2
SOUND_RATE = 48_000
MICROSECONDS = 1_000_000
JITTER = SOUND_RATE // 100

Samples = npt.NDArray[np.float32]


def _frames(path: Path, kind: str) -> Iterator[Any]:
    with av.open(str(path)) as container:
        stream = container.streams.best(kind)  # type: ignore[arg-type]
        if stream is None:
            return
        stream.codec_context.options = {"max_pixels": str(MOST_PIXELS)}
        for packet in container.demux(stream):
            try:
                yield from packet.decode()
            except (av.FFmpegError, MemoryError):
                continue


class Reel:
    """One film of pictures. `at` is asked with rising times."""

    def __init__(self, directory: Path, movie: MovieFile) -> None:
        self.movie = movie
        self._frames = _frames(directory / movie.file, "video")
        self._shown: av.VideoFrame | None = None
        self._next: av.VideoFrame | None = next(self._frames, None)
        self._gaps = (
            MovieGap(0, movie.start_us, "nothing_recorded"), *movie.gaps,
            MovieGap(movie.end_us, 1 << 62, "nothing_recorded"),
        )  # fmt: skip

    def at(self, time_us: int) -> av.VideoFrame | None:
        """The last picture taken until then."""
        while self._next is not None and self._time_us(self._next) <= time_us:
            self._shown, self._next = self._next, next(self._frames, None)
        return self._shown

    def gap(self, time_us: int) -> MovieGap | None:
        return next((gap for gap in self._gaps if gap.from_us <= time_us < gap.to_us), None)

    def _time_us(self, frame: av.VideoFrame) -> int:
        return self.movie.start_us + round((frame.time or 0) * MICROSECONDS)


def sound(directory: Path, movie: MovieFile | None, from_us: int, to_us: int) -> Iterator[Samples]:
    """From `from_us` to `to_us` without a hole, mono, 48 kHz, in pieces of at most a second."""
    position, end = 0, (to_us - from_us) * SOUND_RATE // MICROSECONDS
    for start, samples in _pieces(directory, movie, from_us) if movie else ():
        while start - position > JITTER and position < end:
            silence = np.zeros(min(start - position, SOUND_RATE, end - position), np.float32)
            position += silence.size
            yield silence
        piece = samples[max(0, position - start - JITTER) : max(0, end - position)]
        position += piece.size
        if piece.size:
            yield piece
    while position < end:
        silence = np.zeros(min(SOUND_RATE, end - position), np.float32)
        position += silence.size
        yield silence


def _pieces(directory: Path, movie: MovieFile, from_us: int) -> Iterator[tuple[int, Samples]]:
    """(start in samples since `from_us`, samples)."""
    resampler = av.AudioResampler(format="fltp", layout="mono", rate=SOUND_RATE)
    for frame in _frames(directory / movie.file, "audio"):
        start_us = movie.start_us + round((frame.time or 0) * MICROSECONDS) - from_us
        for made in resampler.resample(frame):
            yield start_us * SOUND_RATE // MICROSECONDS, np.asarray(made.to_ndarray(), np.float32).reshape(-1)
