"""Asks a program to close, as the desktop's own button does: every window of it is told, and may offer to save.

A program that shows no window gets SIGTERM. Of a program with many processes its first one is asked: a browser's page
would otherwise lose what was written into it. Called by `LinuxProcesses`.
"""

import os
import signal
from typing import Any

from Xlib import X
from Xlib import error as xerror
from Xlib.protocol import event as xevent

from candidate_agent.base.errors import PlatformError
from candidate_agent.platforms.linux import tree
from candidate_agent.platforms.linux.connection import connected
from candidate_agent.platforms.linux.process_names import described, executable, parent

_MAX_PARENTS = 32


def ask_to_close(pid: int, display_name: str | None) -> bool:
    first = first_of_program(pid)
    if first in (0, 1) or first in line_of(os.getpid()):
        return False  # whoever we live by is never asked
    try:
        with connected(display_name) as connection:
            if _ask_windows(connection, first):
                return True
    except PlatformError:
        pass  # no X server: the signal it is
    try:
        os.kill(first, signal.SIGTERM)
    except OSError:
        return False
    return True


def first_of_program(pid: int) -> int:
    """The oldest forebear that runs the same file under the same names without a break: two scripts of one interpreter
    are two programs."""
    exe, names = executable(pid), _names(pid)
    first = pid
    for above in line_of(pid)[1:] if exe else ():
        if executable(above) != exe or _names(above) != names:
            break
        first = above
    return first


def line_of(pid: int) -> list[int]:
    """The process and its forebears, the nearest first, without the system's own first one."""
    line = [pid]
    while len(line) < _MAX_PARENTS and (above := parent(line[-1])) > 1:
        line.append(above)
    return line


def _names(pid: int) -> tuple[str, ...]:
    process = described(pid)
    return process.names if process else ()


def _ask_windows(connection: Any, pid: int) -> bool:
    asked = False
    root = connection.screen().root
    protocols, delete = connection.get_atom("WM_PROTOCOLS"), connection.get_atom("WM_DELETE_WINDOW")
    for number in tree.property_values(connection, root, "_NET_CLIENT_LIST"):
        window = tree.window_of(connection, number)
        if tree.process_of(connection, number) != pid:
            continue
        if delete not in tree.property_values(connection, window, "WM_PROTOCOLS"):
            continue
        message = xevent.ClientMessage(
            window=window, client_type=protocols, data=(32, (delete, X.CurrentTime, 0, 0, 0))
        )
        try:
            window.send_event(message, event_mask=0)
            connection.sync()
            asked = True
        except xerror.XError:
            continue
    return asked
