"""Holds every selection with an empty answer during the exam, and takes back what another program takes.

Run by `X11Clipboard.isolate` on a thread of its own. The clipboard manager keeps its own selection: it would not come
back by itself after the exam. What it puts on the clipboard is taken back as anybody's is.
"""

import os
import time
from collections.abc import Callable
from typing import Any

from Xlib import X
from Xlib.ext import xfixes

from candidate_agent.platforms.linux import tree
from candidate_agent.platforms.linux.clipboard_read import CUT_BUFFERS, SELECTIONS
from candidate_agent.platforms.linux.connection import answer
from candidate_agent.platforms.ports import ClipboardTaken

DRAG = "XdndSelection"  # what is being dragged; the exam's own page may, others may not
AT_ONCE = 10  # times within a second; a program that takes it more often is met every GAP_S
GAP_S = 0.02


class ClipboardOwner:
    def __init__(self, emit: Callable[[ClipboardTaken], None]) -> None:
        self._emit = emit
        self._window: Any = None
        self._names: dict[int, str] = {}
        self._cut_buffers: dict[int, str] = {}
        self._taken_at_s: list[float] = []
        self._waiting: set[int] = set()

    def prepare(self, connection: Any) -> None:
        connection.xfixes_query_version()
        root = connection.screen().root
        self._window = root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)
        for name in (*SELECTIONS, DRAG):
            atom = connection.get_atom(name)
            self._names[atom] = name
            connection.xfixes_select_selection_input(self._window, atom, _every_change())
            self._window.set_selection_owner(atom, X.CurrentTime)
        root.change_attributes(event_mask=X.PropertyChangeMask)
        for name in CUT_BUFFERS:
            self._cut_buffers[connection.get_atom(name)] = name
            root.delete_property(connection.get_atom(name))

    def owns(self, connection: Any) -> bool:
        """Asked with another connection than the one of this thread."""
        owners = [connection.get_selection_owner(connection.get_atom(name)) for name in SELECTIONS]
        ours = all(getattr(owner, "id", owner) == self._window.id for owner in owners)
        return ours and not self._cut_buffers.keys() & set(connection.screen().root.list_properties())

    def handle(self, connection: Any, event: Any) -> None:
        if event.type == X.SelectionRequest:
            answer(connection, event, X.NONE)
        elif event.type == connection.extension_event.SetSelectionOwnerNotify[0]:
            self._changed_hands(connection, event)
        elif event.type == X.PropertyNotify and event.atom in self._cut_buffers and event.state == X.PropertyNewValue:
            connection.screen().root.delete_property(event.atom)
            connection.sync()
            self._emit(ClipboardTaken(self._cut_buffers[event.atom]))

    def rest(self, connection: Any) -> float | None:
        """Takes back what had to wait."""
        if not self._waiting:
            return None
        if time.monotonic() - self._taken_at_s[-1] < GAP_S:
            return GAP_S
        for selection in self._waiting:
            self._take_back(connection, selection)
        self._waiting.clear()
        return None

    def last(self, connection: Any) -> None:
        """Gives all back to nobody, then answers who asked before: a program that is not answered may wait for ever."""
        self._window.destroy()
        connection.sync()
        while connection.pending_events():
            event = connection.next_event()
            if event.type == X.SelectionRequest:
                answer(connection, event, X.NONE)
        connection.sync()

    def _changed_hands(self, connection: Any, event: Any) -> None:
        """The exam page's own copy goes too, but it is nobody else's doing and is not told. Its drags may go on."""
        taker = getattr(event.owner, "id", event.owner)
        if taker == self._window.id:
            return
        by_us = bool(taker) and tree.process_of(connection, taker) == os.getpid()
        if by_us and self._names.get(event.selection) == DRAG:
            return
        if self._may_now():
            self._take_back(connection, event.selection)
        else:
            self._waiting.add(event.selection)
        if taker and not by_us:
            self._emit(ClipboardTaken(self._names.get(event.selection, "")))

    def _may_now(self) -> bool:
        now_s = time.monotonic()
        self._taken_at_s = [at_s for at_s in self._taken_at_s if now_s - at_s < 1.0]
        return len(self._taken_at_s) < AT_ONCE

    def _take_back(self, connection: Any, selection: int) -> None:
        self._taken_at_s.append(time.monotonic())
        self._window.set_selection_owner(selection, X.CurrentTime)
        connection.sync()


def _every_change() -> int:
    """Taken by somebody, and let go of by one that closed its window or ended."""
    return int(
        xfixes.XFixesSetSelectionOwnerNotifyMask
        | xfixes.XFixesSelectionWindowDestroyNotifyMask
        | xfixes.XFixesSelectionClientCloseNotifyMask
    )
