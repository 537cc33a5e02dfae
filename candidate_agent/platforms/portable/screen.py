"""ScreenPort by mss: shared memory on X11, GDI on Windows, CoreGraphics on macOS. (Wayland: black, so refused.)

Whoever reads a stream of this file gets None when the display has changed its place or size, and opens it again.
"""

from typing import Any

import mss
import numpy as np
from mss.exception import ScreenShotError

from candidate_agent.base.clock import Clock
from candidate_agent.base.errors import DeviceError
from candidate_agent.platforms.ports import WHOLE, Display, Picture, Rows, RowStream

GEOMETRY_CHECK_US = 2_000_000

Box = tuple[int, int, int, int]


def _box(monitor: dict[str, Any]) -> Box:
    return monitor["left"], monitor["top"], monitor["width"], monitor["height"]


def _find(monitors: list[dict[str, Any]], display: Display) -> Box | None:
    """Where `display` is now: by name, else by the place it had, else the primary, else the only one."""
    single = monitors[1:] or monitors[:1]
    by_name = [m for m in single if display.name and display.name in (m.get("output"), m.get("name"))]
    by_place = [m for m in single if _box(m) == (display.x, display.y, display.width, display.height)]
    by_rank = [m for m in single if display.primary and m.get("is_primary")]
    only = single if len(single) == 1 else []
    found = by_name or by_place or by_rank or only
    return _box(found[0]) if found else None


class MssStream:
    """Pictures of one display, each grabbed when it is asked for. Read from one thread at a time."""

    def __init__(self, display: Display, clock: Clock) -> None:
        self.left = self.top = self.width = self.height = 0
        self._display = display
        self._clock = clock
        self._grabber: mss.MSS | None = None
        self._box: Box = (0, 0, 0, 0)
        self._check_at_us = 0

    def start(self) -> None:
        """Raises DeviceError `display_missing`."""
        try:
            self._grabber = mss.MSS()
            box = _find(self._grabber.monitors, self._display)
        except ScreenShotError as error:
            self.close()
            raise DeviceError("display_missing", "The screen cannot be read.") from error
        if box is None:
            self.close()
            raise DeviceError("display_missing", f"The display {self._display.name} is not connected.")
        self._box = box
        self.left, self.top, self.width, self.height = box
        self._check_at_us = self._clock.monotonic_us() + GEOMETRY_CHECK_US

    def read(self) -> Picture | None:
        return self.read_rows(WHOLE)

    def read_rows(self, rows: Rows) -> Picture | None:
        if self._grabber is None:
            return None
        taken_us = self._clock.monotonic_us()
        left, top, width, height = self._box
        first, end = rows[0], min(rows[1], height)
        try:
            if taken_us >= self._check_at_us and self._moved(taken_us):
                return None
            shot = self._grabber.grab({"left": left, "top": top + first, "width": width, "height": end - first})
        except ScreenShotError:
            return None
        pixels = np.frombuffer(shot.raw, np.uint8).reshape(shot.height, shot.width, 4)
        return Picture(pixels, taken_us)

    def _moved(self, now_us: int) -> bool:
        """mss keeps the first geometry it read, so a fresh connection is asked (1.5 ms, every two seconds)."""
        self._check_at_us = now_us + GEOMETRY_CHECK_US
        with mss.MSS() as fresh:
            return _find(fresh.monitors, self._display) != self._box

    def close(self) -> None:
        if self._grabber is not None:
            self._grabber.close()
            self._grabber = None


class MssScreen:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def open(self, display: Display) -> RowStream:
        """Raises DeviceError `display_missing`."""
        stream = MssStream(display, self._clock)
        stream.start()
        return stream
