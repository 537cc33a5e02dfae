"""Notifications of the desktop, held during the exam: one setting, whose value names the desktop that it belongs to.

dunst and Xfce are asked over D-Bus; GNOME, Cinnamon and MATE keep theirs in GSettings, which has a program for it. KDE
has no setting that could be put back after a crash, and is left alone (`backend` says so).
"""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from candidate_agent.base.errors import PlatformError
from candidate_agent.platforms.linux.bus import Bus, NoAnswerError, session_address

COMMAND_S = 5.0
_SERVER = "org.freedesktop.Notifications"
_SERVER_PATH = "/org/freedesktop/Notifications"
_DUNST = "org.dunstproject.cmd0"
_XFCONF = ("org.xfce.Xfconf", "/org/xfce/Xfconf", "org.xfce.Xfconf")
_XFCE_PLACE = ("xfce4-notifyd", "/do-not-disturb")


@dataclass(frozen=True, slots=True)
class Key:
    """Of GSettings, and its value while nothing is to be shown."""

    schema: str
    key: str
    quiet: str


KEYS = {
    "gnome": Key("org.gnome.desktop.notifications", "show-banners", "false"),
    "cinnamon": Key("org.cinnamon.desktop.notifications", "display-notifications", "false"),
    "mate": Key("org.mate.NotificationDaemon", "do-not-disturb", "true"),
}
_BY_SERVER = {"dunst": "dunst", "gnome-shell": "gnome", "Xfce Notify Daemon": "xfce", "cinnamon": "cinnamon"}
_BY_SESSION = {"GNOME": "gnome", "XFCE": "xfce", "X-Cinnamon": "cinnamon", "MATE": "mate", "Unity": "gnome"}


class Notifications:
    """Value: the desktop's name ("" where none answers) and what it had: a truth, None for "never set", or a word."""

    name = "notifications"

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._environment = environment
        self._bus = Bus(session_address(environment))
        self._desktop: str | None = None
        self._held_by_files: tuple[object, ...] = ()

    def desktop(self) -> str:
        """Asked once: what is put back belongs to the desktop it was taken from."""
        if self._desktop is None:
            self._desktop = self._by_server() or self._by_session()
        return self._desktop

    def read(self) -> Any:
        desktop = self.desktop()
        return {"desktop": desktop, "value": self._read(desktop) if desktop else None}

    def write(self, value: Any) -> None:
        self._desktop = str(value["desktop"])
        try:
            self._write(self._desktop, value["value"])
        except NoAnswerError as error:
            raise PlatformError("unsupported", "The desktop's notifications do not answer.") from error

    def locked(self, old: Any) -> Any:
        key = KEYS.get(old["desktop"])
        quiet: Any = key.quiet if key else bool(old["desktop"]) or None
        return {"desktop": old["desktop"], "value": quiet}

    def default(self) -> Any:
        desktop = self.desktop()
        key = KEYS.get(desktop)
        shown: Any = ("true" if key.quiet == "false" else "false") if key else (False if desktop else None)
        return {"desktop": desktop, "value": shown}

    def holds(self) -> bool:
        """GSettings is read by a program: not again while its files are as they were when it last held."""
        files = self._files()
        if self.desktop() in KEYS and files == self._held_by_files and any(files):
            return True
        now = self.read()
        held = bool(self.locked(now) == now)
        self._held_by_files = files if held else ()
        return held

    def _by_server(self) -> str:
        if not self._bus.owner(_SERVER):
            return ""
        try:
            told = self._bus.call(_SERVER, _SERVER_PATH, _SERVER, "GetServerInformation")
        except NoAnswerError:
            return ""
        return "mate" if told[1] == "MATE" else _BY_SERVER.get(str(told[0]), "")

    def _by_session(self) -> str:
        """A notification server may be started by the first notification only."""
        names = self._environment.get("XDG_CURRENT_DESKTOP", "").split(":")
        found = next((_BY_SESSION[name] for name in names if name in _BY_SESSION), "")
        try:
            if found in KEYS:
                self._read(found)
            elif found:
                self._read_xfce()
        except (PlatformError, NoAnswerError):
            return ""
        return found

    def _read(self, desktop: str) -> Any:
        if desktop in KEYS:
            return self._gsettings("get", KEYS[desktop].schema, KEYS[desktop].key)
        try:
            return self._read_dunst() if desktop == "dunst" else self._read_xfce()
        except NoAnswerError:
            return False if desktop == "dunst" else None  # dunst forgets when it ends

    def _write(self, desktop: str, value: Any) -> None:
        if desktop in KEYS:
            self._gsettings("set", KEYS[desktop].schema, KEYS[desktop].key, str(value))
        elif desktop == "dunst":
            self._bus.call(_SERVER, _SERVER_PATH, "org.freedesktop.DBus.Properties", "Set", "ssv", _DUNST, "paused",
                           ("b", bool(value)))  # fmt: skip
        elif desktop == "xfce" and value is None:
            self._bus.call(*_XFCONF, "ResetProperty", "ssb", *_XFCE_PLACE, False)
        elif desktop == "xfce":
            self._bus.call(*_XFCONF, "SetProperty", "ssv", *_XFCE_PLACE, ("b", bool(value)))

    def _read_dunst(self) -> bool:
        answer = self._bus.call(_SERVER, _SERVER_PATH, "org.freedesktop.DBus.Properties", "Get", "ss", _DUNST, "paused")
        return bool(answer[0][1])

    def _read_xfce(self) -> bool | None:
        if not self._bus.call(*_XFCONF, "PropertyExists", "ss", *_XFCE_PLACE, start=True)[0]:
            return None
        return bool(self._bus.call(*_XFCONF, "GetProperty", "ss", *_XFCE_PLACE)[0][1])

    def _gsettings(self, *words: str) -> str:
        command = ["gsettings", *words]
        try:
            done = subprocess.run(  # noqa: S603 - fixed program, no shell
                command, env=dict(self._environment), capture_output=True, timeout=COMMAND_S, check=True
            )
        except (subprocess.SubprocessError, OSError) as error:
            raise PlatformError("unsupported", "The desktop's settings for notifications do not answer.") from error
        return done.stdout.decode("utf-8", "replace").strip()

    def _files(self) -> tuple[object, ...]:
        """How the files look that GSettings keeps its values in."""
        home = self._environment.get("XDG_CONFIG_HOME") or str(Path(self._environment.get("HOME", "/")) / ".config")
        return tuple(_look(Path(home) / name) for name in ("dconf/user", "glib-2.0/settings/keyfile"))


def _look(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_ino, found.st_size, found.st_mtime_ns)
