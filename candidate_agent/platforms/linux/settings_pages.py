"""Opens a page of the desktop's settings: its own program where that is known and there, else any that shows the page.

GNOME, KDE, Cinnamon, MATE, Xfce and LXQt name their pages differently; PAGES is what is known of them. Called through
`platform.settings_pages`.
"""

import shutil
import subprocess
from collections.abc import Callable, Mapping
from typing import Any

Command = tuple[str, ...]

_GNOME, _KDE, _CINNAMON = "gnome-control-center", "systemsettings", "cinnamon-settings"
_KDE_5 = "systemsettings5"
PAGES: dict[str, tuple[Command, ...]] = {
    "camera": ((_GNOME, "camera"), (_CINNAMON, "privacy")),
    "microphone": (
        (_GNOME, "sound"), (_KDE, "kcm_pulseaudio"), (_KDE_5, "kcm_pulseaudio"), (_CINNAMON, "sound"),
        ("mate-volume-control",), ("pavucontrol", "--tab=4"), ("pavucontrol-qt", "--tab=4"),
    ),
    "displays": (
        (_GNOME, "display"), (_KDE, "kcm_kscreen"), (_KDE_5, "kcm_kscreen"), (_CINNAMON, "display"),
        ("mate-display-properties",), ("xfce4-display-settings",), ("lxqt-config-monitor",), ("arandr",),
    ),
    "sound": (
        (_GNOME, "sound"), (_KDE, "kcm_pulseaudio"), (_KDE_5, "kcm_pulseaudio"), (_CINNAMON, "sound"),
        ("mate-volume-control",), ("pavucontrol",), ("pavucontrol-qt",),
    ),
    "network": (
        (_GNOME, "network"), (_KDE, "kcm_networkmanagement"), (_KDE_5, "kcm_networkmanagement"),
        (_CINNAMON, "network"), ("nm-connection-editor",), ("connman-gtk",),
    ),
    "power": (
        (_GNOME, "power"), (_KDE, "kcm_powerdevilprofilesconfig"), (_KDE_5, "powerdevilprofilesconfig"),
        (_CINNAMON, "power"), ("mate-power-preferences",), ("xfce4-power-manager-settings",),
        ("lxqt-config-powermanagement",),
    ),
    "privacy": ((_GNOME, "privacy"), (_CINNAMON, "privacy")),
}  # fmt: skip
DESKTOPS = {
    "gnome": (_GNOME,), "unity": (_GNOME,), "kde": (_KDE, _KDE_5), "x-cinnamon": (_CINNAMON,), "mate": ("mate-",),
    "xfce": ("xfce4-",), "lxqt": ("lxqt-",),
}  # fmt: skip
"""Desktop, as XDG_CURRENT_DESKTOP names it -> how its own programs begin."""


class LinuxSettingsPages:
    def __init__(
        self, environment: Mapping[str, str], display_name: str | None = None,
        which: Callable[..., str | None] = shutil.which,
    ) -> None:  # fmt: skip
        self._environment = {**environment, **({"DISPLAY": display_name} if display_name else {})}
        self._which = which
        self._opened: list[subprocess.Popen[Any]] = []

    def open(self, page: str) -> bool:
        self._opened = [child for child in self._opened if child.poll() is None]
        command = chosen(page, self._environment.get("XDG_CURRENT_DESKTOP", ""), self._is_there)
        if command is None:
            return False
        try:
            self._opened.append(
                subprocess.Popen(  # noqa: S603 - fixed programs, no shell
                    command, env=self._environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL, start_new_session=True,
                )
            )  # fmt: skip
        except OSError:
            return False
        return True

    def _is_there(self, program: str) -> bool:
        return self._which(program, path=self._environment.get("PATH")) is not None


def chosen(page: str, desktop: str, is_there: Callable[[str], bool]) -> Command | None:
    """The desktop's own program first: another one's page changes nothing on this desktop, or not all of it. GNOME's
    ends at once on any other desktop, so that it is not tried there."""
    own = tuple(begin for name in desktop.lower().split(":") for begin in DESKTOPS.get(name, ()))
    there = [command for command in PAGES.get(page, ()) if is_there(command[0])]
    usable = [command for command in there if command[0] != _GNOME or _GNOME in own]
    return min(usable, key=lambda command: not command[0].startswith(own), default=None)
