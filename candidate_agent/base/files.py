"""Files that survive: whole-file replacement and folder sync. fsync of the folder makes the name durable on POSIX;
Windows has no such call and journals the name itself."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from candidate_agent.base.errors import StorageError

AS_BYTES = getattr(os, "O_BINARY", 0)
"""For os.open: without it Windows writes two bytes where a line ends."""

_FULL = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def storing() -> Iterator[None]:
    """What the disk refuses inside becomes StorageError `disk_full` or `disk_unwritable`."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StorageError("disk_full", "The disk is full. Please make room and try again.") from error
        text = f"The exam program cannot write in its own folder ({error.strerror})."
        raise StorageError("disk_unwritable", text) from error


def sync_dir(directory: Path) -> None:
    if os.name == "posix":
        handle = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def replace_file(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Writes `data` so that after a power cut the file is either the old or the new one, whole."""
    temporary = path.with_name(path.name + ".new")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | AS_BYTES, mode)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(handle, view) :]
        os.fsync(handle)
    finally:
        os.close(handle)
    temporary.replace(path)
    sync_dir(path.parent)


def private_dir(path: Path) -> Path:
    """The folder, made if missing, readable by this user alone."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path
