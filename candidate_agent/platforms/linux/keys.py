"""Attempts at combinations that would leave the exam, by XRecord: it sees them even while a grab keeps them in.

Only a key of the closed table below is looked at, and only its combination's name is told. Everything else that is
typed is dropped here, unread.
"""

import threading
from collections.abc import Callable
from typing import Any

from Xlib import XK, X
from Xlib.ext import record
from Xlib.protocol import rq

from candidate_agent.platforms.linux.connection import JOIN_S, close, connect, connected
from candidate_agent.platforms.portable.combinations import NAMES, combination
from candidate_agent.platforms.ports import Closer, CombinationPressed, KeyEvent

_GROUPS = (0, 2)  # unshifted symbols of the first two layouts: one of them is usually Latin


def _symbols() -> dict[int, str]:
    return {XK.string_to_keysym(name): name for name in NAMES}


class X11Keys:
    def __init__(self, display_name: str | None = None) -> None:
        self._display_name = display_name

    def held(self) -> bool:
        """Asked of the server: whoever may take the keyboard now shows that nobody holds it."""
        with connected(self._display_name) as connection:
            root = connection.screen().root
            status = root.grab_keyboard(False, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime)
            connection.ungrab_keyboard(X.CurrentTime)
            connection.sync()
            return bool(status == X.AlreadyGrabbed)

    def watch(self, emit: Callable[[KeyEvent], None]) -> Closer:
        control, data = connect(self._display_name), connect(self._display_name)
        context = control.record_create_context(0, [record.AllClients], [_key_presses()])
        control.sync()
        started = threading.Event()
        reader = _Reader(data, emit, started)
        thread = threading.Thread(target=reader.run, args=(context,), name="keys", daemon=True)
        thread.start()
        started.wait(JOIN_S)
        return _closer(control, context, thread)


def _key_presses() -> dict[str, Any]:
    none = (0, 0)
    return {
        "core_requests": none, "core_replies": none, "ext_requests": (0, 0, 0, 0), "ext_replies": (0, 0, 0, 0),
        "delivered_events": none, "device_events": (X.KeyPress, X.KeyPress), "errors": none,
        "client_started": False, "client_died": False,
    }  # fmt: skip


class _Reader:
    def __init__(self, connection: Any, emit: Callable[[KeyEvent], None], started: threading.Event) -> None:
        self._connection = connection
        self._emit = emit
        self._started = started
        self._names = _symbols()

    def run(self, context: Any) -> None:
        try:
            self._connection.record_enable_context(context, self._reply)
        finally:
            close(self._connection)

    def _reply(self, reply: Any) -> None:
        if reply.category == record.StartOfData:
            self._started.set()
        if reply.category != record.FromServer or reply.client_swapped:
            return
        data = reply.data
        while len(data):
            event, data = rq.EventField(None).parse_binary_value(data, self._connection.display, None, None)
            self._look(event)

    def _look(self, event: Any) -> None:
        symbols = (self._connection.keycode_to_keysym(event.detail, index) for index in _GROUPS)
        key = next((self._names[symbol] for symbol in symbols if symbol in self._names), "")
        state = event.state
        name = key and combination(
            key,
            ctrl=bool(state & X.ControlMask),
            alt=bool(state & X.Mod1Mask),
            super_=bool(state & X.Mod4Mask),
            shift=bool(state & X.ShiftMask),
        )
        if name:
            self._emit(CombinationPressed(name))


def _closer(control: Any, context: Any, thread: threading.Thread) -> Closer:
    lock = threading.Lock()
    open_contexts = [context]

    def end() -> None:
        with lock:
            for held in open_contexts:
                control.record_disable_context(held)
                control.sync()
                control.record_free_context(held)
                close(control)
            open_contexts.clear()
        if thread is not threading.current_thread():
            thread.join(JOIN_S)

    return end
