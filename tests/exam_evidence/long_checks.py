"""What must hold of an opened long sitting, measured: lengths as ffprobe sees them, the picture of each minute, sound
and pictures at the end. Used by `test_long_sitting` and by `bench.evidence`."""

import json
import subprocess
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

from exam_evidence.export import Opened
from exam_evidence.marks import Mark
from exam_evidence.movies import MovieFile
from exam_evidence.panes import GREY, Box, layout
from tests.exam_evidence.long_sitting import Plan, read_number

HOLDS_US = 5_000_000  # the last picture before a gap
SHOWN_AT = 0.1  # of a minute: also there in the one that ends with a full disk
SIDE_BY_SIDE = "side-by-side.mp4"

Luma = npt.NDArray[np.uint8]


def film(opened: Opened, track: str) -> MovieFile:
    return next(movie for movie in opened.movies if movie.track == track)


def length_s(path: Path) -> float:
    command = ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "json", str(path)]
    return float(json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["format"]["duration"])


def length_errors_s(directory: Path, opened: Opened) -> dict[str, float]:
    """By file: how far its length, as ffprobe sees it, is from what was recorded; a gap at its end is no part of it."""
    assert opened.side_by_side is not None
    errors = {SIDE_BY_SIDE: _error_s(directory, opened.side_by_side, opened.side_by_side.end_us)}
    for movie in opened.movies:
        ends_us = movie.gaps[-1].from_us if movie.gaps and movie.gaps[-1].to_us == movie.end_us else movie.end_us
        errors[movie.file] = _error_s(directory, movie, ends_us)
    return errors


def _error_s(directory: Path, movie: MovieFile, ends_us: int) -> float:
    return abs(length_s(directory / movie.file) - (ends_us - movie.start_us) / 1e6)


def picture_at(path: Path, at_s: float) -> Luma:
    """As a player seeks: to the key frame before, and on to the last picture that begins by then."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert stream.time_base is not None
        container.seek(int(at_s / stream.time_base), stream=stream)
        shown = None
        for frame in container.decode(stream):
            if shown is not None and (frame.time or 0) > at_s + 1e-4:
                break
            shown = frame
    assert shown is not None
    return shown.to_ndarray(format="yuv420p")[: shown.height]


def expected_sizes(plan: Plan, minute: int) -> dict[str, tuple[int, int] | None]:
    """Of each track's picture in that minute; None where there is none."""
    away, display = plan.camera_away, plan.second_display
    camera = (96, 72) if minute >= plan.low_profile else (176, 144) if minute >= away[1] else (160, 120)
    return {
        "screen": (360, 640) if minute >= plan.turned else (640, 360),
        "screen_2": (480, 270) if display[0] <= minute < display[1] else None,
        "webcam": None if away[0] <= minute < away[1] else camera,
    }


def minutes_to_look_at(plan: Plan) -> list[int]:
    """The first, the last, and before and after everything that happens."""
    events = (
        plan.turned, *plan.camera_away, *plan.silent, plan.disk_full + 1, *plan.second_display, plan.low_profile,
    )  # fmt: skip
    return sorted({0, plan.minutes - 1, *events, *(minute - 1 for minute in events)})


def wrong_pictures(directory: Path, opened: Opened, plan: Plan) -> list[str]:
    """Sought in every film, each minute where something happens: what is not the picture of that minute."""
    wrong = []
    for minute in minutes_to_look_at(plan):
        at_us = plan.begins_us(minute + SHOWN_AT)
        together = picture_at(directory / SIDE_BY_SIDE, (at_us - plan.start_us) / 1e6)
        sizes = expected_sizes(plan, minute)
        for (track, size), box in zip(sizes.items(), boxes(), strict=True):
            if size is None:
                holds = at_us < plan.begins_us(plan.camera_away[0]) + HOLDS_US
                if track == "webcam" and not holds and abs(int(together[box.top + 20, box.left + 20]) - GREY) > 6:
                    wrong.append(f"minute {minute}: side by side shows a picture of {track}")
                continue
            movie = film(opened, track)
            luma = picture_at(directory / movie.file, (at_us - movie.start_us) / 1e6)
            if (luma.shape[::-1], read_number(luma)) != (size, minute):
                wrong.append(f"minute {minute}: {track} shows {read_number(luma)} in {luma.shape[::-1]}, not {size}")
            if (seen := read_number(within(together, box, size))) != minute:
                wrong.append(f"minute {minute}: side by side shows {seen} for {track}")
    return wrong


