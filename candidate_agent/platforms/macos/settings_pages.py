"""Opens a page of System Settings by its address. Never run on a Mac. Called through `platform.settings_pages`."""

import subprocess
import sys

from candidate_agent.platforms.macos.permissions import SETTINGS

OPEN_S = 10.0
_PANE = "x-apple.systempreferences:com.apple.preference."
PAGES = {
    "camera": f"{SETTINGS}Camera",
    "microphone": f"{SETTINGS}Microphone",
    "displays": f"{_PANE}displays",
    "sound": f"{_PANE}sound",
    "network": f"{_PANE}network",
    "power": f"{_PANE}battery",
    "privacy": f"{SETTINGS}ScreenCapture",
}


class MacSettingsPages:
    def open(self, page: str) -> bool:
        address = PAGES.get(page)
        if address is None or sys.platform != "darwin":
            return False
        try:
            subprocess.run(  # noqa: S603 - a fixed program and one of the fixed addresses above, no shell
                ("/usr/bin/open", address), stdin=subprocess.DEVNULL, capture_output=True, timeout=OPEN_S, check=True
            )
        except (subprocess.SubprocessError, OSError):
            return False
        return True
