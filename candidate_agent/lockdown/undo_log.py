"""What the computer was like before: one line per change, on the disk before the change is made.

A line is `<16 hex digits of SHA-256> <JSON>`. The end may be torn by a power cut: its change was never made, so it is
passed over. Damage anywhere else is said, and the caller falls back on defaults; so is a line that a later
version wrote. Written by `sequence`, read by `restore`.
"""

import contextlib
import hashlib
import json
import os
import stat
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from candidate_agent.base.errors import LockdownError, StorageError
from candidate_agent.base.files import AS_BYTES, private_dir, sync_dir
from candidate_agent.platforms.instance_lock import InstanceLock

VERSION = 1  # of a line; lines without one are from before there was one, and mean the same
MOST_BYTES = 16 * 1024 * 1024
LOCK_S = 10.0
_LOCK_EVERY_S = 0.02
_SUM_DIGITS = 16
if sys.platform == "win32":
    _SAFELY = AS_BYTES
else:
    _SAFELY = os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK  # no link is followed, no pipe in its place waited for


@dataclass(frozen=True, slots=True)
class Entry:
    setting: str
    old: Any


@dataclass(frozen=True, slots=True)
class Leftovers:
    """What stands in a log, oldest first. `damaged`: a line cannot be read. `foreign`: another
    user's, whose values are not to be believed."""

    entries: tuple[Entry, ...]
    damaged: bool = False
    foreign: bool = False


class ForeignLog(OSError):
    """Written by another user."""


class Disk(Protocol):
    """What the log asks of a disk; tests give one that loses its power."""

    def locked(self, path: Path) -> contextlib.AbstractContextManager[bool]:
        """Keeps other processes from changing what the log is about. False: they could not be kept off."""

    def read(self, path: Path) -> bytes | None: ...

    def append(self, path: Path, data: bytes) -> None: ...

    def sync(self, path: Path) -> None: ...

    def remove(self, path: Path) -> None: ...


class OsDisk:
    @contextlib.contextmanager
    def locked(self, path: Path) -> Iterator[bool]:
        """Waits for the other process, LOCK_S at most. Where nothing was ever written there is nothing to wait for."""
        lock = InstanceLock(path.with_name(path.name + ".lock"))
        held = path.parent.is_dir() and _acquired(lock, time.monotonic() + LOCK_S)
        try:
            yield held
        finally:
            lock.release()

    def read(self, path: Path) -> bytes | None:
        try:
            handle = os.open(path, os.O_RDONLY | _SAFELY)
        except FileNotFoundError:
            return None
        with open(handle, "rb") as file:  # noqa: PTH123 - opened above, with care
            _check_ours(handle)
            return file.read(MOST_BYTES + 1)

    def append(self, path: Path, data: bytes) -> None:
        private_dir(path.parent)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | _SAFELY, 0o600)
        try:
            _check_ours(handle)
            view = memoryview(data)
            while view:
                view = view[os.write(handle, view) :]
        finally:
            os.close(handle)

    def sync(self, path: Path) -> None:
        """The bytes, and the name that leads to them."""
        handle = os.open(path, os.O_RDWR)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        sync_dir(path.parent)

    def remove(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        if path.parent.is_dir():
            sync_dir(path.parent)


def _acquired(lock: InstanceLock, until_s: float) -> bool:
    try:
        while not lock.acquire():
            if time.monotonic() > until_s:
                return False
            time.sleep(_LOCK_EVERY_S)
    except StorageError:
        return False
    return True


def _check_ours(handle: int) -> None:
    """Raises OSError for what is no plain file of this user."""
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode):
        raise OSError("not a file")
    if sys.platform != "win32" and status.st_uid != os.geteuid():
        raise ForeignLog("another user's")


class UndoLog:
    def __init__(self, path: Path, disk: Disk | None = None) -> None:
        self.path = path
        self.disk: Disk = disk or OsDisk()

    def note(self, entry: Entry) -> None:
        """On the disk when it returns. Raises LockdownError `undo_log_failed`: the change must then not be made."""
        try:
            self.disk.append(self.path, line(entry))
            self.disk.sync(self.path)
        except OSError as error:
            raise LockdownError("undo_log_failed", "The undo log could not be written.") from error

    def leftovers(self) -> Leftovers:
        """Raises nothing: a log that cannot be opened is a damaged one."""
        try:
            data = self.disk.read(self.path)
        except ForeignLog:
            return Leftovers((), foreign=True)
        except OSError:
            return Leftovers((), damaged=True)
        return parse(data) if data else Leftovers(())

    def clear(self) -> None:
        """Raises OSError."""
        self.disk.remove(self.path)


def line(entry: Entry) -> bytes:
    text = json.dumps({"v": VERSION, "setting": entry.setting, "old": entry.old}, separators=(",", ":")).encode()
    return _sum(text) + b" " + text + b"\n"


def parse(data: bytes) -> Leftovers:
    """Only what no newline ends may be torn."""
    *lines, end = data.split(b"\n")
    if _is_whole(end):
        lines.append(end)
    read = [_entry(text) for text in lines]
    return Leftovers(tuple(entry for entry in read if entry is not None), damaged=None in read)


def _is_whole(text: bytes) -> bool:
    digest, _, body = text.partition(b" ")
    return digest == _sum(body)


def _entry(text: bytes) -> Entry | None:
    """None: it cannot be understood. Damaged, or a later version wrote it."""
    if not _is_whole(text):
        return None
    try:
        fields = json.loads(text.partition(b" ")[2])
        return Entry(str(fields["setting"]), fields["old"]) if fields.get("v", 0) in range(VERSION + 1) else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _sum(text: bytes) -> bytes:
    return hashlib.sha256(text).hexdigest()[:_SUM_DIGITS].encode()
