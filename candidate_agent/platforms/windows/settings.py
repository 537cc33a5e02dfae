"""Settings of a Windows desktop that the exam changes and that the undo log puts back.

A value is JSON. `locked(value) == value` says that nothing is left to lock. Where Windows keeps a setting for the
session only, it is set for the session only: a power cut then puts it back by itself. No policy is set (no
`DisableTaskMgr`): the policy keys of a user are closed to standard users, and one that was left behind would take a
tool away for good; the task manager's keys are held by the hook and its window is seen instead.
"""

import ctypes
import sys
from dataclasses import dataclass
from typing import Any

from candidate_agent.base.errors import PlatformError
from candidate_agent.platforms.ports import SettingPort
from candidate_agent.platforms.windows import api, registry
from candidate_agent.platforms.windows.structures import FilterKeys, FlagsRecord, MouseKeys

_GET_SCREEN_SAVER, _SET_SCREEN_SAVER = 0x10, 0x11
_HOTKEY_ACTIVE = 0x4
_ON = 0x1


class ScreenSaver:
    """For this session. Value: whether it may start."""

    name = "screen saver"

    def read(self) -> Any:
        on = ctypes.c_int()
        _ask(_GET_SCREEN_SAVER, 0, ctypes.byref(on))
        return bool(on.value)

    def write(self, value: Any) -> None:
        _ask(_SET_SCREEN_SAVER, int(value), None)

    def locked(self, old: Any) -> Any:
        del old
        return False

    def default(self) -> Any:
        return True


@dataclass(frozen=True, slots=True)
class _Aid:
    """Sticky, filter, toggle and mouse keys: how each is asked for and set."""

    name: str
    get: int
    put: int
    record: Any


_AIDS = (
    _Aid("sticky keys", 0x3A, 0x3B, FlagsRecord),
    _Aid("filter keys", 0x32, 0x33, FilterKeys),
    _Aid("toggle keys", 0x34, 0x35, FlagsRecord),
    _Aid("mouse keys", 0x36, 0x37, MouseKeys),
)


class AidShortcuts:
    """Shift five times and kin, which open a dialog. For this session; an aid that is switched on stays on and keeps
    its shortcut, as its user may need it. Value: the flags of each aid."""

    name = "shortcuts of input aids"

    def read(self) -> Any:
        return {aid.name: int(self._record(aid).flags) for aid in _AIDS}

    def write(self, value: Any) -> None:
        for aid in _AIDS:
            record = self._record(aid)
            record.flags = value[aid.name]
            _ask(aid.put, ctypes.sizeof(record), ctypes.byref(record))

    def locked(self, old: Any) -> Any:
        return {name: flags if flags & _ON else flags & ~_HOTKEY_ACTIVE for name, flags in old.items()}

    def default(self) -> Any:
        return {name: flags | _HOTKEY_ACTIVE for name, flags in self.read().items()}

    def _record(self, aid: _Aid) -> Any:
        record = aid.record()
        record.size = ctypes.sizeof(record)
        _ask(aid.get, ctypes.sizeof(record), ctypes.byref(record))
        return record


@dataclass(frozen=True, slots=True)
class RegistryPlace:
    """One number under the user's own part of the registry, and what it is during the exam."""

    path: str
    name: str
    locked: int


class RegistrySetting:
    """Value: for each place what stood there (`[kind, data]`, None for nothing) and whether its key was there."""

    def __init__(self, name: str, places: tuple[RegistryPlace, ...]) -> None:
        self.name = name
        self._places = places

    def read(self) -> Any:
        return [
            {
                "value": registry.read(registry.USER, place.path, place.name),
                "key": registry.exists(registry.USER, place.path),
            }
            for place in self._places
        ]

    def write(self, value: Any) -> None:
        for place, wanted in zip(self._places, value, strict=True):
            if wanted["value"] is None:
                registry.remove(place.path, place.name, with_key=not wanted["key"])
            else:
                registry.write(place.path, place.name, wanted["value"])

    def locked(self, old: Any) -> Any:
        del old
        return [{"value": [registry.NUMBER, place.locked], "key": True} for place in self._places]

    def default(self) -> Any:
        return [{"value": None, "key": True} for _ in self._places]


_EXPLORER = r"Software\Microsoft\Windows\CurrentVersion"

NOTIFICATIONS = RegistrySetting("notifications", (RegistryPlace(rf"{_EXPLORER}\PushNotifications", "ToastEnabled", 0),))
RECORDING = RegistrySetting(
    "recording by the game bar",
    (
        RegistryPlace(rf"{_EXPLORER}\GameDVR", "AppCaptureEnabled", 0),
        RegistryPlace(r"System\GameConfigStore", "GameDVR_Enabled", 0),
    ),
)
CLIPBOARD_HISTORY = RegistrySetting(
    "clipboard history", (RegistryPlace(r"Software\Microsoft\Clipboard", "EnableClipboardHistory", 0),)
)


def of_desktop() -> tuple[SettingPort, ...]:
    """Those that this Windows takes."""
    always: tuple[SettingPort, ...] = (ScreenSaver(), NOTIFICATIONS, RECORDING, CLIPBOARD_HISTORY)
    return (*always, AidShortcuts()) if sys.platform != "win32" or _takes(AidShortcuts()) else always


def _takes(setting: SettingPort) -> bool:
    """Whether it can be written: what it is already is written once more (Wine does not take it)."""
    try:
        setting.write(setting.read())
    except PlatformError:
        return False
    return True


def _ask(what: int, number: int, place: Any) -> None:
    """Without the flags that would keep the change beyond the session."""
    if not api.system_parameters(what, number, place, 0):
        raise PlatformError("unsupported", f"Windows did not answer about a setting ({what:#x}).")
