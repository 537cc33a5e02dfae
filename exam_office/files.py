"""Reading and writing whole files, with the office's errors. Called by every module here that touches the disk."""

import os
from pathlib import Path

from exam_office.errors import FILES, OfficeError


def read(path: Path) -> bytes:
    """Raises OfficeError `file_missing`, `file_unreadable`."""
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise OfficeError("file_missing", f"There is no file {path}.", FILES) from error
    except OSError as error:
        raise OfficeError("file_unreadable", f"{path} cannot be read: {error.strerror}.", FILES) from error


def write_new(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Raises OfficeError `file_exists`: what was signed or made once is not overwritten."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError as error:
        raise OfficeError("file_exists", f"{path} exists already and is not overwritten.", FILES) from error
    except OSError as error:
        raise OfficeError("file_unwritable", f"{path} cannot be written: {error.strerror}.", FILES) from error


def replace(path: Path, data: bytes) -> None:
    """Writes beside and renames, so that a reader sees the old or the new file, whole."""
    beside = path.with_name(path.name + ".new")
    beside.unlink(missing_ok=True)
    write_new(beside, data)
    beside.replace(path)
