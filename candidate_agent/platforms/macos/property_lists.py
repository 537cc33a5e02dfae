"""Property lists that others wrote: of a program's bundle, of the device registry. Used by `bundles` and `signals`."""

import plistlib
from typing import Any


def parsed(data: bytes) -> Any:
    """None where it is none. Which errors plistlib raises for a damaged or a hostile list is not written anywhere:
    ExpatError, ValueError, IndexError and more."""
    try:
        return plistlib.loads(data)
    except Exception:
        return None
