"""The room scan: pictures spread over some seconds while the candidate turns the camera. Called at check-in."""

import time
from collections.abc import Callable

from candidate_agent.base.errors import DeviceError
from candidate_agent.capture import preview
from candidate_agent.capture.queues import Latest
from candidate_agent.capture.sources import PictureSource
from candidate_agent.platforms.ports import Picture

QUALITY = 80
PATIENCE_S = 8.0


def scan(
    source: PictureSource, seconds: float = 8, pictures: int = 8, on_progress: Callable[[int, int], None] | None = None
) -> tuple[bytes, ...]:
    """JPEGs at recording size, evenly spread by the pictures' own times. `on_progress(taken, pictures)`.

    Raises DeviceError `camera_missing` when no picture comes for 8 s. Blocks: call it on a thread of its own.
    """
    arrived: Latest[Picture | None] = Latest(4)
    close = source.subscribe(arrived.put)
    try:
        return _collect(arrived, round(seconds * 1_000_000 / max(1, pictures - 1)), pictures, on_progress)
    finally:
        close()


def _collect(
    arrived: Latest[Picture | None], interval_us: int, pictures: int, on_progress: Callable[[int, int], None] | None
) -> tuple[bytes, ...]:
    taken: list[bytes] = []
    due_us = 0
    while len(taken) < pictures:
        picture = _next(arrived)
        if picture.taken_us >= due_us:
            due_us = picture.taken_us + interval_us
            taken.append(preview.full_jpeg(picture.pixels, QUALITY))
            if on_progress is not None:
                on_progress(len(taken), pictures)
    return tuple(taken)


def _next(arrived: Latest[Picture | None]) -> Picture:
    """The next picture; losing the camera for a moment is waited out."""
    give_up_s = time.monotonic() + PATIENCE_S
    while (left_s := give_up_s - time.monotonic()) > 0:
        picture = arrived.get(left_s)
        if picture is not None:
            return picture
    raise DeviceError("camera_missing", "The camera gives no picture.")
