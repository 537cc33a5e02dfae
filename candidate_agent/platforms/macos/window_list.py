"""What the window server tells of windows, made into ours, and what changed between two looks. Pure.

Dictionaries are those of CGWindowListCopyWindowInfo. The title (kCGWindowName) is never asked for. Used by `windows`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from candidate_agent.platforms.ports import (
    ActiveWindowChanged,
    OurWindowChanged,
    Window,
    WindowEvent,
    WindowOpened,
    WindowOverOurs,
)

Box = tuple[int, int, int, int]  # x, y, width, height, in points

SHARED_WITH_NOBODY = 0  # kCGWindowSharingNone
SYSTEM_FOLDER = "/System/"  # sealed: no candidate can put a program there
DESKTOP_PROGRAMS = frozenset({"dock", "windowserver", "windowmanager", "controlcenter", "notificationcenter",
                              "systemuiserver", "textinputmenuagent", "loginwindow", "wallpaperagent"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sight:
    """One look. `windows`: those that can be seen, lowest first."""

    windows: tuple[Window, ...] = ()
    active: Window | None = None


def visible(told: Iterable[Mapping[str, Any]], displays: Iterable[Box], program_of: Callable[[int], str]) -> Sight:
    """`told`: front first, as the server tells; `program_of`: path of a process's executable, "" where unknown."""
    boxes = tuple(displays)
    found = [window(entry, boxes) for entry in told if seen(entry) and not of_desktop(entry, program_of)]
    return Sight(tuple(reversed(found)))


def seen(entry: Mapping[str, Any]) -> bool:
    bounds = entry.get("kCGWindowBounds") or {}
    return float(entry.get("kCGWindowAlpha", 1)) > 0 and bounds.get("Width", 0) > 0 and bounds.get("Height", 0) > 0


def of_desktop(entry: Mapping[str, Any], program_of: Callable[[int], str]) -> bool:
    """Dock, menu bar, desktop picture and the like: always there, and not another program's doing. A name alone is not
    believed: the program must lie in the system's sealed folder."""
    if not int(entry.get("kCGWindowLayer", 0)):
        return False
    path = program_of(int(entry.get("kCGWindowOwnerPID", 0)))
    return path.startswith(SYSTEM_FOLDER) and PurePosixPath(path).name.lower() in DESKTOP_PROGRAMS


def window(entry: Mapping[str, Any], displays: Iterable[Box]) -> Window:
    bounds = entry["kCGWindowBounds"]
    box = (int(bounds["X"]), int(bounds["Y"]), int(bounds["Width"]), int(bounds["Height"]))
    return Window(
        int(entry["kCGWindowNumber"]),
        int(entry.get("kCGWindowOwnerPID", 0)),
        *box,
        fullscreen=any(covered_share(display, box) == 1.0 for display in displays),
        above=int(entry.get("kCGWindowLayer", 0)) > 0,
        program=str(entry.get("kCGWindowOwnerName", "")).lower(),
        capturable=entry.get("kCGWindowSharingState", 1) != SHARED_WITH_NOBODY,
    )


def active_of(windows: tuple[Window, ...], pid: int) -> Window | None:
    """The front window of the program that has the keyboard; an ordinary one before a floating one."""
    own = [window for window in windows if window.pid == pid]
    ordinary = [window for window in own if not window.above]
    return next(reversed(ordinary or own), None)


def ours_of(windows: tuple[Window, ...], our_window_id: int, own_pid: int) -> Window | None:
    """By name or number; else the largest of our own process."""
    own = [window for window in windows if window.pid == own_pid]
    by_number = [window for window in own if window.id == our_window_id]
    by_size = sorted(own, key=lambda window: window.width * window.height)
    return next(reversed(by_number or by_size), None)


def covered_share(under: Box, over: Box) -> float:
    """Share of `under` that lies below `over`, 0..1."""
    width = min(under[0] + under[2], over[0] + over[2]) - max(under[0], over[0])
    height = min(under[1] + under[3], over[1] + over[3]) - max(under[1], over[1])
    area = under[2] * under[3]
    return max(0, width) * max(0, height) / area if area else 0.0


def over_ours(windows: tuple[Window, ...], ours: Window | None, own_pid: int) -> dict[int, float]:
    """Windows of others above ours, by number, with the share of ours that each covers."""
    if ours is None:
        return {}
    above = windows[[window.id for window in windows].index(ours.id) + 1 :]
    shares = {window.id: covered_share(box_of(ours), box_of(window)) for window in above if window.pid != own_pid}
    return {number: share for number, share in shares.items() if share > 0}


def box_of(window: Window) -> Box:
    return window.x, window.y, window.width, window.height


def changes(
    before: Sight, now: Sight, our_window_id: int, own_pid: int, *, first: bool = False
) -> tuple[WindowEvent, ...]:
    """What a person would have noticed between two looks, the active window first. `first`: what lies over ours is told
    even if it lay there before."""
    told: list[WindowEvent] = []
    if number(before.active) != number(now.active):
        told.append(ActiveWindowChanged(now.active, now.active is not None and now.active.pid == own_pid))
    ours_before = ours_of(before.windows, our_window_id, own_pid)
    ours_now = ours_of(now.windows, our_window_id, own_pid)
    if ours_before is not None and ours_before != ours_now:
        told.append(OurWindowChanged(ours_now))
    known = {window.id for window in before.windows}
    others = {window.id: window for window in now.windows if window.pid != own_pid}
    told += [WindowOpened(window) for window in others.values() if window.id not in known]
    over_before = {} if first else over_ours(before.windows, ours_before, own_pid)
    for over, share in over_ours(now.windows, ours_now, own_pid).items():
        if over_before.get(over) != share:
            told.append(WindowOverOurs(others[over], share))
    return tuple(told)


def number(window: Window | None) -> int:
    return window.id if window is not None else 0
