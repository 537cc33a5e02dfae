"""What the computer was like before: one line per change, on the disk before the change is made.

A line is `<16 hex digits of SHA-256> <JSON>`. The last line may be torn by a power cut: its change was never made, so
it is passed over. Damage anywhere else is said, and the caller falls back on defaults. Written by `sequence`, read by
`restore`.
"""

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from candidate_agent.base.errors import LockdownError
from candidate_agent.base.files import AS_BYTES, private_dir, sync_dir

_SUM_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Entry:
    setting: str
    old: Any


@dataclass(frozen=True, slots=True)
class Leftovers:
    """What stands in a log, oldest first. `damaged`: something before the last line cannot be read."""

    entries: tuple[Entry, ...]
    damaged: bool = False


class Disk(Protocol):
    """The four things the log asks of a disk; tests give one that loses its power."""

    def read(self, path: Path) -> bytes | None: ...

    def append(self, path: Path, data: bytes) -> None: ...

    def sync(self, path: Path) -> None: ...

    def remove(self, path: Path) -> None: ...


class OsDisk:
    def read(self, path: Path) -> bytes | None:
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None

    def append(self, path: Path, data: bytes) -> None:
        private_dir(path.parent)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | AS_BYTES, 0o600)
        try:
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
        except OSError:
            return Leftovers((), damaged=True)
        return parse(data) if data else Leftovers(())

    def clear(self) -> None:
        """Raises OSError."""
        self.disk.remove(self.path)


def line(entry: Entry) -> bytes:
    text = json.dumps({"setting": entry.setting, "old": entry.old}, separators=(",", ":")).encode()
    return _sum(text) + b" " + text + b"\n"


def parse(data: bytes) -> Leftovers:
    lines = data.split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    read = [_entry(text) for text in lines]
    return Leftovers(tuple(entry for entry in read if entry is not None), damaged=None in read[:-1])


def _entry(text: bytes) -> Entry | None:
    digest, _, body = text.partition(b" ")
    if digest != _sum(body):
        return None
    try:
        fields = json.loads(body)
        return Entry(str(fields["setting"]), fields["old"])
    except (ValueError, KeyError, TypeError):
        return None


def _sum(text: bytes) -> bytes:
    return hashlib.sha256(text).hexdigest()[:_SUM_DIGITS].encode()
