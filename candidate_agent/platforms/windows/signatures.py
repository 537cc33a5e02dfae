"""What an executable file is: its SHA-256, and who signed it, as Windows itself verified it. Used by `processes`."""

import ctypes
import hashlib
import os
from functools import lru_cache
from pathlib import Path

from candidate_agent.base.errors import PlatformError
from candidate_agent.platforms.ports import Fingerprint
from candidate_agent.platforms.windows import api
from candidate_agent.platforms.windows.structures import Guid, TrustData, TrustFile

_GENERIC_VERIFY = Guid(0xAAC56B, 0xCD44, 0x11D0, (ctypes.c_ubyte * 8)(0x8C, 0xC2, 0, 0xC0, 0x4F, 0xC2, 0x95, 0xEE))
_NO_WINDOWS = 2
_NO_REVOCATION = 0  # asks no server: the exam may be offline, and the answer must come at once
_CHOICE_FILE = 1
_VERIFY, _CLOSE = 1, 2
_CACHE_ONLY = 0x1000
_SIMPLE_NAME = 4
_NAME_LENGTH = 512


def fingerprint(path: str) -> Fingerprint:
    """Raises nothing; "" where it cannot be told. Windows' own programs are signed in a catalogue: no signer here."""
    try:
        state = os.stat(path)  # noqa: PTH116 - a Windows path, also where this is only typed
        return _fingerprint(path, state.st_mtime_ns, state.st_size)
    except (OSError, PlatformError):
        return Fingerprint()


@lru_cache(maxsize=512)
def _fingerprint(path: str, changed: int, size: int) -> Fingerprint:
    """`changed` and `size` make a replaced file a new question."""
    del changed, size
    with Path(path).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Fingerprint(digest, signer(path))


def signer(path: str) -> str:
    """Name in the certificate; "" where there is no signature that Windows trusts."""
    file = TrustFile(path=path)
    file.size = ctypes.sizeof(file)
    data = TrustData(
        ui=_NO_WINDOWS, revocation=_NO_REVOCATION, choice=_CHOICE_FILE, file=ctypes.pointer(file), action=_VERIFY,
        flags=_CACHE_ONLY,
    )  # fmt: skip
    data.size = ctypes.sizeof(data)
    failed = api.verify_trust(api.INVALID_HANDLE, ctypes.byref(_GENERIC_VERIFY), ctypes.byref(data))
    try:
        return "" if failed else _name(data)
    finally:
        data.action = _CLOSE
        api.verify_trust(api.INVALID_HANDLE, ctypes.byref(_GENERIC_VERIFY), ctypes.byref(data))


def _name(data: TrustData) -> str:
    state = api.trust_state(data.state)
    chain = api.trust_signer(state, 0, False, 0) if state else None
    certificate = api.trust_certificate(chain, 0) if chain else None
    if not certificate:
        return ""
    text = ctypes.create_unicode_buffer(_NAME_LENGTH)
    api.certificate_name(certificate.contents.certificate, _SIMPLE_NAME, 0, None, text, _NAME_LENGTH)
    return text.value
