"""One film of a sitting: screens, cameras and sound together, with the session's clock and a time line. Called by
`export` on the films that `movies` wrote; streams through them, so that three hours need no more memory than a minute.
"""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from exam_evidence.clockwork import clock, time_of_day
from exam_evidence.movies import MovieFile, MovieGap
from exam_evidence.panes import Box, Canvas, layout
from exam_evidence.reels import SOUND_RATE, Reel, Samples, sound

PER_S = 5
STEP_US = 1_000_000 // PER_S
CLOCK_HZ = 90_000
KEY_US = 10_000_000
SCREENS, CAMERAS, SOUND = ("screen", "screen_2", "screen_3"), ("webcam", "camera2"), "audio"
FILE = "side-by-side.mp4"
LONGEST_US = 24 * 3600 * 1_000_000

Progress = Callable[[float], None]


def compose(
    directory: Path, movies: Sequence[MovieFile], opened_ms: int, zone: str, progress: Progress
) -> MovieFile | None:
    """None where there is nothing to see. Raises av.FFmpegError, OSError; ValueError above 24 hours."""
    by_track = {movie.track: movie for movie in movies}
    shown = [by_track[track] for track in (*SCREENS, *CAMERAS) if track in by_track]
    if not shown:
        return None
    heard = by_track.get(SOUND)
    used = [*shown, heard] if heard else shown
    from_us, to_us = min(movie.start_us for movie in used), max(movie.end_us for movie in used)
    if to_us - from_us > LONGEST_US:
        raise ValueError("The recording is longer than a day.")
    stage = _Stage(directory, shown, from_us, to_us, lambda us: time_of_day(opened_ms + us // 1000, zone))
    with av.open(str(directory / FILE), "w", options={"movflags": "faststart"}) as container:
        film = _Film(container, sound(directory, heard, from_us, to_us))
        count = max(1, -(-(to_us - from_us) // STEP_US))
        for number in range(count):
            at_us = from_us + number * STEP_US
            if stage.draw(at_us):
                film.picture(stage.canvas, at_us - from_us)
            progress((number + 1) / count)
        film.close(max(1, to_us - from_us))
    return MovieFile(FILE, "side_by_side", from_us, to_us, film.count, 0)


class _Stage:
    """What stands on the canvas at a time. Only what changed is drawn again."""

    def __init__(
        self, directory: Path, shown: list[MovieFile], from_us: int, to_us: int, time_of: Callable[[int], str]
    ) -> None:
        self.canvas = Canvas()
        self._from_us, self._length_us = from_us, max(1, to_us - from_us)
        self._to_us, self._time_of = to_us, time_of
        self._said: tuple[str, int] = ("", 0)
        screens = [movie for movie in shown if movie.track in SCREENS]
        cameras = [movie for movie in shown if movie.track in CAMERAS]
        boxes = [box for column in layout(len(screens), len(cameras)) for box in column]
        self._panes = [_Pane(Reel(directory, movie), box) for movie, box in zip(screens + cameras, boxes, strict=True)]
        self._spans = [
            tuple((us - from_us) / self._length_us for us in (gap.from_us, gap.to_us))
            for movie in shown for gap in _all_gaps(movie, from_us, to_us)
        ]  # fmt: skip

    def draw(self, at_us: int) -> bool:
        """Whether anything is another than before; the clock is, each second."""
        changed = [pane.draw(self.canvas, at_us, self._words) for pane in self._panes]
        said = (f"{self._time_of(at_us)}  +{clock(at_us)}", at_us // 1_000_000)
        if said == self._said:
            return any(changed)
        self._said = said
        spans = [(begin, end) for begin, end in self._spans]
        self.canvas.bar(said[0], (at_us - self._from_us) / self._length_us, spans)
        return True

    def _words(self, gap: MovieGap) -> tuple[str, ...]:
        begin, end = max(gap.from_us, self._from_us), min(gap.to_us, self._to_us)
        why = {"nothing_recorded": (), "missing": ("records missing",)}.get(gap.reason, (gap.reason.replace("_", " "),))
        return ("no recording", f"{self._time_of(begin)}-{self._time_of(end)}", *why)


def _all_gaps(movie: MovieFile, from_us: int, to_us: int) -> list[MovieGap]:
    before, after = MovieGap(from_us, movie.start_us, ""), MovieGap(movie.end_us, to_us, "")
    return [gap for gap in (before, *movie.gaps, after) if gap.to_us > gap.from_us]


class _Pane:
    def __init__(self, reel: Reel, box: Box) -> None:
        self._reel, self._box = reel, box
        self._drawn: object = None

    def draw(self, canvas: Canvas, at_us: int, words: Callable[[MovieGap], tuple[str, ...]]) -> bool:
        """Whether it had to."""
        frame, gap = self._reel.at(at_us), self._reel.gap(at_us)
        wanted: object = gap or frame
        if wanted is self._drawn or (gap is not None and gap == self._drawn):
            return False
        self._drawn = wanted
        if gap is not None or frame is None:
            canvas.panel(self._box, words(gap) if gap else ("no recording",))
        else:
            canvas.show(self._box, frame)
        return True


class _Film:
    """Encodes pictures and, up to each of them, the sound. A picture lasts until the next one."""

    def __init__(self, container: Any, pieces: Iterator[Samples]) -> None:
        self._container = container
        self._pieces = pieces
        self._pictures = container.add_stream("libx264", rate=PER_S)
        self._pictures.width, self._pictures.height, self._pictures.pix_fmt = 1280, 720, "yuv420p"
        self._pictures.time_base = self._pictures.codec_context.time_base = Fraction(1, CLOCK_HZ)
        self._pictures.codec_context.gop_size = 100 * PER_S  # key frames are asked for by time: pictures last unevenly
        self._pictures.options = {"preset": "veryfast", "crf": "26", "bf": "0", "forced-idr": "1"}
        self._sound = container.add_stream("aac", rate=SOUND_RATE, layout="mono")
        self._sound.bit_rate = 64_000
        self._fifo = av.AudioFifo()
        self._position = 0
        self._newest = 0  # when the newest picture begins
        self._end = 0  # where the file ends, known at its close
        self._key_us = -KEY_US
        self.count = 0

    def picture(self, canvas: Canvas, at_us: int) -> None:
        frame = av.VideoFrame.from_ndarray(canvas.pixels, "yuv420p")
        frame.time_base, frame.pts = Fraction(1, CLOCK_HZ), at_us * CLOCK_HZ // 1_000_000
        if at_us - self._key_us >= KEY_US:
            self._key_us, frame.pict_type = at_us, av.video.frame.PictureType.I
        self._newest = frame.pts
        self.count += 1
        self._mux(self._pictures.encode(frame))
        self._hear(at_us * SOUND_RATE // 1_000_000)

    def close(self, at_us: int) -> None:
        self._end = at_us * CLOCK_HZ // 1_000_000
        self._mux(self._pictures.encode(None))
        self._hear(1 << 62)
        if self._fifo.samples:
            self._mux(self._sound.encode(self._fifo.read(0, partial=True)))
        self._mux(self._sound.encode(None))

    def _hear(self, until: int) -> None:
        while self._position < until and (piece := next(self._pieces, None)) is not None:
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(piece).reshape(1, -1), "fltp", "mono")
            frame.sample_rate, frame.time_base, frame.pts = SOUND_RATE, Fraction(1, SOUND_RATE), self._position
            self._position += piece.size
            self._fifo.write(frame)
            while (ready := self._fifo.read(1024)) is not None:
                self._mux(self._sound.encode(ready))

    def _mux(self, packets: list[Any]) -> None:
        for packet in packets:
            if packet.stream is self._pictures and packet.pts == self._newest and self._end:
                packet.duration = self._end - self._newest
            self._container.mux(packet)
