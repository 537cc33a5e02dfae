"""What the X server knows of windows: who owns one, where it lies, what lies above it. Used by `windows` and `system`.

Every function takes a connection and answers with less, never with an exception, when a window vanishes meanwhile.
"""

import os
from typing import Any

from Xlib import X
from Xlib import error as xerror

from candidate_agent.platforms.ports import Window

Box = tuple[int, int, int, int]  # x, y, width, height

_CLIENT_PID = 2  # XRes: LocalClientPIDMask


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
    try:
        children = connection.screen().root.query_tree().children
    except xerror.XError:
        return []
    return [child for child in children if not _of_server(connection, child) and _is_seen(child)]


def _of_server(connection: Any, window: Any) -> bool:
    return not window.id & ~connection.display.info.resource_id_mask & 0x1FFFFFFF


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
    )


def active_window(connection: Any) -> Any | None:
    found = property_values(connection, connection.screen().root, "_NET_ACTIVE_WINDOW")
    return window_of(connection, found[0]) if found and found[0] else None


def covered_share(under: Box, over: Box) -> float:
    """Share of `under` that lies below `over`, 0..1."""
    width = min(under[0] + under[2], over[0] + over[2]) - max(under[0], over[0])
    height = min(under[1] + under[3], over[1] + over[3]) - max(under[1], over[1])
    area = under[2] * under[3]
    return max(0, width) * max(0, height) / area if area else 0.0


def is_ours(window: Window, our_window_id: int) -> bool:
    return window.id == our_window_id or window.pid == os.getpid()
