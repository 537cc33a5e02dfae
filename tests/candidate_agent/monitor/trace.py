"""Traces of what ports told during a quiet time, as lines of JSON: read, written and played again. No titles, no names
but those of the published list, no process ids; a line is [milliseconds, kind of event, fields ...].
"""

import json
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from candidate_agent.platforms.ports import (
    ActiveWindowChanged,
    AudioRouteChanged,
    ClipboardTaken,
    CombinationPressed,
    DeviceAdded,
    Display,
    DisplaysChanged,
    KeysCounted,
    OurWindowChanged,
    Process,
    Window,
    WindowOpened,
    WindowOverOurs,
)

TRACES = Path(__file__).with_name("traces")
OUR_ID, OUR_PID = 1, 1
_FLAT = {
    kind.__name__: kind
    for kind in (AudioRouteChanged, ClipboardTaken, CombinationPressed, DeviceAdded, KeysCounted)
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClockStepped:
    """Not from a port: the wall clock was corrected by so much."""

    by_ms: int


@dataclass(frozen=True, slots=True)
class StackLooked:
    """Not from a port's watch: a look at all windows, lowest first."""

    windows: tuple[Window, ...]


def to_line(at_ms: int, event: Any) -> str:
    match event:
        case DisplaysChanged(displays):
            fields: list[Any] = [[list(astuple(display)) for display in displays]]
        case ActiveWindowChanged(window, ours):
            fields = [_bare(window), ours]
        case WindowOverOurs(window, share):
            fields = [_bare(window), share]
        case OurWindowChanged(window) | WindowOpened(window):
            fields = [_bare(window)]
        case StackLooked(windows):
            fields = [[_bare(window) for window in windows]]
        case Process(pid, names, _):
            fields = [pid, list(names)]
        case _:
            fields = list(astuple(event))
    return json.dumps([at_ms, type(event).__name__, *fields], separators=(",", ":"))


def from_line(line: str) -> tuple[int, Any]:
    at_ms, kind, *fields = json.loads(line)
    match kind:
        case "DisplaysChanged":
            return at_ms, DisplaysChanged(tuple(Display(*display) for display in fields[0]))
        case "ActiveWindowChanged":
            return at_ms, ActiveWindowChanged(_window(fields[0]), fields[1])
        case "WindowOverOurs":
            return at_ms, WindowOverOurs(Window(*fields[0]), fields[1])
        case "OurWindowChanged":
            return at_ms, OurWindowChanged(_window(fields[0]))
        case "WindowOpened":
            return at_ms, WindowOpened(Window(*fields[0]))
        case "StackLooked":
            return at_ms, StackLooked(tuple(Window(*window) for window in fields[0]))
        case "Process":
            return at_ms, Process(fields[0], tuple(fields[1]), 0.0)
        case "ClockStepped":
            return at_ms, ClockStepped(*fields)
    return at_ms, _FLAT[kind](*fields)


def _bare(window: Window | None) -> list[Any] | None:
    return None if window is None else list(astuple(window))


def _window(fields: list[Any] | None) -> Window | None:
    return None if fields is None else Window(*fields)


def read(name: str) -> list[tuple[int, Any]]:
    lines = (TRACES / name).read_text(encoding="utf-8").splitlines()
    return [from_line(line) for line in lines]


def write(path: Path, events: Iterable[tuple[int, Any]]) -> None:
    path.write_text("".join(f"{to_line(at_ms, event)}\n" for at_ms, event in events), encoding="utf-8")


def looped(events: list[tuple[int, Any]], times: int) -> list[tuple[int, Any]]:
    """One after the other; a whole second lies between the end of one and the beginning of the next."""
    length_ms = (events[-1][0] // 1000 + 2) * 1000
    return [(at_ms + turn * length_ms, event) for turn in range(times) for at_ms, event in events]
