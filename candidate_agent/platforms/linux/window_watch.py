"""What happens to windows, told as it happens: who is active, what lies over the exam, what became of our own window.

Run by `X11Windows.watch` on a thread of its own. The order of the windows is kept by `stack` from the server's events;
only windows that are new or lie over ours are asked about. A burst of events costs one look every LOOK_GAP_S.
"""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from Xlib import X
from Xlib import error as xerror

from candidate_agent.platforms.linux import tree
from candidate_agent.platforms.linux.stack import Box, Child, Stack, covered_share, overlap
from candidate_agent.platforms.ports import (
    ActiveWindowChanged,
    OurWindowChanged,
    Window,
    WindowEvent,
    WindowOpened,
    WindowOverOurs,
)

LOOK_GAP_S = 0.1
_OF_ROOT = X.PropertyChangeMask | X.SubstructureNotifyMask
_OF_OURS = X.PropertyChangeMask | X.StructureNotifyMask | X.SubstructureNotifyMask
_DESKTOP = ("_NET_CURRENT_DESKTOP", "_NET_SHOWING_DESKTOP")
_OUR_STATE = ("_NET_WM_STATE", "WM_STATE", "_NET_WM_DESKTOP", "_NET_WM_WINDOW_OPACITY")
_INSIDE_DEPTH = 3


