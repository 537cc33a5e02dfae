"""What a program's folder tells of it: its names, whichever way somebody renamed the file, and its identifier.

Reads Info.plist alone, once per program. Pure but for that file. Used by `processes`.
"""

from pathlib import Path, PurePosixPath
from typing import Any

from candidate_agent.platforms.macos.property_lists import parsed

NAME_KEYS = ("CFBundleIdentifier", "CFBundleName", "CFBundleDisplayName", "CFBundleExecutable")
MOST_INFO_BYTES = 1024 * 1024


def bundle_of(executable: str) -> str:
    """The innermost application that an executable lies in, "" where it lies in none."""
    path = PurePosixPath(executable)
    return next((str(parent) for parent in path.parents if parent.suffix.lower() in (".app", ".appex", ".xpc")), "")


def info_of(bundle: Path) -> dict[str, Any]:
    """What is in Info.plist; empty where there is none that can be read."""
    path = bundle / "Contents" / "Info.plist"
    try:
        if path.stat().st_size > MOST_INFO_BYTES:
            return {}
        info = parsed(path.read_bytes())
    except OSError:
        return {}
    return info if isinstance(info, dict) else {}


def names_in(info: dict[str, Any]) -> tuple[str, ...]:
    return tuple(info[key].lower() for key in NAME_KEYS if isinstance(info.get(key), str) and info[key])


class Names:
    """Names by path of the executable. Remembers: an hour of exam asks for the same few hundred again and again."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, ...]] = {}

    def of(self, executable: str) -> tuple[str, ...]:
        if executable not in self._known:
            self._known[executable] = self._read(executable)
        return self._known[executable]

    def _read(self, executable: str) -> tuple[str, ...]:
        bundle = bundle_of(executable)
        if not bundle:
            return ()
        folder = PurePosixPath(bundle).stem.lower()
        return tuple(dict.fromkeys((folder, *names_in(info_of(Path(bundle))))))
