"""Attempts at combinations that would leave the exam, and how many keys go down. The port; `key_sources` does the rest.

XRecord sees keys even while a grab keeps them in, with the modifiers as the server has them, sticky ones too. Only the
key's number is looked up in the closed table of `combinations`; what is not in it is dropped here, unread.
"""

import struct
import threading
from collections.abc import Callable
from typing import Any

from Xlib import X
from Xlib.ext import record

from candidate_agent.platforms.linux.connection import Asking, EventThread, close, connect
from candidate_agent.platforms.linux.key_sources import KeySources
from candidate_agent.platforms.linux.key_table import KeyTable
from candidate_agent.platforms.linux.wakeable import JOIN_S
from candidate_agent.platforms.ports import Closer, KeyEvent

_EVENT = struct.Struct("=BBHIIIIhhhhHBB")  # type, key, sequence, time, three windows, four places, modifiers, ...


class X11Keys:
    def __init__(self, display_name: str | None = None) -> None:
        self._display_name = display_name
        self._asking = Asking(display_name)

    def held(self) -> bool:
        """Whether somebody holds the keyboard: the server does not tell who.

        It is asked for a grab that it cannot give, on a window that is not shown: it says "taken" before it looks at
        the window, and "not shown" where the keyboard is free. So no focus moves and no key is lost.
        """
        with self._asking.connection() as connection:
            window = connection.screen().root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)
            status = window.grab_keyboard(False, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime)
            window.destroy()
            return bool(status == X.AlreadyGrabbed)

    def watch(self, emit: Callable[[KeyEvent], None]) -> Closer:
        table = KeyTable()
        sources = KeySources(emit, table)
        end_sources = EventThread(self._display_name, "key sources").start(
            sources.prepare, sources.handle, sources.rest
        )
        try:
            end_record = self._record(table, sources)
        except BaseException:
            end_sources()
            raise

        def end() -> None:
            end_record()
            end_sources()

        return end

    def _record(self, table: KeyTable, sources: KeySources) -> Closer:
        control, data = connect(self._display_name), connect(self._display_name)
        context = control.record_create_context(0, [record.AllClients], [_key_presses()])
        control.sync()
        started = threading.Event()
        reader = _Reader(data, table, sources, started)
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
    def __init__(self, connection: Any, table: KeyTable, sources: KeySources, started: threading.Event) -> None:
        self._connection = connection
        self._table = table
        self._sources = sources
        self._started = started

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
        for start in range(0, len(reply.data) - _EVENT.size + 1, _EVENT.size):
            _, key, _, at_ms, *_, state, _, _ = _EVENT.unpack_from(reply.data, start)
            name = self._table.combination(key, state)
            if name:
                self._sources.pressed(name, at_ms)


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
