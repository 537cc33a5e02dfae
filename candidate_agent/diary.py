"""What was recorded in words, kept in memory alone for as long as the program runs, so that the candidate can have a
copy. Filled by `hands` with each entry that is sealed; read by `own_data` when the candidate asks for it.

Pictures are not kept here, only that they were sent. The oldest entries go first where there are very many.
"""

import threading
from collections import deque
from typing import Any

import msgspec

from exam_protocol.records import Entry, PictureEntry, Track

KEPT_ENTRIES = 20_000


class Diary:
    """Thread safe."""

    def __init__(self, kept_entries: int = KEPT_ENTRIES) -> None:
        self._entries: deque[dict[str, Any]] = deque(maxlen=kept_entries)
        self._lock = threading.Lock()

    def note(self, track: Track, entry: Entry) -> None:
        content: dict[str, Any] = {"track": track.name.lower(), **_plain(entry)}
        with self._lock:
            self._entries.append(content)

    def entries(self) -> tuple[dict[str, Any], ...]:
        with self._lock:
            return tuple(self._entries)


def _plain(entry: Entry) -> dict[str, Any]:
    if isinstance(entry, PictureEntry):
        size_bytes, entry = len(entry.data), msgspec.structs.replace(entry, data=b"")
        return {**msgspec.to_builtins(entry), "data": "", "size_bytes": size_bytes}
    plain: dict[str, Any] = msgspec.to_builtins(entry)
    return plain
