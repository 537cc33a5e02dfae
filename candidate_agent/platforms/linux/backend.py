"""The Linux backend: X11 is served, Wayland is refused with a reason. Called by `select` alone."""

import os

from candidate_agent.platforms.linux.autostart import RestoreAtLogin, restore_command
from candidate_agent.platforms.linux.awake import awake_port
from candidate_agent.platforms.linux.clipboard import X11Clipboard
from candidate_agent.platforms.linux.connection import connected
from candidate_agent.platforms.linux.displays import X11Displays
from candidate_agent.platforms.linux.hotplug import hotplug_port
from candidate_agent.platforms.linux.keys import X11Keys
from candidate_agent.platforms.linux.notifications import Notifications
from candidate_agent.platforms.linux.permissions import LinuxPermissions
from candidate_agent.platforms.linux.processes import LinuxProcesses
from candidate_agent.platforms.linux.screen import X11Screen
from candidate_agent.platforms.linux.settings import MonitorPower, ScreenSaver, VirtualTerminalKeys, has_monitor_power
from candidate_agent.platforms.linux.settings_pages import LinuxSettingsPages
from candidate_agent.platforms.linux.system import LinuxSystem, session_type
from candidate_agent.platforms.linux.windows import X11Windows
from candidate_agent.platforms.ports import NO_ASSESSMENT, Devices, Platform, SettingPort, Unsupported

ON_WAYLAND = "A Wayland session shows programs neither the other windows nor the keys. Please log in to an X11 session."
NO_EXCLUSION = "X11 has no way to hide a window from other programs' recordings."
LACKS = {"capture_exclusion": NO_EXCLUSION, "assessment": NO_ASSESSMENT.reason}
WITHOUT_DESKTOP = "No desktop answers here."


def settings(
    display_name: str | None = None, restore_arguments: tuple[str, ...] = (), *, only_present: bool = False
) -> tuple[SettingPort, ...]:
    """What lockdown changes on this desktop; where none answers, only what lies on the disk.

    For giving back, notifications are among them also where none answers now: their value says whose they are.
    """
    at_login = RestoreAtLogin(command=(*restore_command(), *restore_arguments))
    if session_type(os.environ, display_name) != "x11":
        return (at_login,)
    of_display: tuple[SettingPort, ...] = (VirtualTerminalKeys(display_name), ScreenSaver(display_name))
    if has_monitor_power(display_name):
        of_display += (MonitorPower(display_name),)
    notifications = Notifications()
    if only_present and not notifications.desktop():
        return (at_login, *of_display)
    return (at_login, *of_display, notifications)


def system() -> LinuxSystem:
    return LinuxSystem()


def clipboard(display_name: str | None = None) -> X11Clipboard | Unsupported:
    kind = session_type(os.environ, display_name)
    if kind != "x11":
        return _no_x11(kind)
    return without("XFIXES", display_name) or X11Clipboard(display_name)


def without(extension: str, display_name: str | None) -> Unsupported | None:
    """The reason, where the X server lacks an extension that a port is made of."""
    with connected(display_name) as connection:
        has = bool(connection.has_extension(extension))
    return None if has else Unsupported(f"This X server does not have the extension {extension}.", "extension")


def platform(devices: Devices, display_name: str | None = None, restore_arguments: tuple[str, ...] = ()) -> Platform:
    kind = session_type(os.environ, display_name)
    if kind != "x11":
        return without_x11(kind)
    no_keys = without("RECORD", display_name)
    return Platform(
        name="linux/x11",
        displays=without("RANDR", display_name) or X11Displays(display_name),
        windows=X11Windows(display_name),
        keys=no_keys or X11Keys(display_name),
        clipboard=clipboard(display_name),
        settings=settings(display_name, restore_arguments, only_present=True),
        processes=LinuxProcesses(display_name),
        system=LinuxSystem(display_name),
        screen=devices.screen if isinstance(devices.screen, Unsupported) else X11Screen(devices.screen, display_name),
        cameras=devices.cameras,
        microphones=devices.microphones,
        speakers=devices.speakers,
        awake=awake_port(display_name),
        hotplug=hotplug_port(display_name),
        capture_exclusion=Unsupported(NO_EXCLUSION),
        settings_pages=LinuxSettingsPages(os.environ, display_name),
        permissions=LinuxPermissions(os.environ, sees_keys=no_keys is None),
    )


def without_x11(kind: str) -> Platform:
    no = _no_x11(kind)
    return Platform(
        name=f"linux/{kind}",
        displays=no,
        windows=no,
        keys=no,
        clipboard=no,
        settings=(),
        processes=LinuxProcesses(),
        system=LinuxSystem(),
        screen=no,
        cameras=no,
        microphones=no,
        awake=no,
        hotplug=no,
        capture_exclusion=no,
        settings_pages=no,
        permissions=no,
    )


def _no_x11(kind: str) -> Unsupported:
    return Unsupported(ON_WAYLAND, "wayland") if kind == "wayland" else Unsupported(WITHOUT_DESKTOP, "desktop")
