"""A file that holds room on the disk until the room is needed. Used by `store`; `quota` says when it may come back."""

import os
from collections.abc import Callable
from pathlib import Path

from candidate_agent.spool import quota


class Ballast:
    """`is_held` is read on any thread; `take` and `release` are the caller's to serialise."""

    def __init__(self, path: Path, size_bytes: int, free_bytes: Callable[[Path], int]) -> None:
        self._path, self._size_bytes, self._free_bytes = path, size_bytes, free_bytes
        self.is_held = False

    def release(self) -> None:
        self.is_held = False
        self._path.unlink(missing_ok=True)

    def take(self) -> None:
        """Holds the room if the disk has it: random bytes, so that no file system can store less than it says."""
        there = self._path.exists() and self._path.stat().st_size == self._size_bytes
        self.is_held = there or quota.ballast_may_return(self._free_bytes(self._path.parent), self._size_bytes)
        if self.is_held and not there:
            try:
                self._path.write_bytes(os.urandom(self._size_bytes))
            except OSError:
                self.release()
