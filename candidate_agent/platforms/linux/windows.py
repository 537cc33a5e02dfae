"""Windows by the window manager's properties and the server's own tree: who is in front, what lies over the exam."""

from collections.abc import Callable
from typing import Any

from Xlib import X
from Xlib.protocol import event as xevent

from candidate_agent.platforms.linux import tree
from candidate_agent.platforms.linux.connection import EventThread, connected
from candidate_agent.platforms.ports import ActiveWindowChanged, Closer, Window, WindowEvent, WindowOverOurs

_FROM_PAGER = 2  # source indication: window managers then skip their focus-stealing prevention
_ADD = 1
_TREE_EVENTS = (X.MapNotify, X.ConfigureNotify, X.UnmapNotify, X.ReparentNotify, X.DestroyNotify)


class X11Windows:
    def __init__(self, display_name: str | None = None) -> None:
        self._display_name = display_name

    def windows(self) -> tuple[Window, ...]:
        """Top-level windows that can be seen, lowest first."""
        with connected(self._display_name) as connection:
            clients = [tree.client_of(connection, frame) for frame in tree.visible_frames(connection)]
            found = [tree.describe(connection, client) for client in clients]
            return tuple(window for window in found if window is not None)

    def active(self) -> Window | None:
        with connected(self._display_name) as connection:
            window = tree.active_window(connection)
            return tree.describe(connection, window) if window is not None else None

    def bring_to_front(self, window_id: int) -> None:
        with connected(self._display_name) as connection:
            root = connection.screen().root
            window = tree.window_of(connection, window_id)
            for name, values in (
                ("_NET_WM_STATE", (_ADD, connection.get_atom("_NET_WM_STATE_ABOVE"), 0, _FROM_PAGER, 0)),
                ("_NET_RESTACK_WINDOW", (_FROM_PAGER, 0, X.Above, 0, 0)),
                ("_NET_ACTIVE_WINDOW", (_FROM_PAGER, X.CurrentTime, 0, 0, 0)),
            ):
                message = xevent.ClientMessage(window=window, client_type=connection.get_atom(name), data=(32, values))
                root.send_event(message, event_mask=X.SubstructureRedirectMask | X.SubstructureNotifyMask)
            frame = tree.frame_of(connection, window_id)
            if frame is not None:
                frame.configure(stack_mode=X.Above)
            window.set_input_focus(X.RevertToParent, X.CurrentTime)
            connection.sync()

    def watch(self, our_window_id: int, emit: Callable[[WindowEvent], None]) -> Closer:
        observer = _Observer(our_window_id, emit)
        return EventThread(self._display_name, "windows").start(observer.prepare, observer.handle)


class _Observer:
    """Remembers what was told last, so that only changes are told."""

    def __init__(self, our_window_id: int, emit: Callable[[WindowEvent], None]) -> None:
        self._ours = our_window_id
        self._emit = emit
        self._active = 0
        self._over: dict[int, float] = {}
        self._tree_changed = False

    def prepare(self, connection: Any) -> None:
        root = connection.screen().root
        root.change_attributes(event_mask=X.PropertyChangeMask | X.SubstructureNotifyMask)
        window = tree.active_window(connection)
        self._active = window.id if window is not None else 0

    def handle(self, connection: Any, event: Any) -> None:
        if event.type == X.PropertyNotify:
            if event.atom == connection.get_atom("_NET_ACTIVE_WINDOW"):
                self._tell_active(connection)
        elif event.type in _TREE_EVENTS:
            self._tree_changed = True
        if self._tree_changed and not connection.pending_events():  # one look for a whole burst of events
            self._tree_changed = False
            self._tell_over(connection)

    def _tell_active(self, connection: Any) -> None:
        window = tree.active_window(connection)
        number = window.id if window is not None else 0
        if number == self._active:
            return
        self._active = number
        described = tree.describe(connection, window) if window is not None else None
        ours = described is not None and tree.is_ours(described, self._ours)
        self._emit(ActiveWindowChanged(described, ours))

    def _tell_over(self, connection: Any) -> None:
        over = {}
        for window, share in windows_over(connection, self._ours):
            over[window.id] = share
            if self._over.get(window.id) != share:
                self._emit(WindowOverOurs(window, share))
        self._over = over


def windows_over(connection: Any, our_window_id: int) -> list[tuple[Window, float]]:
    """Windows of others that lie over ours, with the share of ours each covers."""
    frame = tree.frame_of(connection, our_window_id)
    ours = tree.box_of(connection, tree.window_of(connection, our_window_id))
    if frame is None or ours is None:
        return []
    found, above = [], False
    for other in tree.visible_frames(connection):
        if other.id == frame.id:
            above = True
        elif above:
            window = tree.describe(connection, tree.client_of(connection, other))
            box = tree.box_of(connection, other)
            share = tree.covered_share(ours, box) if box is not None else 0.0
            if window is not None and share > 0 and not tree.is_ours(window, our_window_id):
                found.append((window, share))
    return found
