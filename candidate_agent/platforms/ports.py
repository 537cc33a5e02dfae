"""What the agent asks of an operating system: small interfaces, one per concern, and the plain data they speak.

Backends live in linux/, windows/, macos/, simulated/; `select` picks one. Workers see only this file. A concern that a
system cannot serve is `Unsupported(reason)` in its place, shown to the candidate and to the server; nothing silently
does nothing. Callbacks (`emit`) come on a thread of the backend and must not block.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:  # who opens a window or gives the computer back needs no pictures, and no wait for their library
    import numpy as np
    import numpy.typing as npt

    Image = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Unsupported:
    """`code`: by it the page says the reason in the candidate's language, where a check can show it."""

    reason: str
    code: str = field(default="", compare=False)


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
    pans: bool = False  # shows a part only of its place, and moves about in it with the pointer


@dataclass(frozen=True, slots=True)
class DisplaysChanged:
    displays: tuple[Display, ...]


class DisplayPort(Protocol):
    def displays(self) -> tuple[Display, ...]: ...

    def watch(self, emit: Callable[[DisplaysChanged], None]) -> Closer: ...


# --- windows ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Window:
    """A top-level window. `pid` 0 where unknown. The title is never read: it may tell what somebody works on.

    `program`: what the window says of its program (X11: class; Windows: name of the executable), lower case; it stays
    when the executable was renamed. `capturable` False: it asks the system not to be recorded.
    """

    id: int
    pid: int
    x: int
    y: int
    width: int
    height: int
    fullscreen: bool = False
    above: bool = False
    program: str = ""
    capturable: bool = True


@dataclass(frozen=True, slots=True)
class ActiveWindowChanged:
    window: Window | None
    ours: bool


@dataclass(frozen=True, slots=True)
class WindowOverOurs:
    """A window that is not ours was mapped or raised over ours. `share` of our area that it covers, 0..1."""

    window: Window
    share: float


@dataclass(frozen=True, slots=True)
class OurWindowChanged:
    """Place, size or state of our window are others than before. None: it cannot be seen any more."""

    window: Window | None


@dataclass(frozen=True, slots=True)
class WindowOpened:
    """A window of another process can be seen that could not be seen before, wherever it lies."""

    window: Window


WindowEvent = ActiveWindowChanged | WindowOverOurs | OurWindowChanged | WindowOpened


class WindowPort(Protocol):
    def windows(self) -> tuple[Window, ...]:
        """Those that can be seen, lowest first."""

    def active(self) -> Window | None: ...

    def bring_to_front(self, window_id: int) -> None:
        """Gives the focus and the top place back to our window, in every way the window manager honours: shown, not
        minimized, fullscreen, above all others, active."""

    def watch(self, our_window_id: int, emit: Callable[[WindowEvent], None]) -> Closer: ...


class CaptureExclusionPort(Protocol):
    """Hides a window from every recording, our own included: only for exams whose screen is not recorded."""

    def exclude(self, window_id: int, excluded: bool) -> None:
        """Raises PlatformError `capture_exclusion`."""


# --- keys, clipboard, staying awake -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CombinationPressed:
    """A combination that would leave the exam, by name ("Alt+Tab"). Never a character. `injected`: by a program."""

    name: str
    injected: bool = False


@dataclass(frozen=True, slots=True)
class KeysCounted:
    """How many keys went down in the last `over_ms`, and how many of them a program sent. Counts, never which."""

    pressed: int
    injected: int
    over_ms: int


KeyEvent = CombinationPressed | KeysCounted


class KeyWatchPort(Protocol):
    def watch(self, emit: Callable[[KeyEvent], None]) -> Closer:
        """Combinations and, once a second while keys are used, counts. On Windows and macOS the watch is also what
        keeps combinations in; on X11 the toolkit's grab does."""

    def held(self) -> bool:
        """Whether combinations are kept in at this moment: a grab or hook of this process is in force."""


@dataclass(frozen=True, slots=True)
class ClipboardTaken:
    """Another program took the clipboard; it was taken back."""

    selection: str


@dataclass(frozen=True, slots=True)
class ClipboardPiece:
    """One format of what was on the clipboard. `form`: the system's own name of the format ("UTF8_STRING")."""

    selection: str
    form: str
    data: bytes = field(repr=False)


ClipboardContent = tuple[ClipboardPiece, ...]
CLIPBOARD_LIMIT_BYTES = 16 * 1024 * 1024


