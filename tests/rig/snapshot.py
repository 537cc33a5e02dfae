"""The computer as seen from outside, by the desktop's own tools: taken before and after, and compared.

Knows nothing of the code under test. What it looks at: keyboard map and its rules, screen saver, monitor power,
clipboard text and whether somebody owns it, top-level windows, whether the keyboard can be grabbed, autostart folder.
"""

import os
import subprocess
from dataclasses import dataclass, fields
from pathlib import Path

from Xlib import X
from Xlib import display as xdisplay


@dataclass(frozen=True)
class Snapshot:
    keyboard_map: str
    keyboard_rules: str
    power: str
    clipboard: str
    clipboard_owned: bool
    windows: tuple[str, ...]
    keyboard_free: bool
    autostart: tuple[tuple[str, str], ...] | None  # None: no such folder

    def differences(self, other: "Snapshot") -> dict[str, tuple[object, object]]:
        pairs = {field.name: (getattr(self, field.name), getattr(other, field.name)) for field in fields(self)}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def take(display: str, autostart: Path) -> Snapshot:
    return Snapshot(
        keyboard_map=_output(display, "xkbcomp", "-w0", display, "-"),
        keyboard_rules=_output(display, "setxkbmap", "-query"),
        power=_power(_output(display, "xset", "q")),
        clipboard=_output(display, "xclip", "-selection", "clipboard", "-o"),
        clipboard_owned=_owned(display),
        windows=_windows(display),
        keyboard_free=_keyboard_free(display),
        autostart=_folder(autostart),
    )


def _output(display: str, *command: str) -> str:
    environment = {**os.environ, "DISPLAY": display}
    done = subprocess.run(command, env=environment, capture_output=True, timeout=10, check=False)
    return done.stdout.decode("latin-1")


def _power(text: str) -> str:
    """The part of `xset q` from the screen saver on: what stands before tells which keys are down."""
    return text[text.index("Screen Saver:") :]


def _owned(display: str) -> bool:
    connection = xdisplay.Display(display)
    try:
        return bool(connection.get_selection_owner(connection.intern_atom("CLIPBOARD")))
    finally:
        connection.close()


def _windows(display: str) -> tuple[str, ...]:
    listed = _output(display, "wmctrl", "-l", "-G").splitlines()
    return tuple(sorted(" ".join(line.split()[:6]) for line in listed))


def _keyboard_free(display: str) -> bool:
    connection = xdisplay.Display(display)
    try:
        root = connection.screen().root
        status = root.grab_keyboard(False, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime)
        connection.ungrab_keyboard(X.CurrentTime)
        connection.sync()
        return bool(status == X.GrabSuccess)
    finally:
        connection.close()


def _folder(directory: Path) -> tuple[tuple[str, str], ...] | None:
    if not directory.is_dir():
        return None
    return tuple(sorted((path.name, path.read_text("utf-8", "replace")) for path in directory.iterdir()))
