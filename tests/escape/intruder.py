"""A foreign program with a window in a colour that no exam has: opened in as many ways as there are words for.

`python -m tests.escape.intruder WORDS...` prints one JSON line when it is there, and one per key that reaches it.
Started by `room.Room.intruder`. Words: override, fullscreen, above, dock, urgent, input-only, focus, raise, activate,
grab-keyboard, grab-pointer, grab-server, insist (again ten times a second), clear (half transparent), class=NAME,
size=WxH+X+Y.
"""

import contextlib
import json
import select
import sys
import time
from typing import Any

from Xlib import X, Xatom, display
from Xlib.protocol import event as xevent

MARK = 0xFF00FF
INSIST_S = 0.1


def say(event: str, **facts: Any) -> None:
    print(json.dumps({"event": event, "at": time.monotonic(), **facts}), flush=True)


class Intruder:
    def __init__(self, words: list[str]) -> None:
        self.words = frozenset(words)
        self.given = dict(word.split("=", 1) for word in words if "=" in word)
        self.display: Any = display.Display()
        self.display.set_error_handler(lambda *_: None)
        self.root = self.display.screen().root
        self.window = self._make()

    def atom(self, name: str) -> int:
        return int(self.display.intern_atom(name))

    def _make(self) -> Any:
        width, height, x, y = _place(self.given.get("size", "400x300+200+200"))
        screen = self.display.screen()
        input_only = "input-only" in self.words
        look = {} if input_only else {"background_pixel": MARK}
        window = self.root.create_window(
            x, y, width, height, 0, 0 if input_only else screen.root_depth,
            X.InputOnly if input_only else X.InputOutput,
            override_redirect="override" in self.words or input_only,
            event_mask=X.KeyPressMask | X.ButtonPressMask | X.StructureNotifyMask, **look,
        )  # fmt: skip
        name = self.given.get("class", "intruder")
        window.set_wm_class(name, name)
        window.set_wm_name(name)
        window.set_wm_normal_hints(flags=1 | 2, x=x, y=y, width=width, height=height)
        self._dress(window)
        return window

    def _dress(self, window: Any) -> None:
        states = [name for name in ("fullscreen", "above") if name in self.words]
        if "urgent" in self.words:
            states.append("demands_attention")
            window.set_wm_hints(flags=256 | 1, input=1)
        atoms = [self.atom(f"_NET_WM_STATE_{name.upper()}") for name in states]
        window.change_property(self.atom("_NET_WM_STATE"), Xatom.ATOM, 32, atoms)
        if "dock" in self.words:
            kind = [self.atom("_NET_WM_WINDOW_TYPE_DOCK")]
            window.change_property(self.atom("_NET_WM_WINDOW_TYPE"), Xatom.ATOM, 32, kind)
        if "clear" in self.words:
            window.change_property(self.atom("_NET_WM_WINDOW_OPACITY"), Xatom.CARDINAL, 32, [0x40000000])

    def act(self) -> None:
        """Once, and with `insist` again and again."""
        window = self.window
        if "raise" in self.words:
            window.configure(stack_mode=X.Above)
        if "activate" in self.words:
            data = (32, (2, X.CurrentTime, 0, 0, 0))
            message = xevent.ClientMessage(window=window, client_type=self.atom("_NET_ACTIVE_WINDOW"), data=data)
            self.root.send_event(message, event_mask=X.SubstructureRedirectMask | X.SubstructureNotifyMask)
        if "focus" in self.words:
            window.set_input_focus(X.RevertToParent, X.CurrentTime)
        if "grab-keyboard" in self.words:
            window.grab_keyboard(True, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime)
        if "grab-pointer" in self.words:
            mask = X.ButtonPressMask | X.PointerMotionMask
            window.grab_pointer(True, mask, X.GrabModeAsync, X.GrabModeAsync, X.NONE, X.NONE, X.CurrentTime)
        if "grab-server" in self.words:
            self.display.grab_server()
        self.display.sync()

    def run(self) -> None:
        self.window.map()
        self.display.sync()
        self._until_seen()
        self.act()
        say("there", window=self.window.id)
        while True:
            while self.display.pending_events():
                event = self.display.next_event()
                if event.type == X.KeyPress:
                    say("key")
                elif event.type == X.ButtonPress:
                    say("button")
            select.select([self.display.fileno()], [], [], INSIST_S)
            if "insist" in self.words:
                self.act()

    def _until_seen(self) -> None:
        until = time.monotonic() + 2
        while time.monotonic() < until:
            with contextlib.suppress(Exception):
                if self.window.get_attributes().map_state == X.IsViewable:
                    return
            time.sleep(0.01)


def _place(text: str) -> tuple[int, int, int, int]:
    size, x, y = text.split("+")
    width, height = size.split("x")
    return int(width), int(height), int(x), int(y)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        Intruder(sys.argv[1:]).run()
