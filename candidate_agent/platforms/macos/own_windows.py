"""Our own windows as Cocoa has them: found, and named as our toolkit names them. For `windows`, `capture_exclusion`.

Qt names a window by the address of its view, the window server by a number. Ours go by Qt's name everywhere, so that
whoever asked for a window is told of it by the name that was used. An address is compared, never followed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from candidate_agent.platforms.macos.door import on_main_thread
from candidate_agent.platforms.ports import Window


def find(window_id: int) -> Any | None:
    """The NSWindow of that name or number, else this program's largest. On the main thread."""
    from AppKit import NSApplication

    windows = NSApplication.sharedApplication().windows()
    shown = [window for window in windows if window.isVisible() or window.isMiniaturized()]
    meant = [window for window in shown if window_id in (_name(window), int(window.windowNumber()))]
    by_size = sorted(shown, key=lambda window: window.frame().size.width * window.frame().size.height)
    return next(reversed(meant or by_size), None)


class Names:
    """Number of the window server -> name of the toolkit, asked for only when an unknown number comes up."""

    def __init__(self) -> None:
        self._known: dict[int, int] = {}

    def of(self, numbers: frozenset[int]) -> Mapping[int, int]:
        if not numbers <= self._known.keys():
            told = on_main_thread(_told)
            self._known = {number: told.get(number, number) for number in numbers}
        return self._known


def renamed(windows: Iterable[Window], own_pid: int, names: Names) -> tuple[Window, ...]:
    found = tuple(windows)
    known = names.of(frozenset(window.id for window in found if window.pid == own_pid))
    return tuple(replace(window, id=known[window.id]) if window.pid == own_pid else window for window in found)


def _told() -> dict[int, int]:
    from AppKit import NSApplication

    return {int(window.windowNumber()): _name(window) for window in NSApplication.sharedApplication().windows()}


def _name(window: Any) -> int:
    import objc

    view = window.contentView()
    return int(objc.pyobjc_id(view)) if view is not None else 0
