"""What is plugged in: by the kernel's word, by the X server's for keyboards and pointers that it takes, by the sound
server's for where sound goes. No name, no serial number.

A keyboard comes by the kernel and, a moment later, by the X server: it is told once. A second pair of cursors, made by
a program (multi-pointer X), is a keyboard and a pointer that only the X server knows of, and no grab of ours holds.
"""

import time
from collections.abc import Callable
from typing import Any

from Xlib.ext import ge, xinput

from candidate_agent.platforms.linux.audio_route import watch_audio_route
from candidate_agent.platforms.linux.connection import EventThread, connected
from candidate_agent.platforms.linux.uevents import watch_uevents
from candidate_agent.platforms.ports import AudioRouteChanged, Closer, DeviceAdded, DeviceEvent, Unsupported

SAME_DEVICE_S = 3.0
_KINDS = {
    xinput.MasterPointer: "pointer", xinput.SlavePointer: "pointer",
    xinput.MasterKeyboard: "keyboard", xinput.SlaveKeyboard: "keyboard",
}  # fmt: skip


class X11Hotplug:
    def __init__(self, display_name: str | None = None) -> None:
        self._display_name = display_name

    def watch(self, emit: Callable[[DeviceEvent], None]) -> Closer:
        told = _Told(emit)
        hierarchy = _Hierarchy(told)
        closers: list[Closer | None] = [
            watch_uevents(told.by_kernel),
            EventThread(self._display_name, "input devices").start(hierarchy.prepare, hierarchy.handle),
            watch_audio_route(lambda: emit(AudioRouteChanged())),
        ]

        def end() -> None:
            for close in closers:
                if close is not None:
                    close()

        return end


class _Told:
    """One device once, though two tell of it."""

    def __init__(self, emit: Callable[[DeviceEvent], None]) -> None:
        self._emit = emit
        self._by_kernel_s: dict[str, float] = {}

    def by_kernel(self, kind: str) -> None:
        self._by_kernel_s[kind] = time.monotonic()
        self._emit(DeviceAdded(kind))

    def by_server(self, kind: str) -> None:
        if time.monotonic() - self._by_kernel_s.get(kind, -SAME_DEVICE_S) >= SAME_DEVICE_S:
            self._emit(DeviceAdded(kind))


class _Hierarchy:
    """Devices that the X server has taken; a pair of cursors brings four, which are told as one of each kind."""

    def __init__(self, told: _Told) -> None:
        self._told = told
        self._known: set[int] = set()

    def prepare(self, connection: Any) -> None:
        connection.xinput_query_version()
        connection.screen().root.xinput_select_events([(xinput.AllDevices, xinput.HierarchyChangedMask)])
        self._known = set(_devices(connection))

    def handle(self, connection: Any, event: Any) -> None:
        if event.type != ge.GenericEventCode or event.evtype != xinput.HierarchyChanged:
            return
        now = _devices(connection)
        kinds = {_KINDS.get(use, "") for number, use in now.items() if number not in self._known}
        self._known = set(now)
        for kind in sorted(kinds - {""}):
            self._told.by_server(kind)


def _devices(connection: Any) -> dict[int, int]:
    return {device.deviceid: device.use for device in connection.xinput_query_device(xinput.AllDevices).devices}


def hotplug_port(display_name: str | None) -> X11Hotplug | Unsupported:
    with connected(display_name) as connection:
        has = bool(connection.has_extension("XInputExtension"))
    return X11Hotplug(display_name) if has else Unsupported("This X server lacks the extension XInputExtension.")
