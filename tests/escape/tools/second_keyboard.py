"""Types a few keys on a second master keyboard, with a focus of its own: by libXi:
`second_keyboard MASTER ITS_KEYS WINDOW`."""

import ctypes
import ctypes.util
import sys
import time


def main() -> None:
    device, slave, window = (int(word) for word in sys.argv[1:4])
    x11 = ctypes.CDLL(ctypes.util.find_library("X11"))
    xi = ctypes.CDLL(ctypes.util.find_library("Xi"))
    xtst = ctypes.CDLL(ctypes.util.find_library("Xtst"))
    x11.XOpenDisplay.restype = ctypes.c_void_p
    xi.XOpenDevice.restype = ctypes.c_void_p
    xi.XOpenDevice.argtypes = [ctypes.c_void_p, ctypes.c_ulong]
    xi.XISetFocus.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_ulong, ctypes.c_ulong]
    xtst.XTestFakeDeviceKeyEvent.argtypes = [
        ctypes.c_void_p, ctypes.c_void_p, ctypes.c_uint, ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_ulong,
    ]  # fmt: skip
    x11.XSync.argtypes = [ctypes.c_void_p, ctypes.c_int]
    screen = x11.XOpenDisplay(None)
    major, minor = ctypes.c_int(2), ctypes.c_int(2)
    xi.XIQueryVersion(ctypes.c_void_p(screen), ctypes.byref(major), ctypes.byref(minor))
    xi.XISetFocus(screen, device, window, 0)
    x11.XSync(screen, 0)
    handle = xi.XOpenDevice(screen, slave)
    if not handle:
        return
    for _ in range(5):
        for down in (1, 0):
            xtst.XTestFakeDeviceKeyEvent(screen, handle, 38, down, None, 0, 0)
        x11.XSync(screen, 0)
        time.sleep(0.05)


if __name__ == "__main__":
    main()
