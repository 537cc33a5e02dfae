"""What Windows knows of top-level windows: order, place, owner, what is seen. Used by `windows` and `processes`."""

import ctypes
from ctypes import wintypes
from typing import Any

from candidate_agent.base.errors import PlatformError
from candidate_agent.platforms.ports import Window
from candidate_agent.platforms.windows import api, images
from candidate_agent.platforms.windows import structures as s

APP_WINDOW = "Windows.UI.Core.CoreWindow"

Box = tuple[int, int, int, int]  # x, y, width, height


def top_windows() -> list[int]:
    """All top-level windows of this desktop, lowest first."""
    found: list[int] = []

    def one(window: Any, _: Any) -> int:
        found.append(int(window))
        return 1

    api.enum_windows(s.EnumWindowsProcedure(one), 0)
    return found[::-1]


def seen_windows() -> list[int]:
    return [window for window in top_windows() if is_seen(window)]


def is_seen(window: int) -> bool:
    """Shown, not minimized, not cloaked (on another virtual desktop, or an app that sleeps), and not empty."""
    if not api.is_window_visible(window) or api.is_iconic(window) or _is_cloaked(window):
        return False
    box = box_of(window)
    return box is not None and box[2] > 0 and box[3] > 0


def _is_cloaked(window: int) -> bool:
    cloaked = wintypes.DWORD()
    try:
        failed = api.dwm_attribute(window, api.DWMWA_CLOAKED, ctypes.byref(cloaked), ctypes.sizeof(cloaked))
    except PlatformError:
        return False  # no desktop composition, so nothing is cloaked
    return not failed and cloaked.value != 0


def box_of(window: int) -> Box | None:
    edges = wintypes.RECT()
    if not api.window_rectangle(window, ctypes.byref(edges)):
        return None
    return edges.left, edges.top, edges.right - edges.left, edges.bottom - edges.top


def monitor_box(window: int) -> Box:
    """The whole monitor on which most of a window lies."""
    info = s.MonitorInfo()
    info.size = ctypes.sizeof(info)
    api.monitor_info(api.monitor_of_window(window, api.MONITOR_DEFAULTTONEAREST), ctypes.byref(info))
    edges = info.monitor
    return edges.left, edges.top, edges.right - edges.left, edges.bottom - edges.top


def process_of(window: int) -> int:
    pid = wintypes.DWORD()
    api.window_process(window, ctypes.byref(pid))
    return int(pid.value)


def process_shown(window: int) -> int:
    """The process whose content a window shows: apps of the store lie in a frame that Windows made."""
    inside = api.find_window_in(window, None, APP_WINDOW, None)
    return (process_of(inside) if inside else 0) or process_of(window)


def owner(window: int) -> int:
    """The window that a dialog belongs to; 0 for a window that stands for itself."""
    return int(api.window_of_kin(window, api.GW_OWNER) or 0)


def active_window() -> int:
    window = api.foreground_window()
    return int(api.ancestor(window, api.GA_ROOT) or window) if window else 0


def affinity(window: int) -> int | None:
    """How a window takes part in recordings; None where Windows does not tell."""
    value = wintypes.DWORD()
    return int(value.value) if api.window_affinity(window, ctypes.byref(value)) else None


def describe(window: int) -> Window | None:
    box = box_of(window)
    if box is None:
        return None
    pid = process_shown(window)
    return Window(
        window,
        pid,
        *box,
        fullscreen=covers(box, monitor_box(window)),
        above=bool(api.window_long(window, api.GWL_EXSTYLE) & api.WS_EX_TOPMOST),
        program=images.program_of(pid),
        capturable=affinity(window) in (None, api.WDA_NONE),
    )


def covers(over: Box, under: Box) -> bool:
    right, bottom = over[0] + over[2], over[1] + over[3]
    return (
        over[0] <= under[0] and over[1] <= under[1] and right >= under[0] + under[2] and bottom >= under[1] + under[3]
    )


def covered_share(under: Box, over: Box) -> float:
    """Share of `under` that lies below `over`, 0..1."""
    width = min(under[0] + under[2], over[0] + over[2]) - max(under[0], over[0])
    height = min(under[1] + under[3], over[1] + over[3]) - max(under[1], over[1])
    area = under[2] * under[3]
    return max(0, width) * max(0, height) / area if area else 0.0
