"""Settings of an X11 desktop that the exam changes and that the undo log puts back, one class each.

A value is JSON. `locked(value) == value` says that nothing is left to lock, so that holding can be checked at any time.
"""

import os
import re
import subprocess
from typing import Any

from Xlib import X, Xatom

from candidate_agent.base.errors import PlatformError
from candidate_agent.platforms.linux.connection import Asking, connected

COMMAND_S = 5.0
NO_SERVER_KEYS = "srvrkeys:none"

_SWITCH_SYMBOL = re.compile(r"\b(XF86Switch_VT_\d+|XF86Ungrab|XF86ClearGrab|Terminate_Server)\b")
_SWITCHING = frozenset((*range(0x1008FE01, 0x1008FE0D), 0x1008FE20, 0x1008FE21, 0xFED5))  # the same, by number
_SECTION_NAME = re.compile(r'^(xkb_\w+) "[^"]*"', re.MULTILINE)
_FIRST_LEVEL = re.compile(r"^\s*map\[[^\]]*\]= Level1;\n", re.MULTILINE)
_KEY = re.compile(r"^    key <.*?^    \};|^    key <[^\n]*;$", re.MULTILINE | re.DOTALL)


class VirtualTerminalKeys:
    """Ctrl+Alt+F1..F12 and the keys that break grabs: taken out of the keyboard map, which is otherwise kept as it is.

    Value: the five parts of `_XKB_RULES_NAMES` and the whole map as text, so that a map changed by hand comes back too.
    """

    name = "virtual terminal keys"

    def __init__(self, display_name: str | None = None) -> None:
        self._display_name = display_name
        self._asking = Asking(display_name)

    def holds(self) -> bool:
        """By the core keyboard map, which shows every symbol of every level: one question instead of `xkbcomp`."""
        with self._asking.connection() as connection:
            first = connection.display.info.min_keycode
            rows = connection.get_keyboard_mapping(first, connection.display.info.max_keycode - first + 1)
        return _SWITCHING.isdisjoint(symbol for row in rows for symbol in row)

    def read(self) -> Any:
        return {"rules": self._rules(), "keymap": normal_keymap(self._run("xkbcomp", "-w0", self._display(), "-"))}

    def write(self, value: Any) -> None:
        rules, keymap = value["rules"], value["keymap"]
        if rules:
            self._load_rules(rules)
        if keymap and normal_keymap(self._run("xkbcomp", "-w0", self._display(), "-")) != keymap:
            self._run("xkbcomp", "-w0", "-", self._display(), text=keymap)
            self._write_rules(rules)

    def locked(self, old: Any) -> Any:
        return {"rules": old["rules"], "keymap": without_switch_keys(old["keymap"])}

    def default(self) -> Any:
        rules = self._rules()
        if rules:
            rules[4] = ",".join(option for option in rules[4].split(",") if option != NO_SERVER_KEYS)
        return {"rules": rules, "keymap": ""}

    def _rules(self) -> list[str]:
        with connected(self._display_name) as connection:
            atom = connection.get_atom("_XKB_RULES_NAMES")
            found = connection.screen().root.get_full_property(atom, Xatom.STRING)
        if found is None:
            return []
        text = found.value.decode("latin-1") if isinstance(found.value, bytes) else str(found.value)
        return [*text.split("\0"), "", "", "", "", ""][:5]

    def _write_rules(self, rules: list[str]) -> None:
        with connected(self._display_name) as connection:
            atom = connection.get_atom("_XKB_RULES_NAMES")
            data = "".join(f"{part}\0" for part in rules).encode("latin-1")
            if rules:
                connection.screen().root.change_property(atom, Xatom.STRING, 8, data, mode=X.PropModeReplace)
            connection.sync()

    def _load_rules(self, rules: list[str]) -> None:
        kinds = ("-rules", "-model", "-layout", "-variant")
        command = [part for kind, value in zip(kinds, rules, strict=False) for part in (kind, value)]
        for option in ("", *(option for option in rules[4].split(",") if option)):
            command += ["-option", option]
        self._run("setxkbmap", "-display", self._display(), *command)

    def _display(self) -> str:
        return self._display_name or os.environ.get("DISPLAY", "")

    def _run(self, *command: str, text: str = "") -> str:
        try:
            done = subprocess.run(  # noqa: S603 - fixed programs, no shell
                command, input=text.encode("latin-1"), capture_output=True, timeout=COMMAND_S, check=True
            )
        except (subprocess.SubprocessError, OSError) as error:
            raise PlatformError("unsupported", f"The keyboard map could not be handled by {command[0]}.") from error
        return done.stdout.decode("latin-1")


def normal_keymap(text: str) -> str:
    """A map as `xkbcomp` prints it, without what changes when it is loaded and printed again."""
    return _FIRST_LEVEL.sub("", _SECTION_NAME.sub(r'\1 "map"', text))


def without_switch_keys(keymap: str) -> str:
    """The map with no key that switches terminals, breaks a grab or ends the server."""
    return _KEY.sub(lambda key: _SWITCH_SYMBOL.sub("NoSymbol", key.group()), keymap)


class ScreenSaver:
    """The server's own screen saver. Value: seconds to start, seconds to cycle, blanking, exposures."""

    name = "screen saver"

    def __init__(self, display_name: str | None = None) -> None:
        self._asking = Asking(display_name)

    def read(self) -> Any:
        with self._asking.connection() as connection:
            now = connection.get_screen_saver()
        return [now.timeout, now.interval, now.prefer_blanking, now.allow_exposures]

    def write(self, value: Any) -> None:
        with self._asking.connection() as connection:
            connection.set_screen_saver(*value)
            connection.sync()

    def locked(self, old: Any) -> Any:
        return [0, *old[1:]]

    def default(self) -> Any:
        return [-1, -1, 2, 2]  # the protocol's own words for "as the server was started"


class MonitorPower:
    """DPMS. Value: switched on, and seconds to standby, suspend, off."""

    name = "monitor power"

    def __init__(self, display_name: str | None = None) -> None:
        self._asking = Asking(display_name)

    def read(self) -> Any:
        with self._asking.connection() as connection:
            times, info = connection.dpms_get_timeouts(), connection.dpms_info()
        return {
            "on": bool(info.state),
            "seconds": [times.standby_timeout, times.suspend_timeout, times.off_timeout],
        }

    def write(self, value: Any) -> None:
        with self._asking.connection() as connection:
            connection.dpms_set_timeouts(*value["seconds"])
            if value["on"]:
                connection.dpms_enable()
            else:
                connection.dpms_disable()
            connection.sync()

    def locked(self, old: Any) -> Any:
        return {**old, "on": False}

    def default(self) -> Any:
        return {"on": True, "seconds": [600, 600, 600]}


def has_monitor_power(display_name: str | None) -> bool:
    with connected(display_name) as connection:
        return bool(connection.has_extension("DPMS")) and bool(connection.dpms_capable().capable)
