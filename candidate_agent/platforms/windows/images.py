"""Processes and the files they run: names, the original name in the file, times. Used by `processes` and `windows`."""

import contextlib
import ctypes
import os
from collections.abc import Iterator
from ctypes import wintypes
from functools import lru_cache
from pathlib import PureWindowsPath

from candidate_agent.base.errors import PlatformError
from candidate_agent.platforms.windows import api
from candidate_agent.platforms.windows import structures as s

_PATH_LENGTH = 32_768
_EPOCH_100NS = 116_444_736_000_000_000  # 1601 to 1970
_NAMES_IN_FILE = ("OriginalFilename", "InternalName")


@contextlib.contextmanager
def opened(pid: int) -> Iterator[int]:
    """A handle that tells about a process; 0 where it is gone or not ours to look at."""
    handle = api.open_process(api.PROCESS_QUERY_LIMITED_INFORMATION, False, pid) or 0
    try:
        yield handle
    finally:
        if handle:
            api.close_handle(handle)


def path_of(pid: int) -> str:
    """Path of the executable; "" where it cannot be told."""
    with opened(pid) as handle:
        if not handle:
            return ""
        text, length = ctypes.create_unicode_buffer(_PATH_LENGTH), wintypes.DWORD(_PATH_LENGTH)
        return text.value if api.process_image(handle, 0, text, ctypes.byref(length)) else ""


def started_s(pid: int) -> float:
    """Seconds since 1970; 0 where it cannot be told."""
    times = [wintypes.FILETIME() for _ in range(4)]
    with opened(pid) as handle:
        if not handle or not api.process_times(handle, *(ctypes.byref(time) for time in times)):
            return 0.0
    ticks = (times[0].dwHighDateTime << 32) | times[0].dwLowDateTime
    return (ticks - _EPOCH_100NS) / 1e7


def names_of(path: str) -> tuple[str, ...]:
    """Base name, then the names that its maker wrote into the file and that stay when it is renamed; lower case."""
    if not path:
        return ()
    names = [PureWindowsPath(path).name, *_names_in(path, _changed(path))]
    return tuple(dict.fromkeys(name.lower() for name in names if name))


def program_of(pid: int) -> str:
    """What a window tells of its program: the original name of the executable, else the name it has now."""
    path = path_of(pid)
    inside = _names_in(path, _changed(path)) if path else ()
    return (inside or names_of(path) or ("",))[0].lower()


def _changed(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns  # noqa: PTH116 - a Windows path, also where this is only typed
    except OSError:
        return 0


@lru_cache(maxsize=2048)
def _names_in(path: str, changed: int) -> tuple[str, ...]:
    """Of the version resource. `changed` makes a replaced file a new question."""
    del changed
    size = api.version_info_size(path, None)
    block = ctypes.create_string_buffer(size)
    if not size or not api.version_info(path, 0, size, block):
        return ()
    found = []
    for language in _languages(block):
        found += [_text(block, rf"\StringFileInfo\{language}\{name}") for name in _NAMES_IN_FILE]
    return tuple(dict.fromkeys(PureWindowsPath(name).name for name in found if name.strip()))


def _languages(block: "ctypes.Array[ctypes.c_char]") -> list[str]:
    raw = _value(block, r"\VarFileInfo\Translation", 1)
    pairs = [(raw[i] | raw[i + 1] << 8, raw[i + 2] | raw[i + 3] << 8) for i in range(0, len(raw) - 3, 4)]
    return [f"{language:04x}{page:04x}" for language, page in pairs] or ["040904b0", "040904e4"]


def _text(block: "ctypes.Array[ctypes.c_char]", place: str) -> str:
    return _value(block, place, 2).decode("utf-16-le", "replace").rstrip("\0")


def _value(block: "ctypes.Array[ctypes.c_char]", place: str, unit_bytes: int) -> bytes:
    found, length = ctypes.c_void_p(), ctypes.c_uint()
    if not api.version_value(block, place, ctypes.byref(found), ctypes.byref(length)) or not found.value:
        return b""
    return ctypes.string_at(found.value, length.value * unit_bytes)


def running() -> dict[int, str]:
    """Process id -> name of the executable, of all that run. Needs no right to look at any of them."""
    snapshot = api.process_snapshot(api.TH32CS_SNAPPROCESS, 0)
    if snapshot in (None, api.INVALID_HANDLE):
        raise PlatformError("unsupported", "Windows does not list the running programs.")
    entry = s.ProcessEntry()
    entry.size = ctypes.sizeof(entry)
    found = {}
    try:
        more = api.first_process(snapshot, ctypes.byref(entry))
        while more:
            found[int(entry.pid)] = str(entry.executable)
            more = api.next_process(snapshot, ctypes.byref(entry))
    finally:
        api.close_handle(snapshot)
    return found


def process_ids() -> set[int]:
    """As `running`, without names: a quarter of the time under Wine."""
    room = 1024
    while True:
        ids, used = (wintypes.DWORD * room)(), wintypes.DWORD()
        if not api.enum_processes(ids, ctypes.sizeof(ids), ctypes.byref(used)):
            return set(running())
        if used.value < ctypes.sizeof(ids):
            return {int(pid) for pid in ids[: used.value // ctypes.sizeof(wintypes.DWORD)]}
        room *= 2
