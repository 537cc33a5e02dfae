"""A program on the same X server that wants to know: asks for CLIPBOARD and PRIMARY whenever they change hands, and notes
who owns the selection of drag and drop. A connection and a thread of its own.
"""

import select
import threading
from types import TracebackType
from typing import Any

from Xlib import X, display
from Xlib.ext import xfixes

NAMES = ("CLIPBOARD", "PRIMARY", "XdndSelection")


class Snooper:
    def __init__(self) -> None:
        self.texts: list[str] = []
        self.drags = 0
        self.clipboard_owners = 0
        self._ended = threading.Event()
        self._line = display.Display()
        self._thread = threading.Thread(target=self._listen, name="snooper")

    def __enter__(self) -> "Snooper":
        line = self._line
        line.xfixes_query_version()
        self._window = line.screen().root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)
        self._atoms = {line.get_atom(name): name for name in NAMES}
        for atom in self._atoms:
            line.xfixes_select_selection_input(self._window, atom, xfixes.XFixesSetSelectionOwnerNotifyMask)
        line.sync()
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._ended.set()
        self._thread.join(5)
        self._line.close()

    def _listen(self) -> None:
        while not self._ended.is_set() or self._line.pending_events():
            if self._line.pending_events() or select.select([self._line.fileno()], [], [], 0.05)[0]:
                for _ in range(self._line.pending_events()):
                    self._heard(self._line.next_event())

    def _heard(self, event: Any) -> None:
        line = self._line
        if event.type == line.extension_event.SetSelectionOwnerNotify[0]:
            name = self._atoms.get(event.selection, "")
            owned = bool(getattr(event.owner, "id", event.owner))
            self.drags += owned and name == "XdndSelection"
            self.clipboard_owners += owned and name == "CLIPBOARD"
            if owned and name != "XdndSelection":
                self._window.convert_selection(event.selection, line.get_atom("UTF8_STRING"), line.get_atom("SEEN"), X.CurrentTime)
                line.flush()
        elif event.type == X.SelectionNotify and event.property:
            found = self._window.get_full_property(event.property, X.AnyPropertyType)
            self.texts.append(bytes(found.value).decode("utf-8", "replace") if found else "")
