"""Asks the owner of a selection for what it has, in the formats that are worth keeping, with one deadline for all.

Called by `X11Clipboard.read`. An owner that does not answer costs its share of the deadline and no more.
"""

import select
import time
from collections.abc import Callable, Iterator
from typing import Any

from Xlib import X, Xatom

from candidate_agent.platforms.ports import CLIPBOARD_LIMIT_BYTES, ClipboardPiece

SELECTIONS = ("CLIPBOARD", "PRIMARY", "SECONDARY")
CUT_BUFFERS = tuple(f"CUT_BUFFER{number}" for number in range(8))
READ_S = 2.0
ONE_OWNER_S = 1.0

TEXT = ("UTF8_STRING", "text/plain;charset=utf-8", "STRING")
RICH = ("text/html", "text/uri-list", "x-special/gnome-copied-files", "application/x-kde-cutselection", "text/rtf",
        "text/x-moz-url", "image/svg+xml")  # fmt: skip
PICTURES = ("image/png", "image/jpeg", "image/bmp", "image/tiff")


def wanted(offered: list[str]) -> list[str]:
    """Which of the offered formats are worth keeping: one text, one picture, and what says more than the text."""
    text = [name for name in TEXT if name in offered][:1]
    pictures = [name for name in PICTURES if name in offered][:1]
    return [*text, *(name for name in RICH if name in offered), *pictures]


class Reader:
    """One connection's questions. Pieces that would make it too much altogether are left out."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        root = connection.screen().root
        self._window = root.create_window(0, 0, 1, 1, 0, X.CopyFromParent, event_mask=X.PropertyChangeMask)
        self._into = connection.get_atom("EXAM_CLIPBOARD")
        self._whole_until = time.monotonic() + READ_S
        self._until = self._whole_until
        self._left_bytes = CLIPBOARD_LIMIT_BYTES

    def pieces(self) -> Iterator[ClipboardPiece]:
        for name in SELECTIONS:
            if self._connection.get_selection_owner(self._connection.get_atom(name)):
                self._until = min(time.monotonic() + ONE_OWNER_S, self._whole_until)
                yield from self._of_selection(name)
        for name in CUT_BUFFERS:
            yield from self._of_cut_buffer(name)

    def _of_selection(self, selection: str) -> Iterator[ClipboardPiece]:
        for form in wanted(self._offered(selection)):
            data = self._ask(selection, form)
            if data:
                self._left_bytes -= len(data)
                yield ClipboardPiece(selection, form, data)

    def _of_cut_buffer(self, name: str) -> Iterator[ClipboardPiece]:
        root = self._connection.screen().root
        found = root.get_property(self._connection.get_atom(name), Xatom.STRING, 0, self._left_bytes // 4)
        if found is not None and found.format == 8 and len(found.value) and not found.bytes_after:
            self._left_bytes -= len(found.value)
            yield ClipboardPiece(name, "STRING", _bytes(found.value))

    def _offered(self, selection: str) -> list[str]:
        """An owner so old that it cannot say is asked for plain text."""
        if not self._convert(selection, "TARGETS"):
            return ["UTF8_STRING"]
        found = self._window.get_full_property(self._into, X.AnyPropertyType)
        if found is None or found.format != 32:
            return []
        known = [self._connection.get_atom_name(atom) for atom in found.value[:256] if atom]
        return [name for name in known if isinstance(name, str)]

    def _ask(self, selection: str, form: str) -> bytes | None:
        if not self._convert(selection, form):
            return None
        found = self._window.get_property(self._into, X.AnyPropertyType, 0, self._left_bytes // 4)
        if found is None or found.bytes_after:
            return None
        if found.property_type != self._connection.get_atom("INCR"):
            return _bytes(found.value) if found.format == 8 else None
        return self._in_pieces()

    def _convert(self, selection: str, form: str) -> bool:
        """Whether the owner put an answer into our property in time."""
        self._window.delete_property(self._into)
        atoms = [self._connection.get_atom(name) for name in (selection, form)]
        self._window.convert_selection(*atoms, self._into, X.CurrentTime)
        self._connection.sync()
        notice = self._next(lambda event: event.type == X.SelectionNotify and event.target == atoms[1])
        return notice is not None and notice.property != X.NONE

    def _in_pieces(self) -> bytes | None:
        whole = bytearray()
        while len(whole) <= self._left_bytes:
            self._window.delete_property(self._into)
            self._connection.sync()
            if self._next(self._is_new_piece) is None:
                return None
            found = self._window.get_full_property(self._into, X.AnyPropertyType)
            if found is None or found.format not in (0, 8):
                return None
            if not len(found.value):
                return bytes(whole)
            whole += _bytes(found.value)
        return None

    def _is_new_piece(self, event: Any) -> bool:
        return bool(event.type == X.PropertyNotify and event.atom == self._into and event.state == X.PropertyNewValue)

    def _next(self, is_wanted: Callable[[Any], bool]) -> Any | None:
        while True:
            while self._connection.pending_events():
                event = self._connection.next_event()
                if is_wanted(event):
                    return event
            left = self._until - time.monotonic()
            if left <= 0 or not select.select([self._connection.fileno()], [], [], left)[0]:
                return None


def _bytes(value: Any) -> bytes:
    return value.encode("latin-1") if isinstance(value, str) else bytes(value)
