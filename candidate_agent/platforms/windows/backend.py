"""The Windows backend: Windows 10 and later, as an ordinary user. Called by `select` alone."""

from candidate_agent.platforms.ports import Devices, Platform, SettingPort
from candidate_agent.platforms.windows.autostart import RestoreAtLogin, restore_command
from candidate_agent.platforms.windows.awake import WindowsAwake
from candidate_agent.platforms.windows.capture_exclusion import WindowsCaptureExclusion
from candidate_agent.platforms.windows.clipboard import WindowsClipboard
from candidate_agent.platforms.windows.displays import WindowsDisplays
from candidate_agent.platforms.windows.hotplug import WindowsHotplug
from candidate_agent.platforms.windows.keys import WindowsKeys
from candidate_agent.platforms.windows.permissions import WindowsPermissions
from candidate_agent.platforms.windows.processes import WindowsProcesses
from candidate_agent.platforms.windows.settings import of_desktop
from candidate_agent.platforms.windows.settings_pages import WindowsSettingsPages
from candidate_agent.platforms.windows.system import WindowsSystem
from candidate_agent.platforms.windows.windows import WindowsWindows


def settings(restore_arguments: tuple[str, ...] = ()) -> tuple[SettingPort, ...]:
    return (RestoreAtLogin((*restore_command(), *restore_arguments)), *of_desktop())


def system() -> WindowsSystem:
    return WindowsSystem()


def clipboard() -> WindowsClipboard:
    return WindowsClipboard()


def platform(devices: Devices, restore_arguments: tuple[str, ...] = ()) -> Platform:
    return Platform(
        name="windows",
        displays=WindowsDisplays(),
        windows=WindowsWindows(),
        keys=WindowsKeys(),
        clipboard=clipboard(),
        settings=settings(restore_arguments),
        processes=WindowsProcesses(),
        system=WindowsSystem(),
        screen=devices.screen,
        cameras=devices.cameras,
        microphones=devices.microphones,
        speakers=devices.speakers,
        awake=WindowsAwake(),
        hotplug=WindowsHotplug(),
        capture_exclusion=WindowsCaptureExclusion(),
        settings_pages=WindowsSettingsPages(),
        permissions=WindowsPermissions(),
    )
