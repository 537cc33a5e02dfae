"""The clipboard during the exam: CLIPBOARD and PRIMARY are owned and answer with nothing.

Whoever takes one loses it again within milliseconds. What was on it before is read once, as text, and kept by the
caller in memory. A picture on the clipboard is not kept. `clipboard_holder` is the small process that offers the text
afterwards.
"""

import os
import select
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from Xlib import X, Xatom
from Xlib.ext import xfixes

from candidate_agent.base.errors import PlatformError
from candidate_agent.platforms.linux import tree
from candidate_agent.platforms.linux.connection import EventThread, answer, connected
from candidate_agent.platforms.ports import ClipboardContent, ClipboardPiece, ClipboardTaken, Closer

SELECTIONS = ("CLIPBOARD", "PRIMARY")
READ_S = 1.0
PUT_BACK_S = 5.0
MAX_TEXT_BYTES = 4 * 1024 * 1024


class X11Clipboard:
    def __init__(self, display_name: str | None = None) -> None:
        self._display_name = display_name
        self._owner: _Owner | None = None

    def read(self) -> ClipboardContent:
        """Text on CLIPBOARD; nothing where nobody owns it, it is no text, too long (4 MiB) or the owner is mute."""
        with connected(self._display_name) as connection:
            if not connection.get_selection_owner(connection.get_atom("CLIPBOARD")):
                return ()
            text = _Question(connection, READ_S).text()
            return () if text is None else (ClipboardPiece("CLIPBOARD", "UTF8_STRING", text.encode()),)

    def isolated(self) -> bool:
        return self._owner is not None and self._owner.owns(self._display_name)

    def isolate(self, emit: Callable[[ClipboardTaken], None]) -> Closer:
        owner = self._owner = _Owner(emit)
        close = EventThread(self._display_name, "clipboard").start(owner.prepare, owner.handle)

        def end() -> None:
            self._owner = None
            close()

        return end

    def put_back(self, content: ClipboardContent) -> None:
        """Raises PlatformError `clipboard_not_put_back`."""
        command = [sys.executable, "-m", "candidate_agent.platforms.linux.clipboard_holder"]
        if getattr(sys, "frozen", False):
            command = [sys.executable, "clipboard-holder"]
        environment = dict(os.environ)
        if self._display_name:
            environment["DISPLAY"] = self._display_name
        try:
            subprocess.run(  # noqa: S603 - our own module, no shell
                command,
                input=content[0].data,
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=PUT_BACK_S,
                check=True,
            )
        except (subprocess.SubprocessError, OSError) as error:
            raise PlatformError("clipboard_not_put_back", "The clipboard text could not be put back.") from error


class _Owner:
    """Holds both selections with an empty answer and takes them back."""

    def __init__(self, emit: Callable[[ClipboardTaken], None]) -> None:
        self._emit = emit
        self._window: Any = None
        self._names: dict[int, str] = {}

    def prepare(self, connection: Any) -> None:
        connection.xfixes_query_version()
        self._window = connection.screen().root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)
        for name in SELECTIONS:
            atom = connection.get_atom(name)
            self._names[atom] = name
            connection.xfixes_select_selection_input(self._window, atom, xfixes.XFixesSetSelectionOwnerNotifyMask)
            self._window.set_selection_owner(atom, X.CurrentTime)

    def owns(self, display_name: str | None) -> bool:
        with connected(display_name) as connection:
            owners = [connection.get_selection_owner(connection.get_atom(name)) for name in SELECTIONS]
        return all(getattr(owner, "id", owner) == self._window.id for owner in owners)

    def handle(self, connection: Any, event: Any) -> None:
        if event.type == X.SelectionRequest:
            answer(connection, event, X.NONE)
        elif event.type == connection.extension_event.SetSelectionOwnerNotify[0]:
            self._take_back(connection, event)

    def _take_back(self, connection: Any, event: Any) -> None:
        """The exam page's own copy goes too, but it is nobody else's doing and is not told."""
        taker = getattr(event.owner, "id", event.owner)
        if not taker or taker == self._window.id:
            return
        by_us = tree.process_of(connection, taker) == os.getpid()
        self._window.set_selection_owner(event.selection, X.CurrentTime)
        connection.sync()
        if not by_us:
            self._emit(ClipboardTaken(self._names.get(event.selection, "")))


class _Question:
    """One request for the text of CLIPBOARD, with a deadline; long answers come in pieces."""

    def __init__(self, connection: Any, within_s: float) -> None:
        self._connection = connection
        self._until = time.monotonic() + within_s
        root = connection.screen().root
        self._window = root.create_window(0, 0, 1, 1, 0, X.CopyFromParent, event_mask=X.PropertyChangeMask)
        self._into = connection.get_atom("EXAM_CLIPBOARD")

    def text(self) -> str | None:
        connection = self._connection
        utf8 = connection.get_atom("UTF8_STRING")
        for target, encoding in ((utf8, "utf-8"), (Xatom.STRING, "latin-1")):
            self._window.convert_selection(connection.get_atom("CLIPBOARD"), target, self._into, X.CurrentTime)
            connection.sync()
            notice = self._next(lambda event: event.type == X.SelectionNotify)
            if notice is None:
                return None
            if notice.property != X.NONE:
                data = self._take()
                return data.decode(encoding, "replace") if data is not None else None
        return None

    def _take(self) -> bytes | None:
        found = self._window.get_full_property(self._into, X.AnyPropertyType)
        if found is None:
            return None
        if found.property_type != self._connection.get_atom("INCR"):
            return _bytes(found.value) if found.format == 8 else None
        return self._pieces()

    def _pieces(self) -> bytes | None:
        whole = b""
        while len(whole) <= MAX_TEXT_BYTES:
            self._window.delete_property(self._into)
            self._connection.sync()
            if self._next(self._is_new_piece) is None:
                return None
            found = self._window.get_full_property(self._into, X.AnyPropertyType)
            if found is None:
                return None
            if not len(found.value):
                return whole
            whole += _bytes(found.value)
        return None

    def _is_new_piece(self, event: Any) -> bool:
        return bool(event.type == X.PropertyNotify and event.atom == self._into and event.state == X.PropertyNewValue)

    def _next(self, wanted: Callable[[Any], bool]) -> Any | None:
        while True:
            while self._connection.pending_events():
                event = self._connection.next_event()
                if wanted(event):
                    return event
            left = self._until - time.monotonic()
            if left <= 0 or not select.select([self._connection.fileno()], [], [], left)[0]:
                return None


def _bytes(value: Any) -> bytes:
    return value.encode("latin-1") if isinstance(value, str) else bytes(value)
