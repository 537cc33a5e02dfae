"""Lane files: append-only, one per session and lane, framed as in the evidence bundle. Called in worker threads.

The database's `size_bytes` decides what counts: bytes behind it are a torn tail from a crash and are cut off.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

CHUNK_BYTES = 1 << 18


def sync_dir(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class LaneFiles:
    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def path(self, session_id: bytes, lane: int) -> Path:
        return self._directory / session_id.hex() / f"lane{lane}.records"

    def append(self, session_id: bytes, lane: int, data: bytes) -> None:
        path = self.path(session_id, lane)
        is_new = not path.exists()
        if is_new:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600)
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(handle, view) :]
            _sync_data(handle)
        finally:
            os.close(handle)
        if is_new:
            sync_dir(path.parent)
            sync_dir(self._directory)

    def cut(self, session_id: bytes, lane: int, size_bytes: int) -> int:
        path = self.path(session_id, lane)
        if not path.exists():
            return 0
        if path.stat().st_size > size_bytes:
            os.truncate(path, size_bytes)
        return path.stat().st_size

    def read(self, session_id: bytes, lane: int, through_bytes: int, from_bytes: int = 0) -> Iterator[bytes]:
        path, left = self.path(session_id, lane), through_bytes - from_bytes
        if left <= 0:
            return
        with path.open("rb") as file:
            file.seek(from_bytes)
            while left and (chunk := file.read(min(left, CHUNK_BYTES))):
                left -= len(chunk)
                yield chunk


def _sync_data(handle: int) -> None:
    if sys.platform == "linux":
        os.fdatasync(handle)  # the length is data that a reader needs, so it is synced too; times are not
    else:
        os.fsync(handle)
