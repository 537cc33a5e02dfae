"""The few functions of IOKit that pyobjc has no package for, by their C signatures, and what the registry lists.

Signatures: IOKitLib.h and IOPMLib.h. Used by `awake`, `hotplug`, `system`.
"""

from collections.abc import Iterator
from functools import cache
from types import SimpleNamespace
from typing import Any

_BUNDLE = "com.apple.framework.IOKit"
_MADE = {"retval": {"already_cfretained": True}}
_FUNCTIONS: tuple[tuple[Any, ...], ...] = (
    ("IOPMAssertionCreateWithName", b"i@I@o^I"),
    ("IOPMAssertionDeclareUserActivity", b"i@IN^I"),
    ("IOPMAssertionRelease", b"iI"),
    ("IOPMAssertionCopyProperties", b"@I", "", _MADE),
    ("IOServiceMatching", b"@*"),
    ("IOServiceGetMatchingServices", b"iI@o^I"),
    ("IOIteratorNext", b"II"),
    ("IOObjectRelease", b"iI"),
    ("IORegistryEntryGetRegistryEntryID", b"iIo^Q"),
    ("IORegistryEntryCreateCFProperty", b"@I@@I", "", _MADE),
)
DEFAULT_PORT = 0
SUCCESS = 0


@cache
def functions() -> Any:
    import objc
    from Foundation import NSBundle

    found: dict[str, Any] = {}
    objc.loadBundleFunctions(NSBundle.bundleWithIdentifier_(_BUNDLE), found, list(_FUNCTIONS))
    return SimpleNamespace(**found)


def entries(class_name: str, wanted: tuple[str, ...]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Number and wanted properties of every registry entry of a class. The number is never used twice."""
    io = functions()
    error, iterator = io.IOServiceGetMatchingServices(DEFAULT_PORT, io.IOServiceMatching(class_name.encode()), None)
    if error != SUCCESS:
        return
    try:
        while entry := io.IOIteratorNext(iterator):
            _, number = io.IORegistryEntryGetRegistryEntryID(entry, None)
            values = {name: io.IORegistryEntryCreateCFProperty(entry, name, None, 0) for name in wanted}
            io.IOObjectRelease(entry)
            yield int(number), {name: value for name, value in values.items() if value is not None}
    finally:
        io.IOObjectRelease(iterator)