class ClipboardPort(Protocol):
    """Kept empty and owned between `isolate` and its Closer. Old content lives in memory only."""

    def read(self) -> ClipboardContent:
        """Text and pictures, in the formats that other programs ask for, together at most CLIPBOARD_LIMIT_BYTES: what
        is longer, foreign or whose owner is mute is left out. Empty where nothing is there."""

    def isolate(self, emit: Callable[[ClipboardTaken], None]) -> Closer: ...

    def isolated(self) -> bool:
        """Whether the clipboard is ours and empty at this moment. False when `isolate` is not in force."""

    def put_back(self, content: ClipboardContent) -> None:
        """Makes `read` answer `content` again, also after this process ended (X11: from a small process of its own,
        until another program takes over). Raises PlatformError `clipboard_not_put_back`."""


class AwakePort(Protocol):
    """Keeps the computer from sleeping and the display from being locked, in a way that ends with the process."""

    def stay_awake(self) -> Closer:
        """Raises PlatformError `stay_awake`."""

    def awake(self) -> bool:
        """Whether that is in force at this moment."""


class AssessmentPort(Protocol):
    """The system's own mode for exams, which shuts out every other program, and ends with the process."""

    def hold(self, interrupted: Callable[[str], None]) -> Closer:
        """Raises PlatformError `assessment_mode`. `interrupted(reason)`: the system took it back."""

    def held(self) -> bool: ...


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


@runtime_checkable
class QuickSetting(Protocol):
    """What a SettingPort may have besides: whether it is locked now, for much less than `read` costs. Upkeep asks
    every second; where a setting lacks it, `read` and `locked` tell."""

    def holds(self) -> bool: ...


# --- the system's own settings and what it lets this program do ------------------------------------------------------


SETTINGS_PAGES = ("camera", "microphone", "displays", "sound", "network", "power", "privacy")


class SettingsPagePort(Protocol):
    """Shows a page of the system's settings, so that nobody has to look for it. Changes nothing by itself."""

    def open(self, page: str) -> bool:
        """`page` of SETTINGS_PAGES. False: nothing was opened. Raises nothing."""


@dataclass(frozen=True, slots=True)
class Permission:
    """`name`: camera, microphone, screen, input, accessibility. `granted` None: not asked yet, or cannot be told."""

    name: str
    granted: bool | None


class PermissionPort(Protocol):
    def permissions(self) -> tuple[Permission, ...]:
        """Asks nobody anything: what the system says now."""


# --- processes and system ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Process:
    """`names`: executable base name, original name and the like, lower case. No arguments, no user data."""

    pid: int
    names: tuple[str, ...]
    started_s: float


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Of an executable file. "" where it cannot be told. `signer`: who signed it, as the system verified it."""

    sha256: str = ""
    signer: str = ""


class ProcessPort(Protocol):
    def processes(self) -> tuple[Process, ...]: ...

    def watch(self, emit: Callable[[Process], None]) -> Closer:
        """Every process started from now on, once or more often."""

    def fingerprint(self, pid: int) -> Fingerprint:
        """Reads the executable: milliseconds for each that was not asked before. Raises nothing."""

    def ask_to_close(self, pid: int) -> bool:
        """Asks as the desktop does, so that the program may offer to save: its windows are told to close, and where it
        has none it gets the system's polite signal. Never kills. False: it could not be asked."""


# --- what is plugged in -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DeviceAdded:
    """`kind`: keyboard, pointer, storage, camera, audio, other. No name, no serial number."""

    kind: str


@dataclass(frozen=True, slots=True)
class AudioRouteChanged:
    """Sound goes to another output than before (a headset was connected)."""


DeviceEvent = DeviceAdded | AudioRouteChanged


class HotplugPort(Protocol):
    def watch(self, emit: Callable[[DeviceEvent], None]) -> Closer: ...


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
    def facts(self) -> SystemFacts:
        """Takes about 0.2 s: the load is measured."""

    def remote_signals(self) -> tuple[str, ...]:
        """Those of `facts`, quickly: asked again and again during the exam."""

    def debugger(self) -> str:
        """How it is known that another program looks into this one, in words; "" where there is no sign."""

    def printers(self) -> int | None:
        """How many could print now; those that only make files are none. None: cannot be told here."""

    def disk_free_bytes(self, directory: Path) -> int: ...

    def disk_write_bytes_per_s(self, directory: Path) -> float: ...


# --- pictures and sound -----------------------------------------------------------------------------------------------


