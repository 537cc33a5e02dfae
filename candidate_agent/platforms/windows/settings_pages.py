"""Opens a page of Windows' settings by its address. Never tried on Windows itself. Called through
`platform.settings_pages`.
"""

import os
import sys

PAGES = {
    "camera": "ms-settings:privacy-webcam",
    "microphone": "ms-settings:privacy-microphone",
    "displays": "ms-settings:display",
    "sound": "ms-settings:sound",
    "network": "ms-settings:network-status",
    "power": "ms-settings:powersleep",
    "privacy": "ms-settings:privacy",
}


class WindowsSettingsPages:
    def open(self, page: str) -> bool:
        address = PAGES.get(page)
        if address is None or sys.platform != "win32":
            return False
        try:
            os.startfile(address)  # noqa: S606 - one of the fixed addresses above
        except OSError:
            return False
        return True
