"""What the X server knows of windows: who owns one, where it lies, what lies above it. Used by `windows` and `system`.

Every function takes a connection and answers with less, never with an exception, when a window vanishes meanwhile.
"""

import os
from typing import Any

from Xlib import X, Xatom
from Xlib import error as xerror
from Xlib.ext import shape

from candidate_agent.platforms.linux.stack import Box
from candidate_agent.platforms.ports import Window

ALL_DESKTOPS = 0xFFFFFFFF

_CLIENT_PID = 2  # XRes: LocalClientPIDMask
_CLASS_WORDS = 64  # of four bytes: as much of WM_CLASS as is read
_PROGRAM_BYTES = 64
_MAX_PARTS = 1000


def property_values(connection: Any, window: Any, name: str) -> list[int]:
    try:
        found = window.get_full_property(connection.get_atom(name), X.AnyPropertyType)
    except xerror.XError:
        return []
    return list(found.value) if found is not None and found.format == 32 else []


def process_of(connection: Any, window_id: int) -> int:
    """The process that made a window: by XRes (cannot be made up), else `_NET_WM_PID`. 0: unknown."""
    if connection.has_extension("X-Resource"):
        try:
            answer = connection.res_query_client_ids([{"client": window_id, "mask": _CLIENT_PID}])
        except xerror.XError:
            return 0
        for entry in answer.ids:
            if entry.value:
                return int(entry.value[0])
    claimed = property_values(connection, window_of(connection, window_id), "_NET_WM_PID")
    return int(claimed[0]) if claimed else 0


def window_of(connection: Any, window_id: int) -> Any:
    return connection.create_resource_object("window", window_id)


def box_of(connection: Any, window: Any) -> Box | None:
    """Place of a window on the whole desktop, in pixels."""
    try:
        size = window.get_geometry()
        corner = window.translate_coords(connection.screen().root, 0, 0)
    except xerror.XError:
        return None
    return (-corner.x, -corner.y, size.width, size.height)


def frame_of(connection: Any, window_id: int) -> Any | None:
    """The child of the root that holds a window: the window manager's frame, or the window itself."""
    root = connection.screen().root
    window = window_of(connection, window_id)
    try:
        for _ in range(32):
            parent = window.query_tree().parent
            if not parent or parent.id == root.id:
                return window if parent else None
            window = parent
    except xerror.XError:
        return None
    return None


def client_of(connection: Any, frame: Any, depth: int = 3) -> Any:
    """The program's window inside a frame; the frame itself where there is none."""
    if depth == 0 or property_values(connection, frame, "WM_STATE"):
        return frame
    try:
        children = frame.query_tree().children
    except xerror.XError:
        return frame
    for child in children:
        found = client_of(connection, child, depth - 1)
        if property_values(connection, found, "WM_STATE"):
            return found
    return frame


def visible_frames(connection: Any) -> list[Any]:
    """Children of the root that can be seen, lowest first, without the server's own."""
    return [child for child in children_of(connection, connection.screen().root) if _is_seen(child)]


def children_of(connection: Any, window: Any) -> list[Any]:
    """Lowest first, without the server's own."""
    try:
        children = window.query_tree().children
    except xerror.XError:
        return []
    return [child for child in children if not of_server(connection, child.id)]


def of_server(connection: Any, window_id: int) -> bool:
    return not window_id & ~connection.display.info.resource_id_mask & 0x1FFFFFFF


def maker(connection: Any, window_id: int) -> int:
    """The client that made a window, by a number of the server."""
    return int(window_id & ~connection.display.info.resource_id_mask & 0x1FFFFFFF)


def manager(connection: Any) -> int:
    """The window manager, as `maker` numbers it: it makes the frames. 0: there is none."""
    found = property_values(connection, connection.screen().root, "_NET_SUPPORTING_WM_CHECK")
    return maker(connection, found[0]) if found else 0


