"""The computer as seen from outside, by the desktop's own tools: taken before and after, and compared.

Knows nothing of the code under test. What it looks at: keyboard map and its rules, screen saver, monitor power, the
selections and who owns them, cut buffers, top-level windows, the active one and the desktop, whether the keyboard can
be grabbed, who asked for no notifications and no sleep, autostart folder.
"""

import os
import subprocess
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from Xlib import X
from Xlib import display as xdisplay
from Xlib import error as xerror

MEMORY = frozenset({"clipboard", "clipboard_owned", "primary", "primary_owned", "cut_buffers"})
"""What lay in the memory of programs: gone when they are killed with all that knew of it."""

_COMMANDS = {
    "keyboard_map": ("xkbcomp", "-w0", "{display}", "-"),
    "keyboard_rules": ("setxkbmap", "-query"),
    "power": ("xset", "q"),
    "clipboard": ("xclip", "-selection", "clipboard", "-o"),
    "primary": ("xclip", "-selection", "primary", "-o"),
    "windows": ("wmctrl", "-l", "-G"),
}
_ON_THE_BUS = {
    "notifications": ("org.freedesktop.Notifications", "/org/freedesktop/Notifications", "Inhibited"),
    "inhibitors": ("org.gnome.SessionManager", "/org/gnome/SessionManager", "InhibitedActions"),
}
CUT_BUFFERS = tuple(f"CUT_BUFFER{number}" for number in range(8))


@dataclass(frozen=True)
class Snapshot:
    keyboard_map: str
    keyboard_rules: str
    power: str
    clipboard: str
    clipboard_owned: bool
    primary: str
    primary_owned: bool
    cut_buffers: tuple[str, ...]
    windows: tuple[str, ...]
    active_window: str
    desktop: tuple[int, ...]
    keyboard_free: bool
    notifications: str
    inhibitors: str
    autostart: tuple[tuple[str, str], ...] | None  # None: no such folder

    def differences(self, other: "Snapshot") -> dict[str, tuple[object, object]]:
        pairs = {field.name: (getattr(self, field.name), getattr(other, field.name)) for field in fields(self)}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def take(display: str, autostart: Path) -> Snapshot:
    said = _said(display)
    connection = xdisplay.Display(display)
    try:
        return Snapshot(
            keyboard_map=said["keyboard_map"],
            keyboard_rules=said["keyboard_rules"],
            power=_power(said["power"]),
            clipboard=said["clipboard"],
            clipboard_owned=_owned(connection, "CLIPBOARD"),
            primary=said["primary"],
            primary_owned=_owned(connection, "PRIMARY"),
            cut_buffers=tuple(_text(connection, name) for name in CUT_BUFFERS),
            windows=_windows(said["windows"]),
            active_window=_active(connection),
            desktop=(*_numbers(connection, "_NET_CURRENT_DESKTOP"), *_numbers(connection, "_NET_NUMBER_OF_DESKTOPS")),
            keyboard_free=_keyboard_free(connection),
            notifications=said["notifications"],
            inhibitors=said["inhibitors"],
            autostart=_folder(autostart),
        )
    finally:
        connection.close()


def _said(display: str) -> dict[str, str]:
    """What the tools print, all asked at once."""
    environment = {**os.environ, "DISPLAY": display}
    commands = {name: [word.format(display=display) for word in words] for name, words in _COMMANDS.items()}
    if environment.get("DBUS_SESSION_BUS_ADDRESS"):
        commands |= {name: _question(*place) for name, place in _ON_THE_BUS.items()}
    running = {
        name: subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        for name, words in commands.items()
    }
    said = dict.fromkeys((*_COMMANDS, *_ON_THE_BUS), "")
    return said | {name: process.communicate(timeout=10)[0].decode("latin-1") for name, process in running.items()}


def _question(service: str, path: str, name: str) -> list[str]:
    asked = [f"--dest={service}", path, "org.freedesktop.DBus.Properties.Get", f"string:{service}", f"string:{name}"]
    return ["dbus-send", "--session", "--print-reply=literal", "--reply-timeout=2000", *asked]


def _power(text: str) -> str:
    """The part of `xset q` from the screen saver on: what stands before tells which keys are down."""
    return text[text.index("Screen Saver:") :]


def _owned(connection: Any, selection: str) -> bool:
    return bool(connection.get_selection_owner(connection.intern_atom(selection)))


def _property(connection: Any, window: Any, name: str) -> Any:
    found = window.get_full_property(connection.intern_atom(name), X.AnyPropertyType)
    return None if found is None else found.value


def _text(connection: Any, name: str) -> str:
    value = _property(connection, connection.screen().root, name)
    return value.decode("latin-1") if isinstance(value, bytes) else str(value or "")


def _numbers(connection: Any, name: str) -> tuple[int, ...]:
    value = _property(connection, connection.screen().root, name)
    return () if value is None else tuple(int(number) for number in value)


def _active(connection: Any) -> str:
    """Its program, not its number: a window may be made anew."""
    number = (*_numbers(connection, "_NET_ACTIVE_WINDOW"), 0)[0]
    try:
        found = connection.create_resource_object("window", number).get_wm_class() if number else None
    except xerror.BadWindow:
        return ""  # it has just gone
    return str(found or "")


def _windows(text: str) -> tuple[str, ...]:
    return tuple(sorted(" ".join(line.split()[:6]) for line in text.splitlines()))


def _keyboard_free(connection: Any) -> bool:
    root = connection.screen().root
    status = root.grab_keyboard(False, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime)
    connection.ungrab_keyboard(X.CurrentTime)
    connection.sync()
    return bool(status == X.GrabSuccess)


def _folder(directory: Path) -> tuple[tuple[str, str], ...] | None:
    if not directory.is_dir():
        return None
    return tuple(sorted((path.name, path.read_text("utf-8", "replace")) for path in directory.iterdir()))
