"""What an ordinary program may use here: under X11 that is a matter of devices, not of questions. For one check.

A device that is not there is told by the checks of camera and microphone; here nothing is said of it.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from candidate_agent.platforms.ports import Permission


class LinuxPermissions:
    def __init__(self, environment: Mapping[str, str], root: Path = Path("/"), *, sees_keys: bool = True) -> None:
        """`sees_keys`: the X server has RECORD. `root`: where /dev is."""
        self._environment, self._root, self._sees_keys = environment, root, sees_keys

    def permissions(self) -> tuple[Permission, ...]:
        devices = {
            "camera": self._may_use("video*", os.R_OK | os.W_OK),
            "microphone": self._reaches_sound() or self._may_use("snd/pcmC*c", os.R_OK),
        }
        return (
            *(Permission(name, granted) for name, granted in devices.items() if granted is not None),
            Permission("screen", True),  # the X server lets every program of the session
            Permission("input", self._sees_keys),
        )

    def _may_use(self, pattern: str, access: int) -> bool | None:
        found = tuple((self._root / "dev").glob(pattern))
        return any(os.access(device, access) for device in found) if found else None

    def _reaches_sound(self) -> bool:
        """The sound server hands out microphones to whoever reaches its socket."""
        runtime = self._environment.get("XDG_RUNTIME_DIR", "")
        server = self._environment.get("PULSE_SERVER", "")
        return bool(server) or (bool(runtime) and os.access(Path(runtime) / "pulse" / "native", os.R_OK | os.W_OK))
