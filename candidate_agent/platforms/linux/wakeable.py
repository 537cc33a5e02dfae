"""Threads that wait on the system and end when they are told to: each has a pipe of its own that it waits on as well.

Used by the watches of this folder. None of them looks at a clock to find out that it is over.
"""

import os
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the clipboard holder starts without the ports and what they bring
    from candidate_agent.platforms.ports import Closer

JOIN_S = 2.0


def start(name: str, run: Callable[[int], None]) -> "Closer":
    """`run(wake)` on a thread of its own: it returns when the descriptor `wake` can be read."""
    read_end, write_end = os.pipe()

    def running() -> None:
        try:
            run(read_end)
        finally:
            os.close(read_end)

    thread = threading.Thread(target=running, name=name, daemon=True)
    thread.start()
    return _closer(thread, write_end)


def _closer(thread: threading.Thread, write_end: int) -> "Closer":
    lock = threading.Lock()
    open_ends = [write_end]

    def end() -> None:
        with lock:
            for handle in open_ends:
                os.close(handle)  # end of pipe wakes the thread
            open_ends.clear()
        if thread is not threading.current_thread():
            thread.join(JOIN_S)

    return end
