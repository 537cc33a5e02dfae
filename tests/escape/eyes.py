"""What a person before the screen would see, sampled by a client of its own: knows nothing of the code under test.

Four things at each look: which share of the screen shows the intruder's colour, whether the exam's window is the active
one, whether it has the input focus, and whether it still is on the screen. Used by `room`.
"""

import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mss
import numpy as np
from Xlib import X, display
from Xlib import error as xerror

EVERY_S = 0.04
GRID = 8
MARK_BGR = (0xFF, 0x00, 0xFF)
SMALLEST_SHARE = 0.002


@dataclass(frozen=True, slots=True)
class Look:
    at: float
    mark: float  # share of the screen in the intruder's colour
    active: bool
    focus: bool
    shown: bool  # mapped, and as large as the screen

    @property
    def lost(self) -> bool:
        """Somebody else is in front, or the exam is not there."""
        return not self.active or not self.focus or not self.shown

    @property
    def covered(self) -> bool:
        return self.mark > SMALLEST_SHARE


class Eyes:
    def __init__(self, display_name: str) -> None:
        self._name = display_name
        self._window = 0
        self._looks: list[Look] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="eyes", daemon=True)

    def open(self, window_id: int) -> "Eyes":
        self._window = window_id
        self._thread.start()
        return self

    def close(self) -> None:
        self._ended.set()
        self._thread.join(5)

    def since(self, at: float) -> list[Look]:
        return [look for look in self._looks if look.at >= at]

    def longest_s(self, holds: Callable[[Look], bool], since: float) -> float:
        """The longest unbroken time in which `holds` was seen."""
        longest, began = 0.0, None
        for look in self.since(since):
            if not holds(look):
                began = None
                continue
            began = look.at if began is None else began
            longest = max(longest, look.at - began + EVERY_S)
        return longest

    def _run(self) -> None:
        connection = display.Display(self._name)
        connection.set_error_handler(lambda *_: None)
        try:
            while not self._ended.is_set():
                with contextlib.suppress(mss.ScreenShotError):  # the screen has another size now: looked at anew
                    self._look_on(connection)
        except (xerror.ConnectionClosedError, OSError):
            return  # the screen ended
        finally:
            connection.close()

    def _look_on(self, connection: Any) -> None:
        with mss.MSS(display=self._name) as screen:
            while not self._ended.wait(EVERY_S):
                self._looks.append(self._look(connection, screen))

    def _look(self, connection: Any, screen: Any) -> Look:
        at = time.monotonic()
        root = connection.screen().root
        found = root.get_full_property(connection.intern_atom("_NET_ACTIVE_WINDOW"), X.AnyPropertyType)
        active = bool(found and len(found.value) and found.value[0] == self._window)
        return Look(at, _share(screen), active, self._has_focus(connection), self._is_shown(connection))

    def _has_focus(self, connection: Any) -> bool:
        focus = connection.get_input_focus().focus
        client = ~connection.display.info.resource_id_mask
        return getattr(focus, "id", focus) & client == self._window & client

    def _is_shown(self, connection: Any) -> bool:
        window, root = connection.create_resource_object("window", self._window), connection.screen().root
        try:
            size, screen = window.get_geometry(), root.get_geometry()
            corner = window.translate_coords(root, 0, 0)
            seen = window.get_attributes().map_state == X.IsViewable
        except (xerror.XError, AttributeError):
            return False
        fills = size.width * size.height >= 0.9 * min(screen.width, 1920) * min(screen.height, 1080)
        return bool(seen and fills and (corner.x, corner.y) == (0, 0))


def _share(screen: Any) -> float:
    shot = screen.grab(screen.monitors[0])
    pixels = np.frombuffer(shot.raw, np.uint8).reshape(shot.height, shot.width, 4)[::GRID, ::GRID, :3]
    return float(np.mean(np.all(pixels == MARK_BGR, axis=2)))
