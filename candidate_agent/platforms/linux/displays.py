"""Displays by RandR: what is lit, where, and which one shows the same place as another."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from Xlib.ext import randr

from candidate_agent.platforms.linux.connection import EventThread, connected
from candidate_agent.platforms.ports import Closer, Display, DisplaysChanged

_ON_ITS_SIDE = randr.Rotate_90 | randr.Rotate_270
_ONE = 0x10000  # 1.0 as the server writes it
_MASK = randr.RRScreenChangeNotifyMask | randr.RRCrtcChangeNotifyMask | randr.RROutputChangeNotifyMask


class X11Displays:
    def __init__(self, display_name: str | None = None) -> None:
        self._display_name = display_name

    def displays(self) -> tuple[Display, ...]:
        with connected(self._display_name) as connection:
            return read_displays(connection)

    def watch(self, emit: Callable[[DisplaysChanged], None]) -> Closer:
        seen: list[tuple[Display, ...]] = []

        def prepare(connection: Any) -> None:
            connection.screen().root.xrandr_select_input(_MASK)
            seen.append(read_displays(connection))

        def handle(connection: Any, _event: Any) -> None:
            now = read_displays(connection)
            if now != seen[0]:
                seen[0] = now
                emit(DisplaysChanged(now))

        return EventThread(self._display_name, "displays").start(prepare, handle)


def read_displays(connection: Any) -> tuple[Display, ...]:
    """Lit outputs, in the order of the server."""
    root = connection.screen().root
    resources = root.xrandr_get_screen_resources_current()
    sizes = {mode.id: (mode.width, mode.height) for mode in resources.modes}
    primary = root.xrandr_get_output_primary().output
    found = []
    for output in resources.outputs:
        info = connection.xrandr_get_output_info(output, resources.config_timestamp)
        if not getattr(info, "crtc", 0):
            continue
        area = connection.xrandr_get_crtc_info(info.crtc, resources.config_timestamp)
        box = (area.x, area.y, area.width, area.height)
        pans = _pans(connection, info.crtc, sizes.get(area.mode), area.rotation)
        found.append(Display(str(info.name), *box, output == primary, pans=pans))
    return with_mirrors(tuple(found))


def _pans(connection: Any, crtc: int, size: tuple[int, int] | None, rotation: int) -> bool:
    place = connection.xrandr_get_panning(crtc)
    if size is None or not place.width or not place.height:
        return False
    scale = connection.xrandr_get_crtc_transform(crtc).current_transform
    return is_larger((place.width, place.height), size, rotation, (scale.matrix11 / _ONE, scale.matrix22 / _ONE))


def is_larger(place: tuple[int, int], size: tuple[int, int], rotation: int, scale: tuple[float, float]) -> bool:
    """Whether a place is larger than what the display's picture of `size` shows of it. A scaled desktop often has a
    place that is just as large as what is shown: nothing moves then."""
    width, height = reversed(size) if rotation & _ON_ITS_SIDE else size
    return place[0] > width * scale[0] + 1 or place[1] > height * scale[1] + 1


def with_mirrors(displays: tuple[Display, ...]) -> tuple[Display, ...]:
    """Names, for each display, an earlier one that shows the same place (same corner and one inside the other)."""
    named: list[Display] = []
    for display in displays:
        twin = next((other.name for other in named if not other.mirrors and _same_place(other, display)), "")
        named.append(replace(display, mirrors=twin))
    return tuple(named)


def _same_place(one: Display, other: Display) -> bool:
    overlap_x = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    overlap_y = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    if overlap_x <= 0 or overlap_y <= 0:
        return False
    return 2 * overlap_x * overlap_y > min(one.width * one.height, other.width * other.height)
