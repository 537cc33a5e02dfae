"""Lets a thread stand back where the processor is short. Called by `app` for the search on the device."""

import os
import sys
import threading

NICE = 5  # a third of the usual share; more would let it hold the interpreter's lock while it waits for a processor
DARWIN_THREAD, DARWIN_BACKGROUND = 3, 0x1000
BELOW_NORMAL = -1


def stand_back() -> bool:
    """This thread alone. False: the system would not. Seen on Linux; for Windows and macOS written by their manuals."""
    try:
        if sys.platform == "win32":
            import ctypes

            kernel = ctypes.windll.kernel32
            kernel.GetCurrentThread.restype = ctypes.c_void_p
            return bool(kernel.SetThreadPriority(ctypes.c_void_p(kernel.GetCurrentThread()), BELOW_NORMAL))
        if sys.platform == "darwin":
            os.setpriority(DARWIN_THREAD, 0, DARWIN_BACKGROUND)
        else:
            thread = threading.get_native_id()  # Linux: what else is asked for a process holds for a thread
            os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + NICE)
    except OSError:
        return False
    return True