Rows = tuple[int, int]
"""First row of a picture and the row behind the last."""
WHOLE: Rows = (0, 1 << 30)
"""All of them, however many there are."""


@dataclass(frozen=True, slots=True)
class Picture:
    """`pixels`: height x width x 4 (BGRA) from a screen, height x width x 3 (BGR) from a camera.

    `new`: the rows that are not as in the picture before, where the source knows. A source that knows writes the next
    picture into the same pixels: whoever keeps some on another thread copies them.
    """

    pixels: "Image" = field(repr=False)
    taken_us: int  # monotonic
    new: Rows | None = WHOLE


class PictureStream(Protocol):
    width: int
    height: int

    def read(self) -> Picture | None:
        """The next picture (screen: now; camera: when it comes). None: the device gives nothing any more."""

    def close(self) -> None: ...


@runtime_checkable
class RowStream(PictureStream, Protocol):
    """A stream of a display that can be read in part. `left`, `top`: where on the desktop it is."""

    left: int
    top: int

    def read_rows(self, rows: Rows) -> Picture | None:
        """Of the picture of now only these rows, at full width, within its height."""


@runtime_checkable
class QuietStream(Protocol):
    """What a PictureStream of a screen may have besides: word of where there is anything new, for much less than a
    picture costs. Where a stream lacks it, whole pictures are compared."""

    def changed(self) -> Rows | None:
        """Since it was asked the last time, at most these rows; None: nothing. What changes later is told later."""

    def read_rows(self, rows: Rows) -> Picture | None:
        """As in RowStream."""


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

    samples: "npt.NDArray[np.int16]" = field(repr=False)
    taken_us: int


class MicrophonePort(Protocol):
    def microphones(self) -> tuple[Microphone, ...]: ...

    def muted(self, microphone: Microphone) -> bool | None:
        """None: cannot be told here."""

    def usual(self) -> str:
        """What the system records from where a program does not choose; another word for another source. "": cannot
        be told here."""

    def open(self, microphone: Microphone, rate: int, block: int, emit: Callable[[Sound], None]) -> Closer:
        """Blocks of `block` samples on the backend's thread. Raises DeviceError `microphone_missing`."""

    def watch(self, emit: Callable[[], None]) -> Closer:
        """Calls on the backend's thread when another microphone became the usual one; never where it cannot be told."""


class SpeakerPort(Protocol):
    def play_tone(self) -> bool:
        """A second of a soft sound through the usual output; waits for its end. False: no output took it."""


NO_SPEAKER = Unsupported("No output for sound is known here.")


class LetterPort(Protocol):
    """Reads the letters of a machine-readable zone. On this computer; the picture is written to no disk."""

    def read(self, png: bytes, within_s: float) -> str:
        """Lines of capital letters, digits and <; "" where nothing could be read in time. Raises nothing."""


@dataclass(frozen=True, slots=True)
class Devices:
    """Pictures and sound: built once for all systems, in `portable`, and handed to each backend."""

    screen: ScreenPort | Unsupported
    cameras: CameraPort | Unsupported
    microphones: MicrophonePort | Unsupported
    speakers: SpeakerPort | Unsupported = NO_SPEAKER


CONCERNS = (
    "displays", "windows", "keys", "clipboard", "processes", "screen", "cameras", "microphones", "awake", "hotplug",
    "capture_exclusion", "assessment", "settings_pages", "permissions",
)  # fmt: skip

NO_ASSESSMENT = Unsupported("This system has no mode of its own for exams.")
NO_SETTINGS_PAGES = Unsupported("This system has no settings that can be opened from here.")
NO_PERMISSIONS = Unsupported("This system does not tell what it lets this program do.", "permissions")


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
    awake: AwakePort | Unsupported
    hotplug: HotplugPort | Unsupported
    capture_exclusion: CaptureExclusionPort | Unsupported
    assessment: AssessmentPort | Unsupported = NO_ASSESSMENT
    speakers: SpeakerPort | Unsupported = NO_SPEAKER
    settings_pages: SettingsPagePort | Unsupported = NO_SETTINGS_PAGES
    permissions: PermissionPort | Unsupported = NO_PERMISSIONS

    def capabilities(self) -> dict[str, str]:
        """Concern -> "yes" or the reason why not."""
        table = {}
        for concern in CONCERNS:
            port = getattr(self, concern)
            table[concern] = port.reason if isinstance(port, Unsupported) else "yes"
        for setting in self.settings:
            table[f"setting: {setting.name}"] = "yes"
        return table
