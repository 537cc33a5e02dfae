"""What only Windows can tell about itself."""

import ctypes
import platform
import sys


def version() -> str:
    return f"{platform.release()} {platform.version()}"


def administrator() -> bool:
    if sys.platform != "win32":
        return False
    return bool(ctypes.windll.shell32.IsUserAnAdmin())