class WindowWatch:
    """Remembers what was told last, so that only changes are told."""

    def __init__(self, our_window_id: int, emit: Callable[[WindowEvent], None]) -> None:
        self._ours = our_window_id
        self._emit = emit
        self._stack = Stack()
        self._seen: dict[int, bool] = {}  # child of the root -> whether it is there for input only
        self._over: dict[int, float] = {}
        self._state: Window | None = None
        self._active = 0
        self._frame = 0
        self._were_above: set[int] = set()
        self._manager = 0
        self._inside: set[int] = set()  # windows of ours whose children are watched
        self._stack_changed = self._ours_changed = False
        self._not_before_s = 0.0

    # --- the thread's three calls ---

    def prepare(self, connection: Any) -> None:
        root = connection.screen().root
        root.change_attributes(event_mask=_OF_ROOT)
        self._watch_inside(connection, tree.window_of(connection, self._ours))
        self._manager = tree.manager(connection)
        self._scan(connection)
        for child in self._stack.seen():
            self._seen[child.id] = _only_for_input(connection, child)
        self._find_frame(connection)
        self._state = tree.our_state(connection, self._ours)
        window = tree.active_window(connection)
        self._active = window.id if window is not None else 0
        self._stack_changed = True  # what lies over ours already is told at once

    def handle(self, connection: Any, event: Any) -> None:
        if event.type == X.PropertyNotify:
            self._property(connection, event)
        elif event.type == getattr(connection.extension_event, "ShapeNotify", -1):
            self._stack_changed = self._ours_changed = True
        elif _told_by(event) == connection.screen().root:
            self._stack_changed |= event.type != X.CreateNotify
            if not self._note(connection, event):
                self._scan(connection)
            if event.type in (X.MapNotify, X.ConfigureNotify):
                self._note_above(event.window.id)
        elif _told_by(event) is not None:  # of our window, or of what lies inside it
            self._ours_changed = self._stack_changed = True

    def rest(self, connection: Any) -> float | None:
        if not (self._stack_changed or self._ours_changed):
            return None
        wait_s = self._not_before_s - time.monotonic()
        if wait_s > 0:
            return wait_s
        stack_changed, ours_changed = self._stack_changed, self._ours_changed
        self._stack_changed = self._ours_changed = False
        if ours_changed:
            self._tell_ours(connection)
        if stack_changed:
            self._tell_opened(connection)
            self._tell_over(connection)
        self._not_before_s = time.monotonic() + LOOK_GAP_S
        return LOOK_GAP_S if self._stack_changed or self._ours_changed else None

    # --- keeping the order ---

    def _scan(self, connection: Any) -> None:
        """All children anew, for the start and where an event did not fit."""
        children = connection.screen().root.query_tree().children
        self._stack = Stack(child for child in (_child(window) for window in children) if child is not None)

    def _note(self, connection: Any, event: Any) -> bool:
        """False: the order is not known any more."""
        number = event.window.id
        match event.type:
            case X.CreateNotify:
                self._stack.add(Child(number, _box(event)))
            case X.DestroyNotify:
                self._stack.remove(number)
            case X.MapNotify | X.UnmapNotify:
                self._stack.show(number, event.type == X.MapNotify)
                return number in self._stack
            case X.ConfigureNotify:
                return self._stack.configure(number, _box(event), getattr(event.above_sibling, "id", 0))
            case X.CirculateNotify:
                self._stack.circulate(number, event.place == X.PlaceOnTop)
            case X.ReparentNotify:
                self._reparent(connection, event)
        return True

    def _note_above(self, number: int) -> None:
        """What lay over ours is told, also when it lies below again before it is looked at."""
        self._were_above.update(child.id for child in self._stack.above(self._frame) if child.id == number)

    def _reparent(self, connection: Any, event: Any) -> None:
        self._stack.remove(event.window.id)
        self._frame = 0
        if event.parent == connection.screen().root:
            child = _child(event.window)
            if child is not None:
                self._stack.add(child)

    def _watch_inside(self, connection: Any, window: Any) -> None:
        if window.id in self._inside:
            return
        self._inside.add(window.id)
        window.change_attributes(event_mask=_OF_OURS)
        if connection.has_extension("SHAPE"):
            window.shape_select_input(1)

    # --- telling ---

    def _property(self, connection: Any, event: Any) -> None:
        if event.window.id == self._ours:
            self._ours_changed |= event.atom in {connection.get_atom(name) for name in _OUR_STATE}
        elif event.atom == connection.get_atom("_NET_ACTIVE_WINDOW"):
            self._tell_active(connection)
        elif event.atom in {connection.get_atom(name) for name in _DESKTOP}:
            self._ours_changed = True

    def _tell_active(self, connection: Any) -> None:
        window = tree.active_window(connection)
        number = window.id if window is not None else 0
        if number == self._active:
            return
        self._active = number
        described = tree.describe(connection, window) if window is not None else None
        ours = described is not None and tree.is_ours(described, self._ours)
        self._emit(ActiveWindowChanged(described, ours))

    def _tell_ours(self, connection: Any) -> None:
        state = tree.our_state(connection, self._ours)
        if state != self._state:
            self._state = state
            self._emit(OurWindowChanged(state))

    def _tell_opened(self, connection: Any) -> None:
        seen = {}
        for child in self._stack.seen():
            known = child.id in self._seen
            seen[child.id] = self._seen[child.id] if known else _only_for_input(connection, child)
            if not known and not seen[child.id] and not tree.of_server(connection, child.id):
                self._tell_one_opened(connection, child)
        self._seen = seen

    def _tell_one_opened(self, connection: Any, child: Child) -> None:
        window = tree.describe(connection, tree.client_of(connection, tree.window_of(connection, child.id)))
        if window is not None and not tree.is_ours(window, self._ours):
            self._emit(WindowOpened(window))

    def _tell_over(self, connection: Any) -> None:
        over, were_above = {}, self._were_above
        self._were_above = set()
        for window, share in self._covering(connection, were_above):
            over[window.id] = share
            if self._over.get(window.id) != share:
                self._emit(WindowOverOurs(window, share))
        self._over = over

    def _covering(self, connection: Any, were_above: set[int]) -> Iterator[tuple[Window, float]]:
        ours = tree.box_of(connection, tree.window_of(connection, self._ours))
        if ours is None:
            return
        if self._frame not in self._stack:
            self._find_frame(connection)
        above = {child.id for child in self._stack.above(self._frame)} | were_above
        for child in self._stack.seen():
            if child.id in above and overlap(ours, child.box) and not self._is_the_desktops_own(connection, child):
                yield from self._cover(connection, child.id, ours, child.box)
        yield from self._covering_inside(connection, tree.window_of(connection, self._ours), ours, _INSIDE_DEPTH)

    def _find_frame(self, connection: Any) -> None:
        frame = tree.frame_of(connection, self._ours)
        self._frame = frame.id if frame is not None else 0

    def _cover(self, connection: Any, number: int, ours: Box, box: Box) -> Iterator[tuple[Window, float]]:
        """What a window of others, seen or not, takes of ours."""
        outer = tree.window_of(connection, number)
        window = tree.describe(connection, tree.client_of(connection, outer))
        if window is None or tree.is_ours(window, self._ours):
            return
        if connection.has_extension("SHAPE"):
            outer.shape_select_input(1)
        share = covered_share(ours, tree.shape_of(connection, outer, box))
        if share:
            yield replace(window, x=box[0], y=box[1], width=box[2], height=box[3]), share

    def _covering_inside(self, connection: Any, window: Any, ours: Box, depth: int) -> Iterator[tuple[Window, float]]:
        """Windows that another program put into ours, where no raising helps."""
        for child in tree.children_of(connection, window):
            if tree.maker(connection, child.id) == tree.maker(connection, self._ours):
                self._watch_inside(connection, child)
                if depth:
                    yield from self._covering_inside(connection, child, ours, depth - 1)
            elif _is_viewable(child) and tree.process_of(connection, child.id) != os.getpid():
                box = tree.box_of(connection, child)
                if box is not None:
                    yield from self._cover(connection, child.id, ours, box)

    def _is_the_desktops_own(self, connection: Any, child: Child) -> bool:
        """The compositor's sheet that all windows are drawn on, and the window manager's edges that feel a pointer."""
        if tree.of_server(connection, child.id):
            return bool(connection.get_selection_owner(connection.get_atom("_NET_WM_CM_S0")))
        only_for_input = self._seen.get(child.id, False)
        return only_for_input and tree.maker(connection, child.id) == self._manager


def _told_by(event: Any) -> Any:
    """The window whose children, or which itself, an event is about."""
    return event.parent if event.type == X.CreateNotify else getattr(event, "event", None)


def _only_for_input(connection: Any, child: Child) -> bool:
    try:
        return bool(tree.window_of(connection, child.id).get_attributes().win_class == X.InputOnly)
    except xerror.XError:
        return False


def _is_viewable(window: Any) -> bool:
    try:
        return bool(window.get_attributes().map_state == X.IsViewable)
    except xerror.XError:
        return False


def _child(window: Any) -> Child | None:
    try:
        mapped = window.get_attributes().map_state != X.IsUnmapped
        return Child(window.id, _box(window.get_geometry()), mapped)
    except xerror.XError:
        return None


def _box(told: Any) -> Box:
    """A child of the root, its border included: of an event or of an answer."""
    return (told.x, told.y, told.width + 2 * told.border_width, told.height + 2 * told.border_width)
