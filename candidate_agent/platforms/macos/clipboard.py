"""The pasteboards during the exam: the general one and the one of the search field are emptied and kept empty.

A pasteboard has no events, only a count of its changes, which is looked at ten times a second; asking it reads nothing.
Old content is read once and stays in the caller's memory; from macOS 15.4 on the system may ask the candidate first.
What is written lives in the system's own pasteboard process, so that it stays when this process ends.
"""

import os
import threading
from collections.abc import Callable, Iterable
from typing import Any

from candidate_agent.base.errors import PlatformError
from candidate_agent.platforms.macos.door import closing, pool
from candidate_agent.platforms.macos.pulse import Pulse
from candidate_agent.platforms.ports import (
    CLIPBOARD_LIMIT_BYTES,
    ClipboardContent,
    ClipboardPiece,
    ClipboardTaken,
    Closer,
)

PERIOD_S = 0.1
GENERAL, FIND = "general", "find"
SELECTIONS = (GENERAL, FIND)
FROM_ANOTHER_DEVICE = "com.apple.is-remote-clipboard"
_PROMISES = ("com.apple.pasteboard.promised-", "com.apple.NSFilePromise")


def worth_keeping(form: str) -> bool:
    """Whole formats with a name of their own. Left out: what stands for a file still to be written, formats made up on
    the fly (dyn.), and the old names of formats, which the system adds to the new ones by itself."""
    return "." in form and " " not in form and not form.startswith(("dyn.", *_PROMISES))


def within_limit(pieces: Iterable[ClipboardPiece], limit_bytes: int = CLIPBOARD_LIMIT_BYTES) -> ClipboardContent:
    """As many as fit, in their order: programs offer the best format first."""
    kept: list[ClipboardPiece] = []
    left = limit_bytes
    for piece in pieces:
        if len(piece.data) <= left:
            kept.append(piece)
            left -= len(piece.data)
    return tuple(kept)


class Watched:
    """One pasteboard as last left by us. `counted`: number of its changes; `empty` empties it and answers the new
    number; `by_us`: whether the change of this moment is our own program's."""

    def __init__(
        self, selection: str, counted: Callable[[], int], empty: Callable[[], int], by_us: Callable[[], bool]
    ) -> None:
        self._selection = selection
        self._counted = counted
        self._empty = empty
        self._by_us = by_us
        self._left_at = -1

    def take(self) -> None:
        self._left_at = self._empty()

    def ours(self) -> bool:
        return self._counted() == self._left_at

    def look(self) -> ClipboardTaken | None:
        """Empties what somebody filled. The exam page's own copy goes too, but it is nobody else's doing."""
        if self.ours():
            return None
        by_us = self._by_us()
        self.take()
        return None if by_us else ClipboardTaken(self._selection)


class MacClipboard:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._watched: tuple[Watched, ...] = ()

    def read(self) -> ClipboardContent:
        with pool():
            pieces = (piece for selection in SELECTIONS for piece in _pieces(selection, _board(selection)))
            return within_limit(pieces)

    def isolate(self, emit: Callable[[ClipboardTaken], None]) -> Closer:
        watched = tuple(_watched(selection) for selection in SELECTIONS)
        with self._lock, pool():
            for one in watched:
                one.take()
            self._watched = watched

        def look() -> None:
            with self._lock:
                taken = [one.look() for one in self._watched]
            for event in filter(None, taken):
                emit(event)

        return closing(Pulse("clipboard", PERIOD_S, look).start().end, self._forget)

    def isolated(self) -> bool:
        with self._lock, pool():
            return bool(self._watched) and all(one.ours() for one in self._watched)

    def put_back(self, content: ClipboardContent) -> None:
        """Raises PlatformError `clipboard_not_put_back`."""
        with self._lock, pool():
            written = [_write(selection, content) for selection in SELECTIONS]
        if not all(written):
            raise PlatformError("clipboard_not_put_back", "What was on the clipboard could not be put back.")

    def _forget(self) -> None:
        with self._lock:
            self._watched = ()


def _board(selection: str) -> Any:
    from AppKit import NSPasteboard, NSPasteboardNameFind

    if selection == GENERAL:
        return NSPasteboard.generalPasteboard()
    return NSPasteboard.pasteboardWithName_(NSPasteboardNameFind)


def _watched(selection: str) -> Watched:
    def counted() -> int:
        return int(_board(selection).changeCount())

    def empty() -> int:
        return int(_board(selection).clearContents())

    return Watched(selection, counted, empty, lambda: _in_front() and not _from_elsewhere(_board(selection)))


def _in_front() -> bool:
    """Who wrote is told to nobody; a change while we are in front is taken for ours."""
    from AppKit import NSWorkspace

    front = NSWorkspace.sharedWorkspace().frontmostApplication()
    return front is not None and int(front.processIdentifier()) == os.getpid()


def _from_elsewhere(board: Any) -> bool:
    return FROM_ANOTHER_DEVICE in [str(form) for form in board.types() or ()]


def _pieces(selection: str, board: Any) -> Iterable[ClipboardPiece]:
    for form in board.types() or ():
        if worth_keeping(str(form)):
            data = board.dataForType_(form)
            if data is not None:
                yield ClipboardPiece(selection, str(form), bytes(data))


def _write(selection: str, content: ClipboardContent) -> bool:
    from AppKit import NSPasteboardItem
    from Foundation import NSData

    board = _board(selection)
    board.clearContents()
    item = NSPasteboardItem.alloc().init()
    pieces = [piece for piece in content if piece.selection == selection]
    for piece in pieces:
        item.setData_forType_(NSData.dataWithBytes_length_(piece.data, len(piece.data)), piece.form)
    return not pieces or bool(board.writeObjects_([item]))
