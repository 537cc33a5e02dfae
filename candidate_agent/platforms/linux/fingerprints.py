"""The SHA-256 of what a process runs, read through /proc: also where the file was deleted, replaced or never on a disk.

Kept by device, inode, time and size, so that a program is read once. Used by `processes`.
"""

import hashlib
import os
import threading
from collections import OrderedDict

from candidate_agent.platforms.ports import Fingerprint

MAX_KNOWN = 512
MAX_BYTES = 512 * 1024 * 1024

_File = tuple[int, int, int, int]


class Fingerprints:
    def __init__(self) -> None:
        self._known: OrderedDict[_File, Fingerprint] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, pid: int) -> Fingerprint:
        """Empty where the file may not be read or is longer than MAX_BYTES."""
        try:
            with open(f"/proc/{pid}/exe", "rb") as file:  # noqa: PTH123 - a link that only opening follows
                found = os.fstat(file.fileno())
                key = (found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size)
                if found.st_size > MAX_BYTES:
                    return Fingerprint()
                with self._lock:
                    known = self._known.get(key)
                return known or self._keep(key, Fingerprint(hashlib.file_digest(file, "sha256").hexdigest()))
        except OSError:
            return Fingerprint()

    def _keep(self, key: _File, fingerprint: Fingerprint) -> Fingerprint:
        with self._lock:
            self._known[key] = fingerprint
            if len(self._known) > MAX_KNOWN:
                self._known.popitem(last=False)
        return fingerprint
