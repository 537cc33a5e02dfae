"""The macOS backend: everything is served, and nothing of it was ever run on a Mac. Called by `select` alone.

`LIMITS` says so for each concern, in the words of the table in the documents.
"""

import sys

from candidate_agent.platforms.macos.assessment import assessment
from candidate_agent.platforms.macos.awake import MacAwake
from candidate_agent.platforms.macos.capture_exclusion import MacCaptureExclusion
from candidate_agent.platforms.macos.clipboard import MacClipboard
from candidate_agent.platforms.macos.displays import MacDisplays
from candidate_agent.platforms.macos.door import missing
from candidate_agent.platforms.macos.hotplug import MacHotplug
from candidate_agent.platforms.macos.keys import MacKeys
from candidate_agent.platforms.macos.launch_agent import RestoreAtLogin, restore_command
from candidate_agent.platforms.macos.permissions import MacPermissions, may_record_screen, request
from candidate_agent.platforms.macos.processes import MacProcesses
from candidate_agent.platforms.macos.settings_pages import MacSettingsPages
from candidate_agent.platforms.macos.system import MacSystem
from candidate_agent.platforms.macos.windows import MacWindows
from candidate_agent.platforms.ports import Devices, Platform, ScreenPort, SettingPort, Unsupported

NOT_RUN = "not run on a Mac"
WITHOUT_SCREEN = (
    "macOS does not let this program record the screen yet. Please allow it in System Settings, Privacy & Security, "
    "Screen Recording, and start the program again."
)
LIMITS = {
    "displays": f"yes; {NOT_RUN}",
    "windows": f"yes; looked at four times a second, so that one can come to the front for a moment; {NOT_RUN}",
    "keys": "yes; kept in by an event tap, which needs the candidate's permission, sees no key while a password is "
    f"typed and never a gesture of the trackpad; {NOT_RUN}",
    "clipboard": "yes; emptied again within a tenth of a second; what was copied while the exam is in front is taken "
    f"for the exam's own; from macOS 15.4 on the system may ask the candidate before old content is read; {NOT_RUN}",
    "processes": f"yes; programs without a window by polling; {NOT_RUN}",
    "screen": f"yes; needs the candidate's permission; {NOT_RUN}",
    "cameras": f"yes; needs the candidate's permission; {NOT_RUN}",
    "microphones": f"yes; needs the candidate's permission; {NOT_RUN}",
    "awake": f"yes; a closed lid still sleeps; {NOT_RUN}",
    "hotplug": f"yes; {NOT_RUN}",
    "capture_exclusion": f"yes; from macOS 15 on newer recording programs see the window all the same; {NOT_RUN}",
    "assessment": f"yes; where Apple has given this program its entitlement; {NOT_RUN}",
    "settings_pages": f"yes; {NOT_RUN}",
    "permissions": f"yes; {NOT_RUN}",
    "setting: restore at login": f"yes; the system tells the candidate that a login item was added; {NOT_RUN}",
}
NO_SUCH_SETTING = {
    "setting: virtual terminal keys": "There are no such keys on macOS.",
    "setting: screen saver": "A part of keeping the computer awake here; no setting is changed.",
    "setting: monitor power": "A part of keeping the computer awake here; no setting is changed.",
    "setting: notifications": "Focus has no public interface: no program can hold notifications back.",
}


def settings(restore_arguments: tuple[str, ...] = ()) -> tuple[SettingPort, ...]:
    """What outlives this process. Focus has no public interface, and hot corners and the system's own short cuts are
    read anew only when the Dock starts or somebody logs in: none of these is touched."""
    return (RestoreAtLogin((*restore_command(), *restore_arguments)),)


def system() -> MacSystem:
    return MacSystem()


def clipboard() -> MacClipboard | Unsupported:
    return Unsupported(missing(), "library") if missing() else MacClipboard()


def screen(devices: Devices) -> ScreenPort | Unsupported:
    """Without the permission the system gives the desktop picture in place of the windows, and no error: then nothing
    is recorded. The system's own question is shown, once; what it allows holds from the next start."""
    if sys.platform != "darwin" or missing() or may_record_screen():
        return devices.screen
    request("screen recording")
    return Unsupported(WITHOUT_SCREEN)


def platform(devices: Devices, restore_arguments: tuple[str, ...] = ()) -> Platform:
    no = Unsupported(missing(), "library") if missing() else None
    return Platform(
        name="macos",
        displays=no or MacDisplays(),
        windows=no or MacWindows(),
        keys=no or MacKeys(),
        clipboard=clipboard(),
        settings=settings(restore_arguments),
        processes=MacProcesses(),
        system=MacSystem(),
        screen=screen(devices),
        cameras=devices.cameras,
        microphones=devices.microphones,
        speakers=devices.speakers,
        awake=no or MacAwake(),
        hotplug=no or MacHotplug(),
        capture_exclusion=no or MacCaptureExclusion(),
        assessment=no or assessment(),
        settings_pages=MacSettingsPages(),
        permissions=no or MacPermissions(),
    )
