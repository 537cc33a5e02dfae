"""What Windows' privacy settings let a desktop program use: camera and microphone; the rest is not asked for here.

Kept by Windows for the computer, for the user, and for desktop programs together; a no in any of them is a no. Never
tried on Windows itself.
"""

from collections.abc import Callable
from typing import Any

from candidate_agent.platforms.ports import Permission
from candidate_agent.platforms.windows import registry

STORE = r"Software\Microsoft\Windows\CurrentVersion\CapabilityAccessManager\ConsentStore"
NAMES = {"camera": "webcam", "microphone": "microphone"}
ALLOW, DENY = "allow", "deny"

Read = Callable[[str, str, str], list[Any] | None]


class WindowsPermissions:
    def __init__(self, read: Read = registry.read) -> None:
        self._read = read

    def permissions(self) -> tuple[Permission, ...]:
        told = {name: self._granted(rf"{STORE}\{key}") for name, key in NAMES.items()}
        known = tuple(Permission(name, granted) for name, granted in told.items() if granted is not None)
        return (*known, Permission("screen", True), Permission("input", True))

    def _granted(self, path: str) -> bool | None:
        places = ((registry.MACHINE, path), (registry.USER, path), (registry.USER, rf"{path}\NonPackaged"))
        said = [value[1] for value in (self._read(root, where, "Value") for root, where in places) if value]
        words = {str(word).lower() for word in said}
        return False if DENY in words else True if words == {ALLOW} else None
