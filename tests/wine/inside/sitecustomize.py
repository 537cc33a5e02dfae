"""Run by every Python under Wine as it starts. Wine loads what stands between it and the X server with the first window
of a process, and answers otherwise about the screen saver until then. On Windows there is no such difference."""

import ctypes
import sys

if sys.platform == "win32":
    user32 = ctypes.WinDLL("user32")
    user32.CreateWindowExW.restype = ctypes.c_void_p
    user32.DestroyWindow(
        ctypes.c_void_p(user32.CreateWindowExW(0, "STATIC", None, 0, 0, 0, 0, 0, None, None, None, None))
    )
