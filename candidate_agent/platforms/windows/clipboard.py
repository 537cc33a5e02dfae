"""The clipboard during the exam: owned by a window of ours, and empty. Whoever puts something on it loses it at once.

What was on it before is read once, in the formats that are plain memory (text, pictures, files' names), and kept by the
caller. Given back, it is marked so that Windows puts it neither into its history nor into its cloud a second time.
"""

import contextlib
import ctypes
import os
import threading
import time
from collections.abc import Callable, Iterator

from candidate_agent.base.errors import PlatformError
from candidate_agent.platforms.ports import (
    CLIPBOARD_LIMIT_BYTES,
    ClipboardContent,
    ClipboardPiece,
    ClipboardTaken,
    Closer,
)
from candidate_agent.platforms.windows import api, tree
from candidate_agent.platforms.windows.message_thread import Watching, start

SELECTION = "CLIPBOARD"
OPEN_S = 1.0
TICK_MS = 500
_PAUSE_S = 0.01
_OWN_NUMBERS = {"CF_UNICODETEXT": 13, "CF_DIB": 8, "CF_HDROP": 15}
_REGISTERED = ("HTML Format", "Rich Text Format", "PNG")
_UNMARKED = (("CanIncludeInClipboardHistory", b"\0\0\0\0"), ("CanUploadToCloudClipboard", b"\0\0\0\0"))


class WindowsClipboard:
    def __init__(self) -> None:
        self._owner = 0  # the window that owns the clipboard while it is isolated
        self._lock = threading.Lock()

    def read(self) -> ClipboardContent:
        if api.is_hung(api.clipboard_owner()):
            return ()  # it may have promised its data only, and would keep us waiting
        found, total = [], 0
        with _opened(0) as is_open:
            for form in _forms() if is_open else ():
                data = _data(_number(form))
                if data and total + len(data) <= CLIPBOARD_LIMIT_BYTES:
                    found.append(ClipboardPiece(SELECTION, form, data))
                    total += len(data)
        return tuple(found)

    def isolate(self, emit: Callable[[ClipboardTaken], None]) -> Closer:
        """Raises PlatformError `unsupported`."""

        def prepare(window: int) -> None:
            api.add_clipboard_listener(window)
            self._owner = window
            _empty(window)

        def changed(*_: int) -> None:
            if not self.isolated():
                self._take_back(emit)

        def cleanup(window: int) -> None:
            self._owner = 0
            api.remove_clipboard_listener(window)

        return start(
            Watching(
                "clipboard",
                prepare=prepare,
                hears=(api.WM_CLIPBOARDUPDATE,),
                handle=changed,
                tick=changed,
                tick_ms=TICK_MS,
                cleanup=cleanup,
            )
        )

    def isolated(self) -> bool:
        owner = self._owner
        return owner != 0 and (api.clipboard_owner() or 0) == owner and api.count_clipboard_formats() == 0

    def put_back(self, content: ClipboardContent) -> None:
        """The data belongs to Windows from then on, so it outlives us. Raises PlatformError
        `clipboard_not_put_back`."""
        with self._lock, _own_window() as window, _opened(window) as is_open:
            if not is_open or not api.empty_clipboard() or not all(_put(*pair) for pair in _rows(content)):
                raise PlatformError("clipboard_not_put_back", "What was on the clipboard could not be put back.")

    def _take_back(self, emit: Callable[[ClipboardTaken], None]) -> None:
        """The exam page's own copy goes too, but it is nobody else's doing and is not told."""
        taker = api.clipboard_owner() or 0
        by_us = bool(taker) and tree.process_of(taker) == os.getpid()
        if _empty(self._owner) and not by_us:
            emit(ClipboardTaken(SELECTION))


def _rows(content: ClipboardContent) -> list[tuple[int, bytes]]:
    rows = [(_number(piece.form), piece.data) for piece in content]
    return rows + [(_number(form), data) for form, data in _UNMARKED] if rows else rows


def _number(form: str) -> int:
    return _OWN_NUMBERS.get(form) or int(api.register_clipboard_format(form))


@contextlib.contextmanager
def _opened(window: int) -> Iterator[bool]:
    """Another program may have it open for a moment. False: it had it open for a whole second."""
    until = time.monotonic() + OPEN_S
    while not (is_open := bool(api.open_clipboard(window))) and time.monotonic() < until:
        time.sleep(_PAUSE_S)
    try:
        yield is_open
    finally:
        if is_open:
            api.close_clipboard()


@contextlib.contextmanager
def _own_window() -> Iterator[int]:
    """A window to own the clipboard while it is filled; a message-only one of a class that Windows has itself."""
    message_only = -3
    window = api.create_window(0, "STATIC", None, 0, 0, 0, 0, 0, message_only, None, None, None) or 0
    try:
        yield window
    finally:
        if window:
            api.destroy_window(window)


def _empty(window: int) -> bool:
    with _opened(window) as is_open:
        return is_open and bool(api.empty_clipboard())


def _forms() -> list[str]:
    """Those on the clipboard that we keep, in the order of whoever put them there: the best first."""
    names = {number: name for name, number in _OWN_NUMBERS.items()}
    names |= {int(api.register_clipboard_format(name)): name for name in _REGISTERED}
    found, number = [], api.next_clipboard_format(0)
    while number:
        if number in names:
            found.append(names[number])
        number = api.next_clipboard_format(number)
    return found


def _data(number: int) -> bytes:
    handle = api.clipboard_data(number)
    size = api.global_size(handle) if handle else 0
    if not 0 < size <= CLIPBOARD_LIMIT_BYTES:
        return b""
    place = api.global_lock(handle)
    try:
        return ctypes.string_at(place, size) if place else b""
    finally:
        api.global_unlock(handle)


def _put(number: int, data: bytes) -> bool:
    handle = api.global_alloc(api.GMEM_MOVEABLE, len(data))
    place = api.global_lock(handle) if handle else None
    if not place:
        return False
    ctypes.memmove(place, data, len(data))
    api.global_unlock(handle)
    if api.set_clipboard_data(number, handle):
        return True  # it belongs to Windows now
    api.global_free(handle)
    return False
