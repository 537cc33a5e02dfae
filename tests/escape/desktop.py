"""Desktops for the escape battery: a screen, a session bus, and a window manager that has a program bound to every
combination a candidate may think of. Built by `room`.
"""

import os
from collections.abc import Callable
from pathlib import Path

from tests.rig.xserver import XServer, wait_for

COMBINATIONS = (
    "alt+Tab", "alt+shift+Tab", "alt+Escape", "alt+F2", "alt+F4", "alt+space", "super+d", "super+e", "super+l",
    "super+r", "super+t", "super+Tab", "super+v", "ctrl+alt+t", "ctrl+alt+l", "ctrl+alt+Delete", "ctrl+alt+BackSpace",
    "ctrl+alt+Left", "ctrl+alt+Right", "ctrl+Escape", "Print", "alt+Print", "ctrl+shift+Escape", "Menu", "F12",
    "ctrl+F12", "XF86AudioMute", "XF86Calculator",
)  # fmt: skip
_HELD = {"ctrl": "C", "alt": "A", "shift": "S", "super": "W"}


class Desktop(XServer):
    bus = ""

    @property
    def reached_path(self) -> Path:
        """What the bound programs write to, one combination a line."""
        return Path(self._directory) / "reached"

    def environment(self) -> dict[str, str]:
        return {**super().environment(), "DBUS_SESSION_BUS_ADDRESS": self.bus, "NO_AT_BRIDGE": "1"}

    def _start_window_manager(self) -> None:
        read_end, write_end = os.pipe()
        self._spawn("dbus-daemon", "--session", "--nofork", f"--print-address={write_end}", pass_fds=(write_end,))
        os.close(write_end)
        with open(read_end) as pipe:  # noqa: PTH123 - a pipe has no path
            self.bus = pipe.readline().strip()
        self._manage()
        wait_for(self.managed, "the window manager")

    def _manage(self) -> None:
        config = Path(self._directory) / "rc.xml"
        config.write_text(_bindings(self.reached_path))
        self._spawn("openbox", "--sm-disable", "--config-file", str(config), environment=self.environment())


class Xfwm(Desktop):
    """Xfce's window manager, which wants a bus."""

    def _manage(self) -> None:
        self._spawn("xfwm4", "--compositor=off", environment=self.environment())


SCREENS: dict[str, Callable[[], Desktop]] = {
    "openbox": Desktop,
    "second": Desktop,
    "xfwm4": Xfwm,
    "displays": lambda: Desktop(hot_plug=True),
}


def _bindings(reached: Path) -> str:
    each = "".join(
        f'<keybind key="{_openbox(keys)}"><action name="Execute"><command>sh -c "echo {keys} &gt;&gt; {reached}"'
        "</command></action></keybind>"
        for keys in COMBINATIONS
    )
    return (
        '<?xml version="1.0"?><openbox_config xmlns="http://openbox.org/3.4/rc">'
        f"<keyboard>{each}</keyboard><desktops><number>4</number></desktops></openbox_config>"
    )


def _openbox(keys: str) -> str:
    *held, key = keys.split("+")
    return "-".join([*(_HELD[name] for name in held), key])
