"""A plain window on Windows. Imported: of this process, on a thread of its own. Run: of a process of its own, whose
standard input says what it does: `copy` and a text, `keys` and virtual key codes; the end of it ends the program."""

import ctypes
import itertools
import json
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import wintypes

from candidate_agent.platforms.ports import ClipboardPiece
from candidate_agent.platforms.windows import api, sent_keys
from candidate_agent.platforms.windows.clipboard import WindowsClipboard
from candidate_agent.platforms.windows.structures import WindowClass, WindowProcedure

WS_OVERLAPPEDWINDOW, WS_VISIBLE = 0xCF0000, 0x10000000
_numbers = itertools.count(1)
WM_DESTROY, WM_KEYDOWN, WM_SYSKEYDOWN = 0x2, 0x100, 0x104


class ShownWindow:
    def __init__(self) -> None:
        self.id = 0
        self.title = f"test window {os.getpid()} {next(_numbers)}"
        self.opened = threading.Event()
        self.closed = threading.Event()
        self.keys: list[int] = []  # virtual key codes that arrived
        self._procedure = WindowProcedure(self._message)

    def run(self) -> None:
        instance = api.module_handle(None)
        name = self.title
        description = WindowClass(procedure=self._procedure, instance=instance, class_name=name)
        description.size = ctypes.sizeof(description)
        api.register_class(ctypes.byref(description))
        style = WS_OVERLAPPEDWINDOW | WS_VISIBLE
        self.id = api.create_window(0, name, name, style, 50, 50, 400, 300, None, None, instance, None) or 0
        api.set_foreground(self.id)
        self.opened.set()
        message = wintypes.MSG()
        while api.get_message(ctypes.byref(message), None, 0, 0) > 0:
            api.dispatch_message(ctypes.byref(message))
        api.unregister_class(name, instance)
        self.closed.set()

    def _message(self, window: int, message: int, first: int, second: int) -> int:
        if message in (WM_KEYDOWN, WM_SYSKEYDOWN):
            self.keys.append(first)
        if message == WM_DESTROY:
            api.post_quit(0)
        return int(api.default_procedure(window, message, first, second))


@contextmanager
def shown() -> Iterator[ShownWindow]:
    window = ShownWindow()
    thread = threading.Thread(target=window.run, name="test window")
    thread.start()
    window.opened.wait(5)
    try:
        yield window
    finally:
        if not window.closed.is_set():
            api.post_message(window.id, api.WM_CLOSE, 0, 0)
        thread.join(5)


def main() -> None:
    """With the word `hidden`: without a window."""
    if "hidden" in sys.argv:
        print(0, flush=True)
        _obey()
        return
    with shown() as window:
        print(window.id, flush=True)
        threading.Thread(target=_obey, daemon=True).start()
        window.closed.wait()


def _obey() -> None:
    for line in sys.stdin:
        verb, given = json.loads(line)
        if verb == "copy":
            data = given.encode("utf-16-le") + b"\0\0"
            WindowsClipboard().put_back((ClipboardPiece("CLIPBOARD", "CF_UNICODETEXT", data),))
        elif verb == "keys":
            sent_keys.send(*((key, False) for key in given), *((key, True) for key in reversed(given)), mark=0)
        print("done", flush=True)


if __name__ == "__main__":
    main()
