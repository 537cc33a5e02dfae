"""What is recorded as black: parts of displays that the policy names, and where the exam page has password fields.

A screen source asks it for every picture, before anything else sees that; `app` makes one and tells it of the fields.
"""

import math
import threading
from dataclasses import dataclass, replace

from candidate_agent.base.clock import Clock
from candidate_agent.capture.shape import Image, Rect, blacked
from exam_protocol.policy import Blackout

LINGER_US = 1_000_000
"""Where a field was stays black this long: a picture may be older than the word that the field has moved."""
PATIENCE_S = 0.15
"""A page is asked ten times a second where its fields are."""
EXAM_DISPLAY = 0


@dataclass(frozen=True, slots=True)
class _Told:
    rects: tuple[Rect, ...]
    until_us: int | None  # None: they hold now


class Regions:
    """Thread safe. Displays count from the exam's own, 0."""

    def __init__(self, clock: Clock, blackouts: tuple[Blackout, ...] = (), *, follows: bool = False) -> None:
        """`follows`: fields are told of. A picture then waits a moment for the word on where they were."""
        self.patience_s = PATIENCE_S if follows else 0.0
        self._clock = clock
        self._blackouts = blackouts
        self._lock = threading.Lock()
        self._told: tuple[_Told, ...] = ()
        self.version = 0
        """Another one: pictures of a still screen look different now."""

    def fields(self, rects: tuple[Rect, ...]) -> None:
        """Where password fields are on the exam's display, in its pixels. They take the place of those told before."""
        now_us = self._clock.monotonic_us()
        with self._lock:
            if self._told and self._told[-1].until_us is None and self._told[-1].rects == rects:
                return
            held = tuple(
                told if told.until_us is not None else _Told(told.rects, now_us + LINGER_US) for told in self._told
            )
            self._told = (*(told for told in held if _holds(told, now_us)), _Told(rects, None))
            self.version += 1

    def names(self, display: int) -> bool:
        """Whether the policy has a part of this display recorded as black: then a black picture is no news."""
        return any(part.display == display for part in self._blackouts)

    def of(self, display: int, width: int, height: int) -> tuple[Rect, ...]:
        """In pixels of a picture of this size."""
        parts = tuple(_placed(part, width, height) for part in self._blackouts if part.display == display)
        if display != EXAM_DISPLAY:
            return parts
        now_us = self._clock.monotonic_us()
        with self._lock:
            return parts + tuple(rect for told in self._told if _holds(told, now_us) for rect in told.rects)

    def masked(self, display: int, pixels: Image, first: int = 0, height: int | None = None) -> Image:
        """The picture with those parts black; the array is written to where that can be. `first`: where `pixels` are
        only the rows from there on of a picture of `height`."""
        whole = pixels.shape[0] if height is None else height
        rects = self.of(display, pixels.shape[1], whole)
        return blacked(pixels, tuple(replace(rect, top=rect.top - first, bottom=rect.bottom - first) for rect in rects))


def _holds(told: _Told, now_us: int) -> bool:
    return told.until_us is None or now_us < told.until_us


def _placed(part: Blackout, width: int, height: int) -> Rect:
    """Outwards to whole pixels."""
    right, bottom = part.left + part.width, part.top + part.height
    return Rect(
        math.floor(part.left * width),
        math.floor(part.top * height),
        math.ceil(right * width),
        math.ceil(bottom * height),
    )
