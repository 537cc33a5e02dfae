"""Files that survive: whole-file replacement and folder sync. fsync of the folder makes the name durable on POSIX;
Windows has no such call and journals the name itself."""

import os
from pathlib import Path


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
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
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