def boxes() -> list[Box]:
    screens, cameras = layout(2, 1)
    return [*screens, *cameras]


def within(together: Luma, box: Box, size: tuple[int, int]) -> Luma:
    """A track's picture in the side-by-side film, as `panes` places it."""
    share = min(box.width / size[0], box.height / size[1])
    width, height = (max(2, int(side * share) // 2 * 2) for side in size)
    left, top = box.left + (box.width - width) // 4 * 2, box.top + (box.height - height) // 4 * 2
    return together[top : top + height, left : left + width]


def beep_s(path: Path, near_s: float, within_s: float = 1.5) -> float:
    """When it begins to be loud, in seconds of the film; looked for around `near_s`."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        assert stream.time_base is not None
        container.seek(max(0, int((near_s - within_s) / stream.time_base)), stream=stream)
        for frame in container.decode(stream):
            at_s = frame.time or 0.0
            if at_s < near_s - within_s:
                continue
            samples = np.abs(frame.to_ndarray().astype(np.float32).reshape(-1))
            loud = np.nonzero(samples > 0.1)[0]
            if loud.size:
                return float(at_s + loud[0] / frame.sample_rate)
            if at_s > near_s + within_s:
                break
    raise AssertionError(f"no beep around second {near_s} of {path.name}")


def changes_s(path: Path, near_s: float, box: Box | None, size: tuple[int, int], number: int) -> float:
    """When the picture of minute `number` begins, in seconds of the film."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert stream.time_base is not None
        container.seek(max(0, int((near_s - 2) / stream.time_base)), stream=stream)
        for frame in container.decode(stream):
            luma = frame.to_ndarray(format="yuv420p")[: frame.height]
            if read_number(within(luma, box, size) if box else luma) == number and (frame.time or 0) > near_s - 2:
                return float(frame.time or 0)
    raise AssertionError(f"minute {number} does not begin around second {near_s} of {path.name}")


def apart_at_end_s(directory: Path, opened: Opened, plan: Plan) -> dict[str, float]:
    """How far sound and camera of the last minute's beginning are apart: in the films of the tracks, side by side."""
    last, size = plan.minutes - 1, expected_sizes(plan, plan.minutes - 1)["webcam"]
    assert size is not None
    at_us, camera, sound = plan.begins_us(last), film(opened, "webcam"), film(opened, "audio")
    seen_s = camera.start_us / 1e6 + changes_s(
        directory / camera.file, (at_us - camera.start_us) / 1e6, None, size, last
    )
    heard_s = sound.start_us / 1e6 + beep_s(directory / sound.file, (at_us - sound.start_us) / 1e6)
    near_s, path = (at_us - plan.start_us) / 1e6, directory / SIDE_BY_SIDE
    together_s = changes_s(path, near_s, boxes()[2], size, last) - beep_s(path, near_s)
    return {"tracks": abs(seen_s - heard_s), "side by side": abs(together_s)}


def wrong_marks(directory: Path, marks: list[Mark], opened: Opened, plan: Plan) -> list[str]:
    """Flags whose place in the side-by-side film does not show the minute that they are about."""
    wrong = []
    for mark in marks:
        minute = (mark.from_us - plan.start_us) // plan.minute_us
        size = expected_sizes(plan, minute)["screen"]
        assert mark.side_by_side is not None and size is not None
        seen = read_number(within(picture_at(directory / SIDE_BY_SIDE, mark.side_by_side.from_s), boxes()[0], size))
        if seen != minute:
            wrong.append(f"{mark.code}: the film shows minute {seen}, not {minute}")
    return wrong
