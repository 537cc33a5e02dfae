"""Gives the front back to one window by everything that a window manager, or the server itself, honours.

Called by `X11Windows.bring_to_front`. Window managers take requests, and each leaves some out; windows that bypass the
manager are moved below ours directly.
"""

import os
from typing import Any

from Xlib import X
from Xlib import error as xerror
from Xlib.ext import shape
from Xlib.protocol import event as xevent

from candidate_agent.platforms.linux import tree

_FROM_PAGER = 2  # source indication: window managers then skip their focus-stealing prevention
_REMOVE, _ADD = 0, 1
_REDIRECTED = X.SubstructureRedirectMask | X.SubstructureNotifyMask


def bring_to_front(connection: Any, window_id: int) -> None:
    window = tree.window_of(connection, window_id)
    _whole_again(connection, window)
    _show(connection, window)
    _set_states(connection, window)
    _message(connection, window, "_NET_RESTACK_WINDOW", _FROM_PAGER, 0, X.Above)
    _message(connection, window, "_NET_ACTIVE_WINDOW", _FROM_PAGER, X.CurrentTime, 0)
    frame = tree.frame_of(connection, window_id)
    if frame is not None:
        frame.configure(stack_mode=X.Above)
        connection.sync()
        _lower_unmanaged(connection, frame, window_id)
    _throw_out(connection, window)
    window.set_input_focus(X.RevertToParent, X.CurrentTime)
    connection.sync()


def _show(connection: Any, window: Any) -> None:
    """On this desktop and on all others. Only what is missing is asked for: xfwm4 takes the focus away otherwise."""
    if tree.desktop_state(connection)[1]:
        _message(connection, connection.screen().root, "_NET_SHOWING_DESKTOP", 0)
    if tree.our_state(connection, window.id) is None:
        window.map()
    if tree.property_values(connection, window, "_NET_WM_DESKTOP") != [tree.ALL_DESKTOPS]:
        _message(connection, window, "_NET_WM_DESKTOP", tree.ALL_DESKTOPS, _FROM_PAGER)


def _set_states(connection: Any, window: Any) -> None:
    """One message each: window managers leave out the second one of a pair that they find odd."""
    states = set(tree.property_values(connection, window, "_NET_WM_STATE"))
    for name, how in (("HIDDEN", _REMOVE), ("SHADED", _REMOVE), ("BELOW", _REMOVE), ("ABOVE", _ADD),
                      ("FULLSCREEN", _ADD)):  # fmt: skip
        atom = connection.get_atom(f"_NET_WM_STATE_{name}")
        if (atom in states) != (how == _ADD):
            _message(connection, window, "_NET_WM_STATE", how, atom, 0, _FROM_PAGER)


def _message(connection: Any, window: Any, name: str, *values: int) -> None:
    padded = (*values, 0, 0, 0, 0, 0)[:5]
    message = xevent.ClientMessage(window=window, client_type=connection.get_atom(name), data=(32, padded))
    connection.screen().root.send_event(message, event_mask=_REDIRECTED)


def _whole_again(connection: Any, window: Any) -> None:
    """Without holes and not see-through."""
    window.delete_property(connection.get_atom("_NET_WM_WINDOW_OPACITY"))
    if connection.has_extension("SHAPE"):
        window.shape_mask(shape.SO.Set, shape.SK.Bounding, 0, 0, X.NONE)


def _lower_unmanaged(connection: Any, frame: Any, window_id: int) -> None:
    """Menus, notifications and the like, which no window manager restacks."""
    manager = tree.manager(connection)
    above = False
    for child in tree.children_of(connection, connection.screen().root):
        if child.id == frame.id:
            above = True
        elif above and _is_foreign(connection, child, manager, window_id):
            child.configure(stack_mode=X.Below)


def _is_foreign(connection: Any, window: Any, manager: int, window_id: int) -> bool:
    """Neither ours nor the window manager's: that one makes the frames."""
    try:
        attributes = window.get_attributes()
    except xerror.XError:
        return False
    if not attributes.override_redirect or tree.maker(connection, window.id) == manager:
        return False
    described = tree.describe(connection, window)
    return described is not None and not tree.is_ours(described, window_id)


def _throw_out(connection: Any, window: Any) -> None:
    """Windows that another program put into ours are hidden."""
    for child in tree.children_of(connection, window):
        other = tree.maker(connection, child.id) != tree.maker(connection, window.id)
        if other and tree.process_of(connection, child.id) != os.getpid():
            child.unmap()
