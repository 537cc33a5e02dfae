"""A small process that offers one text on CLIPBOARD until another program takes over, as the candidate had it before.

Started by `X11Clipboard.put_back`: text on standard input; the starter returns when the text is on offer.
"""

import os
import sys
from typing import Any

from Xlib import X, Xatom
from Xlib import error as xerror

from candidate_agent.platforms.linux.connection import answer, connect
from candidate_agent.platforms.private_memory import keep_off_disk

_PIECE_BYTES = 64 * 1024


def main() -> int:
    keep_off_disk()
    text = sys.stdin.buffer.read()
    connection = connect(None)
    window = connection.screen().root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)
    selection = connection.get_atom("CLIPBOARD")
    window.set_selection_owner(selection, X.CurrentTime)
    connection.sync()
    if connection.get_selection_owner(selection) != window:
        return 1
    if sys.platform == "win32" or os.fork():
        os._exit(0)  # the text is on offer; the connection lives on in the child
    os.setsid()
    offer(connection, text)
    return 0


def offer(connection: Any, text: bytes) -> None:
    """Answers until another program takes the selection or the X server ends."""
    while True:
        try:
            event = connection.next_event()
        except (xerror.ConnectionClosedError, OSError):
            return
        if event.type == X.SelectionClear:
            return
        if event.type == X.SelectionRequest:
            _give(connection, event, text)


def _give(connection: Any, request: Any, text: bytes) -> None:
    targets = [connection.get_atom(name) for name in ("UTF8_STRING", "text/plain;charset=utf-8", "text/plain")]
    into = request.property or request.target
    if request.target == connection.get_atom("TARGETS"):
        known = [request.target, *targets, Xatom.STRING]
        request.requestor.change_property(into, Xatom.ATOM, 32, known)
    elif request.target in targets:
        _write(request.requestor, into, request.target, text)
    elif request.target == Xatom.STRING:
        _write(request.requestor, into, Xatom.STRING, text.decode("utf-8", "replace").encode("latin-1", "replace"))
    else:
        into = X.NONE
    answer(connection, request, into)


def _write(window: Any, into: int, kind: int, data: bytes) -> None:
    """A property may be longer than a request: it is written piece by piece before it is announced."""
    window.change_property(into, kind, 8, data[:_PIECE_BYTES])
    for start in range(_PIECE_BYTES, len(data), _PIECE_BYTES):
        window.change_property(into, kind, 8, data[start : start + _PIECE_BYTES], mode=X.PropModeAppend)


if __name__ == "__main__":
    sys.exit(main())