def _is_seen(window: Any) -> bool:
    try:
        attributes = window.get_attributes()
    except xerror.XError:
        return False
    return bool(attributes.map_state == X.IsViewable and attributes.win_class == X.InputOutput)


def describe(connection: Any, window: Any) -> Window | None:
    box = box_of(connection, window)
    if box is None:
        return None
    states = set(property_values(connection, window, "_NET_WM_STATE"))
    return Window(
        window.id,
        process_of(connection, window.id),
        *box,
        fullscreen=connection.get_atom("_NET_WM_STATE_FULLSCREEN") in states,
        above=connection.get_atom("_NET_WM_STATE_ABOVE") in states,
        program=program_of(window),
    )


def program_of(window: Any) -> str:
    """The class that the window gives itself; it stays when the executable was renamed."""
    try:
        found = window.get_property(Xatom.WM_CLASS, X.AnyPropertyType, 0, _CLASS_WORDS)
    except xerror.XError:
        return ""
    if found is None or found.format != 8:
        return ""
    value = found.value.encode("latin-1") if isinstance(found.value, str) else bytes(found.value)
    words = value.split(b"\0")
    word = words[1] if len(words) > 1 and words[1] else words[0]
    return word[:_PROGRAM_BYTES].decode("utf-8", "replace").lower()


def active_window(connection: Any) -> Any | None:
    found = property_values(connection, connection.screen().root, "_NET_ACTIVE_WINDOW")
    return window_of(connection, found[0]) if found and found[0] else None


def shape_of(connection: Any, window: Any, box: Box) -> tuple[Box, ...]:
    """What of a child of the root is there to be seen or clicked on: its bounding shape, on the desktop."""
    if not connection.has_extension("SHAPE"):
        return (box,)
    try:
        if not window.shape_query_extents().bounding_shaped:
            return (box,)
        parts = window.shape_get_rectangles(shape.SK.Bounding).rectangles
    except xerror.XError:
        return ()
    if len(parts) > _MAX_PARTS:
        return (box,)  # cut up so that nobody can count: then the whole counts
    return tuple((box[0] + part.x, box[1] + part.y, part.width, part.height) for part in parts)


def is_ours(window: Window, our_window_id: int) -> bool:
    return window.id == our_window_id or window.pid == os.getpid()


def desktop_state(connection: Any) -> tuple[int, bool]:
    """Number of the desktop that is shown, and whether the window manager shows the bare desktop."""
    root = connection.screen().root
    current = property_values(connection, root, "_NET_CURRENT_DESKTOP")
    bare = property_values(connection, root, "_NET_SHOWING_DESKTOP")
    return (current[0] if current else 0), bool(bare and bare[0])


def our_state(connection: Any, window_id: int) -> Window | None:
    """Our window as it is; None where the candidate cannot see it whole, whatever the window manager calls that."""
    window = window_of(connection, window_id)
    try:
        viewable = window.get_attributes().map_state == X.IsViewable
    except xerror.XError:
        return None
    described = describe(connection, window) if viewable else None
    return None if described is None or _is_put_away(connection, window) else described


def _is_put_away(connection: Any, window: Any) -> bool:
    states = set(property_values(connection, window, "_NET_WM_STATE"))
    away = {connection.get_atom(f"_NET_WM_STATE_{name}") for name in ("HIDDEN", "SHADED")}
    current, bare = desktop_state(connection)
    desktop = property_values(connection, window, "_NET_WM_DESKTOP")
    elsewhere = bool(desktop) and desktop[0] not in (current, ALL_DESKTOPS)
    return bool(states & away) or bare or elsewhere or _is_cut_or_faint(connection, window)


def _is_cut_or_faint(connection: Any, window: Any) -> bool:
    """Another program can cut holes into a window or have the compositor show what lies below."""
    opacity = property_values(connection, window, "_NET_WM_WINDOW_OPACITY")
    if opacity and opacity[0] < ALL_DESKTOPS:
        return True
    return connection.has_extension("SHAPE") and bool(window.shape_query_extents().bounding_shaped)
