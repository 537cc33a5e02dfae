"""What only macOS can tell about itself."""

import os
import platform
import sys


def version() -> str:
    return platform.mac_ver()[0]


def administrator() -> bool:
    return sys.platform != "win32" and os.geteuid() == 0
