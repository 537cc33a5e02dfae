"""Where the X server ends the connection of our window (another program destroyed its client, or the server itself
ended), Xlib ends the process there and then with status 1, in the middle of whatever it does. Here the program leaves
in order first. Called once by `select`, when the window is there: its libraries set what happens while they load.
"""

import ctypes
import os
from collections.abc import Callable
from ctypes.util import find_library

_HANDLER = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)
_kept: list[object] = []  # Xlib calls it until the process ends


def leave_first(leave: Callable[[], int]) -> None:
    """`leave` is called on the thread that met the broken connection, which Xlib lets do nothing else any more; its
    result is the exit status."""

    def broken(_display: int) -> int:
        os._exit(leave())

    handler = _HANDLER(broken)
    _kept.append(handler)
    library = ctypes.CDLL(find_library("X11") or "libX11.so.6")
    library.XSetIOErrorHandler.argtypes, library.XSetIOErrorHandler.restype = (_HANDLER,), ctypes.c_void_p
    library.XSetIOErrorHandler(handler)
