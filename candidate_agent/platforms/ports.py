"""What the agent asks of an operating system: small interfaces, one per concern, and the plain data they speak.

Backends live in linux/, windows/, macos/, simulated/; `select` picks one. Workers see only this file. A concern that a
system cannot serve is `Unsupported(reason)` in its place, shown to the candidate and to the server; nothing silently
does nothing. Callbacks (`emit`) come on a thread of the backend and must not block.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Unsupported:
    reason: str


Closer = Callable[[], None]
"""Ends a watch. May be called twice; returns when the thread has ended."""


# --- displays ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Display:
    name: str
    x: int
    y: int
    width: int
    height: int
    primary: bool
    mirrors: str = ""  # name of the display that shows the same place


@dataclass(frozen=True, slots=True)
class DisplaysChanged:
    displays: tuple[Display, ...]


class DisplayPort(Protocol):
    def displays(self) -> tuple[Display, ...]: ...

    def watch(self, emit: Callable[[DisplaysChanged], None]) -> Closer: ...


# --- windows ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Window:
    """A top-level window. `pid` 0 where unknown. The title is never read: it may tell what somebody works on."""

    id: int
    pid: int
    x: int
    y: int
    width: int
    height: int
    fullscreen: bool = False
    above: bool = False


@dataclass(frozen=True, slots=True)
class ActiveWindowChanged:
    window: Window | None
    ours: bool


@dataclass(frozen=True, slots=True)
class WindowOverOurs:
    """A window that is not ours was mapped or raised over ours. `share` of our area that it covers, 0..1."""

    window: Window
    share: float


WindowEvent = ActiveWindowChanged | WindowOverOurs


class WindowPort(Protocol):
    def windows(self) -> tuple[Window, ...]: ...

    def active(self) -> Window | None: ...

    def bring_to_front(self, window_id: int) -> None:
        """Gives the focus and the top place back to our window, in every way the window manager honours."""

    def watch(self, our_window_id: int, emit: Callable[[WindowEvent], None]) -> Closer: ...


# --- keys, clipboard, power -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CombinationPressed:
    """A combination that would leave the exam, by name ("Alt+Tab"). Never a character."""

    name: str


class KeyWatchPort(Protocol):
    def watch(self, emit: Callable[[CombinationPressed], None]) -> Closer: ...


@dataclass(frozen=True, slots=True)
class ClipboardTaken:
    """Another program took the clipboard; it was taken back."""

    selection: str


class ClipboardPort(Protocol):
    """Kept empty and owned between `isolate` and its Closer. Old content lives in memory only."""

    def read_text(self) -> str | None: ...

    def isolate(self, emit: Callable[[ClipboardTaken], None]) -> Closer: ...

    def put_back(self, text: str) -> None:
        """Offers `text` from a small process of its own until another program takes over."""


# --- settings of the desktop that lockdown changes --------------------------------------------------------------------


RESTORE_AT_LOGIN = "restore at login"
"""Name of the setting that is written first and put back last: it makes the next login put back the others."""


class SettingPort(Protocol):
    """One reversible setting (VT switch keys, screen saver ...). Values are JSON: they go into the undo log.

    `locked` is a fixed point: `locked(value) == value` says that `value` is already locked.
    """

    name: str

    def read(self) -> Any: ...

    def write(self, value: Any) -> None: ...

    def locked(self, old: Any) -> Any:
        """The value to hold during the exam, given the old one."""

    def default(self) -> Any:
        """What to fall back on when the undo log cannot be read."""


# --- processes and system ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Process:
    """`names`: executable base name, original name and the like, lower case. No arguments, no user data."""

    pid: int
    names: tuple[str, ...]
    started_s: float


class ProcessPort(Protocol):
    def processes(self) -> tuple[Process, ...]: ...

    def watch(self, emit: Callable[[Process], None]) -> Closer:
        """Every process started from now on, once or more often."""


@dataclass(frozen=True, slots=True)
class SystemFacts:
    os_name: str
    os_version: str
    session_type: str  # x11, wayland, windows, macos
    cores: int
    load_percent: float
    memory_total_bytes: int
    memory_free_bytes: int
    on_mains: bool | None  # None: no battery known
    battery_minutes: float | None
    vm_signals: tuple[str, ...]
    remote_signals: tuple[str, ...]
    administrator: bool


class SystemPort(Protocol):
    def facts(self) -> SystemFacts: ...

    def disk_free_bytes(self, directory: Path) -> int: ...

    def disk_write_bytes_per_s(self, directory: Path) -> float: ...


# --- pictures and sound -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Picture:
    """`pixels`: height x width x 4 (BGRA) from a screen, height x width x 3 (BGR) from a camera."""

    pixels: Image = field(repr=False)
    taken_us: int  # monotonic


class PictureStream(Protocol):
    width: int
    height: int

    def read(self) -> Picture | None:
        """The next picture (screen: now; camera: when it comes). None: the device gives nothing any more."""

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Camera:
    id: str
    name: str
    virtual: bool


class ScreenPort(Protocol):
    def open(self, display: Display) -> PictureStream: ...


class CameraPort(Protocol):
    def cameras(self) -> tuple[Camera, ...]: ...

    def open(self, camera: Camera, width: int, height: int, per_s: int) -> PictureStream:
        """Raises DeviceError `camera_missing` or `camera_busy`."""


@dataclass(frozen=True, slots=True)
class Microphone:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Sound:
    """`samples`: int16, mono."""

    samples: npt.NDArray[np.int16] = field(repr=False)
    taken_us: int


class MicrophonePort(Protocol):
    def microphones(self) -> tuple[Microphone, ...]: ...

    def muted(self, microphone: Microphone) -> bool | None:
        """None: cannot be told here."""

    def open(self, microphone: Microphone, rate: int, block: int, emit: Callable[[Sound], None]) -> Closer:
        """Blocks of `block` samples on the backend's thread. Raises DeviceError `microphone_missing`."""


@dataclass(frozen=True, slots=True)
class Devices:
    """Pictures and sound: built once for all systems, in `portable`, and handed to each backend."""

    screen: ScreenPort | Unsupported
    cameras: CameraPort | Unsupported
    microphones: MicrophonePort | Unsupported


@dataclass(frozen=True, slots=True)
class Platform:
    """Everything one system offers. `name` goes into OPEN, so that a server can refuse a simulated machine."""

    name: str  # "linux/x11", "windows", "macos", "simulated"
    displays: DisplayPort | Unsupported
    windows: WindowPort | Unsupported
    keys: KeyWatchPort | Unsupported
    clipboard: ClipboardPort | Unsupported
    settings: tuple[SettingPort, ...]
    processes: ProcessPort | Unsupported
    system: SystemPort
    screen: ScreenPort | Unsupported
    cameras: CameraPort | Unsupported
    microphones: MicrophonePort | Unsupported

    def capabilities(self) -> dict[str, str]:
        """Concern -> "yes" or the reason why not."""
        concerns = ("displays", "windows", "keys", "clipboard", "processes", "screen", "cameras", "microphones")
        table = {}
        for concern in concerns:
            port = getattr(self, concern)
            table[concern] = port.reason if isinstance(port, Unsupported) else "yes"
        for setting in self.settings:
            table[f"setting: {setting.name}"] = "yes"
        return table
