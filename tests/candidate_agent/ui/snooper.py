"""A program on the same X server that wants to know: asks for CLIPBOARD and PRIMARY whenever they change hands, and
has a window in front of all others that things can be dropped on. A connection and a thread of its own.
"""

import select
import threading
from types import TracebackType
from typing import Any

from Xlib import X, Xatom, display
from Xlib.ext import xfixes

NAMES = ("CLIPBOARD", "PRIMARY")
TARGET = (900, 500, 300, 250)  # x, y, width, height of a window in front that takes what is dropped


class Snooper:
    def __init__(self) -> None:
        self.texts: list[str] = []
        self.drops = 0  # messages of a drag that came over its window
        self.clipboard_owners = 0
        self._ended = threading.Event()
        self._line = display.Display()
        self._thread = threading.Thread(target=self._listen, name="snooper")

    def __enter__(self) -> "Snooper":
        line = self._line
        line.xfixes_query_version()
        root = line.screen().root
        self._window = root.create_window(*TARGET, 0, X.CopyFromParent, override_redirect=True)
        self._window.change_property(line.get_atom("XdndAware"), Xatom.ATOM, 32, [5])
        self._window.map()
        self._window.configure(stack_mode=X.Above)
        self._drag_words = {line.get_atom(name) for name in ("XdndEnter", "XdndPosition", "XdndDrop")}
        self._atoms = {line.get_atom(name): name for name in NAMES}
        for atom in self._atoms:
            line.xfixes_select_selection_input(self._window, atom, xfixes.XFixesSetSelectionOwnerNotifyMask)
        line.sync()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
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
            self.clipboard_owners += owned and name == "CLIPBOARD"
            if owned:
                self._window.convert_selection(
                    event.selection, line.get_atom("UTF8_STRING"), line.get_atom("SEEN"), X.CurrentTime
                )
                line.flush()
        elif event.type == X.ClientMessage and event.client_type in self._drag_words:
            self.drops += 1
        elif event.type == X.SelectionNotify and event.property:
            found = self._window.get_full_property(event.property, X.AnyPropertyType)
            self.texts.append(bytes(found.value).decode("utf-8", "replace") if found else "")
