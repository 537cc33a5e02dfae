"""One simulated computer whose ports share state: `machine.plug_display()` is seen by every port that should see it.

For development and tests. It says "simulated" in the handshake, so that a server can refuse it, and it does not start
unless it is told that this is development.
"""

import copy
import os
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Generic, TypeVar

from candidate_agent.base.errors import PlatformError
from candidate_agent.platforms.ports import (
    RESTORE_AT_LOGIN,
    SETTINGS_PAGES,
    ActiveWindowChanged,
    AudioRouteChanged,
    ClipboardContent,
    ClipboardPiece,
    ClipboardTaken,
    Closer,
    CombinationPressed,
    DeviceAdded,
    DeviceEvent,
    Display,
    DisplaysChanged,
    Fingerprint,
    KeyEvent,
    KeysCounted,
    OurWindowChanged,
    Permission,
    Platform,
    Process,
    SystemFacts,
    Unsupported,
    Window,
    WindowEvent,
    WindowOpened,
    WindowOverOurs,
)

T = TypeVar("T")

NO_DEVICE = "A simulated machine has no such device."
TEXT_FORM = "text"


class Feed(Generic[T]):
    """Listeners of one kind of event, told in the thread of whoever tells."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[T], None]] = []
        self._lock = threading.Lock()

    def join(self, listener: Callable[[T], None]) -> Closer:
        with self._lock:
            self._listeners.append(listener)

        def leave() -> None:
            with self._lock:
                self._listeners = [known for known in self._listeners if known is not listener]

        return leave

    def tell(self, event: T) -> None:
        with self._lock:
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener(event)


class Machine:
    """The state, and what somebody in front of the machine can do to it."""

    def __init__(self, *, development: bool) -> None:
        if not development:
            raise PlatformError("unsupported", "The simulated machine exists for development only.")
        self.shown = [Display("SIM-1", 0, 0, 1920, 1080, primary=True)]
        self.stack: list[Window] = []
        self.active_id = 0
        self.our_window_id = 0
        self.clipboard: ClipboardContent = ()
        self.isolated = False
        self.held = False
        self.awake = 0  # how many ask for it
        self.excluded: set[int] = set()
        self.fingerprints: dict[int, Fingerprint] = {}
        self.asked_to_close: list[int] = []
        self.opened_pages: list[str] = []
        self.permissions = {"camera": True, "microphone": True, "screen": True, "input": True}
        self.remote: tuple[str, ...] = ()
        self.vm: tuple[str, ...] = ()
        self.debugger = ""
        self.running = [Process(1, ("init",), 0.0)]
        self.settings: dict[str, Any] = {
            RESTORE_AT_LOGIN: None, "virtual terminal keys": "on", "screen saver": 600, "monitor power": 900,
            "notifications": "shown",
        }  # fmt: skip
        self.display_feed: Feed[DisplaysChanged] = Feed()
        self.window_feed: Feed[WindowEvent] = Feed()
        self.key_feed: Feed[KeyEvent] = Feed()
        self.clipboard_feed: Feed[ClipboardTaken] = Feed()
        self.process_feed: Feed[Process] = Feed()
        self.device_feed: Feed[DeviceEvent] = Feed()

    def platform(self) -> Platform:
        device = Unsupported(NO_DEVICE, "simulated")
        return Platform(
            name="simulated",
            displays=SimulatedDisplays(self),
            windows=SimulatedWindows(self),
            keys=SimulatedKeys(self),
            clipboard=SimulatedClipboard(self),
            settings=tuple(SimulatedSetting(self, name) for name in self.settings),
            processes=SimulatedProcesses(self),
            system=SimulatedSystem(self),
            screen=device,
            cameras=device,
            microphones=device,
            awake=SimulatedAwake(self),
            hotplug=SimulatedHotplug(self),
            capture_exclusion=SimulatedCaptureExclusion(self),
            settings_pages=SimulatedSettingsPages(self),
            permissions=SimulatedPermissions(self),
        )

    def plug_display(self, *, mirror: bool = False) -> None:
        name = f"SIM-{len(self.shown) + 1}"
        first = self.shown[0]
        added = replace(first, name=name, primary=False)
        added = replace(added, mirrors=first.name) if mirror else replace(added, x=first.width * len(self.shown))
        self.shown.append(added)
        self.display_feed.tell(DisplaysChanged(tuple(self.shown)))

    def unplug_display(self) -> None:
        self.shown.pop()
        self.display_feed.tell(DisplaysChanged(tuple(self.shown)))

    def press(self, combination: str, *, injected: bool = False) -> None:
        self.key_feed.tell(CombinationPressed(combination, injected))

    def type_keys(self, pressed: int, *, injected: int = 0, over_ms: int = 1000) -> None:
        self.key_feed.tell(KeysCounted(pressed, injected, over_ms))

    def plug_device(self, kind: str) -> None:
        self.device_feed.tell(DeviceAdded(kind))

    def switch_audio(self) -> None:
        self.device_feed.tell(AudioRouteChanged())

    def start_process(self, name: str, fingerprint: Fingerprint | None = None) -> Process:
        process = Process(self.running[-1].pid + 1, (name.lower(),), time.time())
        self.running.append(process)
        self.fingerprints[process.pid] = fingerprint or Fingerprint()
        self.process_feed.tell(process)
        return process

    def open_window(self, window: Window) -> None:
        """Maps a window on top and makes it the active one, as a window manager does."""
        self.stack.append(window)
        if window.pid != os.getpid():
            self.window_feed.tell(WindowOpened(window))
        self._tell_over(window)
        self.activate(window.id)

    def change_window(self, window_id: int, **changes: Any) -> None:
        """Another place, size or state: by the person, the window manager or another program."""
        self.stack = [replace(known, **changes) if known.id == window_id else known for known in self.stack]
        if window_id == self.our_window_id:
            self.window_feed.tell(OurWindowChanged(self.window(window_id)))

    def activate(self, window_id: int) -> None:
        self.active_id = window_id
        window = self.window(window_id)
        self.window_feed.tell(ActiveWindowChanged(window, window_id == self.our_window_id))

    def close_window(self, window_id: int) -> None:
        self.stack = [window for window in self.stack if window.id != window_id]
        self.activate(self.stack[-1].id if self.stack else 0)

    def copy(self, text: str) -> None:
        """Another program takes the clipboard."""
        if self.isolated:
            self.clipboard_feed.tell(ClipboardTaken("CLIPBOARD"))
        else:
            self.clipboard = (ClipboardPiece("CLIPBOARD", TEXT_FORM, text.encode()),)

    def window(self, window_id: int) -> Window | None:
        return next((window for window in self.stack if window.id == window_id), None)

    def _tell_over(self, window: Window) -> None:
        ours = self.window(self.our_window_id)
        if ours is not None and window.id != ours.id:
            width = min(ours.x + ours.width, window.x + window.width) - max(ours.x, window.x)
            height = min(ours.y + ours.height, window.y + window.height) - max(ours.y, window.y)
            share = max(0, width) * max(0, height) / (ours.width * ours.height)
            if share:
                self.window_feed.tell(WindowOverOurs(window, share))


class _Port:
    def __init__(self, machine: Machine) -> None:
        self._machine = machine


class SimulatedDisplays(_Port):
    def displays(self) -> tuple[Display, ...]:
        return tuple(self._machine.shown)

    def watch(self, emit: Callable[[DisplaysChanged], None]) -> Closer:
        return self._machine.display_feed.join(emit)


class SimulatedWindows(_Port):
    def windows(self) -> tuple[Window, ...]:
        return tuple(self._machine.stack)

    def active(self) -> Window | None:
        return self._machine.window(self._machine.active_id)

    def bring_to_front(self, window_id: int) -> None:
        machine = self._machine
        machine.stack.sort(key=lambda window: window.id == window_id)
        machine.change_window(window_id, fullscreen=True)
        machine.activate(window_id)

    def watch(self, our_window_id: int, emit: Callable[[WindowEvent], None]) -> Closer:
        self._machine.our_window_id = our_window_id
        return self._machine.window_feed.join(emit)


class SimulatedKeys(_Port):
    def watch(self, emit: Callable[[KeyEvent], None]) -> Closer:
        leave = self._machine.key_feed.join(emit)
        self._machine.held = True

        def end() -> None:
            self._machine.held = False
            leave()

        return end

    def held(self) -> bool:
        return self._machine.held


class SimulatedAwake(_Port):
    def stay_awake(self) -> Closer:
        self._machine.awake += 1
        asked = [True]

        def end() -> None:
            if asked:
                asked.clear()
                self._machine.awake -= 1

        return end

    def awake(self) -> bool:
        return self._machine.awake > 0


class SimulatedHotplug(_Port):
    def watch(self, emit: Callable[[DeviceEvent], None]) -> Closer:
        return self._machine.device_feed.join(emit)


class SimulatedCaptureExclusion(_Port):
    def exclude(self, window_id: int, excluded: bool) -> None:
        (self._machine.excluded.add if excluded else self._machine.excluded.discard)(window_id)


class SimulatedSettingsPages(_Port):
    def open(self, page: str) -> bool:
        if page not in SETTINGS_PAGES:
            return False
        self._machine.opened_pages.append(page)
        return True


class SimulatedPermissions(_Port):
    def permissions(self) -> tuple[Permission, ...]:
        return tuple(Permission(name, granted) for name, granted in self._machine.permissions.items())


class SimulatedClipboard(_Port):
    def read(self) -> ClipboardContent:
        return self._machine.clipboard

    def isolated(self) -> bool:
        return self._machine.isolated

    def isolate(self, emit: Callable[[ClipboardTaken], None]) -> Closer:
        self._machine.isolated, self._machine.clipboard = True, ()
        leave = self._machine.clipboard_feed.join(emit)

        def end() -> None:
            self._machine.isolated = False
            leave()

        return end

    def put_back(self, content: ClipboardContent) -> None:
        self._machine.clipboard = content


class SimulatedSetting(_Port):
    def __init__(self, machine: Machine, name: str) -> None:
        super().__init__(machine)
        self.name = name

    def read(self) -> Any:
        return copy.deepcopy(self._machine.settings[self.name])

    def write(self, value: Any) -> None:
        self._machine.settings[self.name] = value

    def locked(self, old: Any) -> Any:
        del old
        return "locked"

    def default(self) -> Any:
        return None


class SimulatedProcesses(_Port):
    def processes(self) -> tuple[Process, ...]:
        return tuple(self._machine.running)

    def watch(self, emit: Callable[[Process], None]) -> Closer:
        return self._machine.process_feed.join(emit)

    def fingerprint(self, pid: int) -> Fingerprint:
        return self._machine.fingerprints.get(pid, Fingerprint())

    def ask_to_close(self, pid: int) -> bool:
        self._machine.asked_to_close.append(pid)
        return any(process.pid == pid for process in self._machine.running)


class SimulatedSystem(_Port):
    def facts(self) -> SystemFacts:
        gigabyte = 1024**3
        return SystemFacts(
            os_name="simulated", os_version="1", session_type="simulated", cores=4, load_percent=10.0,
            memory_total_bytes=8 * gigabyte, memory_free_bytes=4 * gigabyte, on_mains=True, battery_minutes=None,
            vm_signals=self._machine.vm, remote_signals=self._machine.remote, administrator=False,
        )  # fmt: skip

    def remote_signals(self) -> tuple[str, ...]:
        return self._machine.remote

    def debugger(self) -> str:
        return self._machine.debugger

    def printers(self) -> int:
        return 1

    def disk_free_bytes(self, directory: Path) -> int:
        del directory
        return 100 * 1024**3

    def disk_write_bytes_per_s(self, directory: Path) -> float:
        del directory
        return 100e6
