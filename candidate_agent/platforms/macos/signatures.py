"""Who made an executable: its SHA-256, and the team that signed it, as the system itself verifies it.

Asked for the programs of the list only. A file that was not changed is read once. Used by `processes`.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from candidate_agent.platforms.macos.door import pool
from candidate_agent.platforms.ports import Fingerprint

OF_SYSTEM = "apple"
AD_HOC = 0x2  # kSecCodeSignatureAdhoc, in kSecCodeInfoFlags: signed by nobody
PIECE_BYTES = 1024 * 1024

Signer = Callable[[str], str]


def sha256_of(path: Path) -> str:
    """ "" where it cannot be read."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE_BYTES):
                digest.update(piece)
    except OSError:
        return ""
    return digest.hexdigest()


def signer_in(team: str | None, flags: int, *, platform_binary: bool) -> str:
    """The ten letters of the developer's team; `apple` for parts of the system; "" for what anybody can sign."""
    if flags & AD_HOC:
        return ""
    return team or (OF_SYSTEM if platform_binary else "")


class Fingerprints:
    """By path, size and time of change."""

    def __init__(self, signer: Signer | None = None) -> None:
        self._signer = signer or verified_signer
        self._known: dict[tuple[str, int, int], Fingerprint] = {}

    def of(self, executable: str) -> Fingerprint:
        try:
            state = Path(executable).stat()
        except OSError:
            return Fingerprint()
        key = (executable, state.st_size, state.st_mtime_ns)
        if key not in self._known:
            self._known[key] = Fingerprint(sha256_of(Path(executable)), self._signer(executable))
        return self._known[key]


def verified_signer(executable: str) -> str:
    """Checks the executable's own signature against its bytes, not the files beside it, which would take seconds."""
    import Security
    from Foundation import NSURL

    with pool():
        error, code = Security.SecStaticCodeCreateWithPath(
            NSURL.fileURLWithPath_(executable), Security.kSecCSDefaultFlags, None
        )
        if error or Security.SecStaticCodeCheckValidity(code, Security.kSecCSBasicValidateOnly, None):
            return ""
        error, told = Security.SecCodeCopySigningInformation(code, Security.kSecCSSigningInformation, None)
        return "" if error else _signer(dict(told))


def _signer(told: dict[Any, Any]) -> str:
    import Security

    team = told.get(Security.kSecCodeInfoTeamIdentifier)
    return signer_in(
        str(team) if team else None,
        int(told.get(Security.kSecCodeInfoFlags, 0)),
        platform_binary=bool(told.get(Security.kSecCodeInfoPlatformIdentifier)),
    )
