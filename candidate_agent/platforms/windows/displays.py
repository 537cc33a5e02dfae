"""Displays by QueryDisplayConfig: one for each monitor that is lit. Two monitors fed by one source are mirrored.

Where Windows does not answer that (a remote session), the monitors of the desktop are listed, without mirrors.
"""

import ctypes
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from candidate_agent.platforms.ports import Closer, Display, DisplaysChanged
from candidate_agent.platforms.windows import api
from candidate_agent.platforms.windows import structures as s
from candidate_agent.platforms.windows.message_thread import Watching, start

TICK_MS = 500  # a mirror that changes no resolution may come without a message
ATTEMPTS = 5
_TOO_LITTLE_ROOM = 122
_SOURCE_MODE = 1
_GET_SOURCE_NAME = 1


@dataclass(frozen=True, slots=True)
class Lit:
    """One monitor that is lit: the source that feeds it, that source's name, and the place it shows."""

    source: tuple[int, int, int]
    name: str
    x: int
    y: int
    width: int
    height: int


class WindowsDisplays:
    def displays(self) -> tuple[Display, ...]:
        lit = _lit()
        return named(lit) if lit else _monitors()

    def watch(self, emit: Callable[[DisplaysChanged], None]) -> Closer:
        seen = [self.displays()]

        def look(*_: int) -> None:
            now = self.displays()
            if now != seen[0]:
                seen[0] = now
                emit(DisplaysChanged(now))

        return start(Watching("displays", hears=(api.WM_DISPLAYCHANGE,), handle=look, tick=look, tick_ms=TICK_MS))


def named(lit: Iterable[Lit]) -> tuple[Display, ...]:
    """The primary display lies at 0,0 by definition and comes first. A mirror has its source's name and a number."""
    found: list[Display] = []
    fed: dict[tuple[int, int, int], list[str]] = {}
    for each in sorted(lit, key=lambda one: ((one.x, one.y) != (0, 0), one.x, one.y)):
        names = fed.setdefault(each.source, [])
        name = f"{each.name} mirror {len(names)}" if names else each.name
        primary = not names and (each.x, each.y) == (0, 0)
        found.append(Display(name, each.x, each.y, each.width, each.height, primary, names[0] if names else ""))
        names.append(name)
    return tuple(found)


def _lit() -> list[Lit]:
    """Empty where Windows does not answer, or the answer went on changing."""
    for _ in range(ATTEMPTS):
        found, changed = _asked()
        if not changed:
            return found
    return []


def _asked() -> tuple[list[Lit], bool]:
    """What is lit, and whether that changed between the two questions."""
    paths, modes = ctypes.c_uint(), ctypes.c_uint()
    if api.display_buffer_sizes(api.QDC_ONLY_ACTIVE_PATHS, ctypes.byref(paths), ctypes.byref(modes)):
        return [], False
    path_list, mode_list = (s.DisplayPath * paths.value)(), (s.DisplayMode * modes.value)()
    failed = api.query_displays(
        api.QDC_ONLY_ACTIVE_PATHS, ctypes.byref(paths), path_list, ctypes.byref(modes), mode_list, None
    )
    if failed:
        return [], failed == _TOO_LITTLE_ROOM
    found = [_lit_by(path, mode_list[: modes.value]) for path in path_list[: paths.value]]
    return [one for one in found if one is not None], None in found


def _lit_by(path: Any, modes: list[Any]) -> Lit | None:
    source = path.source
    key = (int(source.adapter.low), int(source.adapter.high), int(source.id))
    for mode in modes:
        if mode.kind == _SOURCE_MODE and (mode.adapter.low, mode.adapter.high, mode.id) == key:
            place = mode.mode.source
            return Lit(key, _name(source), place.position.x, place.position.y, place.width, place.height)
    return None


def _name(source: Any) -> str:
    asked = s.SourceName(kind=_GET_SOURCE_NAME, adapter=source.adapter, id=source.id)
    asked.size = ctypes.sizeof(asked)
    failed = api.display_device_info(ctypes.byref(asked))
    return f"source {source.id}" if failed else str(asked.device)


def _monitors() -> tuple[Display, ...]:
    found: list[Display] = []

    def one(monitor: Any, *_: Any) -> int:
        info = s.MonitorInfo()
        info.size = ctypes.sizeof(info)
        if api.monitor_info(monitor, ctypes.byref(info)):
            box = info.monitor
            width, height = box.right - box.left, box.bottom - box.top
            primary = bool(info.flags & api.MONITORINFOF_PRIMARY)
            found.append(Display(str(info.device), box.left, box.top, width, height, primary))
        return 1

    api.enum_monitors(None, None, s.EnumMonitorsProcedure(one), 0)
    return tuple(sorted(found, key=lambda display: not display.primary))
