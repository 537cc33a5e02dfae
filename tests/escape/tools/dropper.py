"""Drops a text on a window as a file manager would (XDND): `dropper WINDOW TEXT`. Asks every child that listens."""

import json
import sys
import time
from typing import Any

from Xlib import X, Xatom, display
from Xlib.protocol import event as xevent

VERSION = 5


class Dropper:
    def __init__(self, target: int, text: str) -> None:
        self.display: Any = display.Display()
        self.display.set_error_handler(lambda *_: None)
        self.target = self.display.create_resource_object("window", target)
        self.text = text.encode()
        self.window = self.display.screen().root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)
        self.window.set_selection_owner(self.atom("XdndSelection"), X.CurrentTime)

    def atom(self, name: str) -> int:
        return int(self.display.intern_atom(name))

    def send(self, kind: str, *values: int) -> None:
        data = (32, (self.window.id, *values, 0, 0, 0, 0)[:5])
        self.target.send_event(xevent.ClientMessage(window=self.target, client_type=self.atom(kind), data=data))
        self.display.sync()

    def run(self) -> None:
        print(json.dumps({"event": "there", "at": time.monotonic()}), flush=True)
        types = [self.atom(name) for name in ("text/plain", "UTF8_STRING", "text/plain;charset=utf-8")]
        self.send("XdndEnter", VERSION << 24, *types)
        for _ in range(6):
            self.send("XdndPosition", 0, (400 << 16) | 330, X.CurrentTime, self.atom("XdndActionCopy"))
            self.answer_for(0.06)
        self.send("XdndDrop", 0, X.CurrentTime)
        self.answer_for(0.6)

    def answer_for(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            while self.display.pending_events():
                event = self.display.next_event()
                if event.type == X.SelectionRequest:
                    event.requestor.change_property(event.property, Xatom.STRING, 8, self.text)
                    event.requestor.send_event(
                        xevent.SelectionNotify(
                            time=event.time, requestor=event.requestor, selection=event.selection,
                            target=event.target, property=event.property,
                        )
                    )  # fmt: skip
                    self.display.sync()
            time.sleep(0.005)


if __name__ == "__main__":
    Dropper(int(sys.argv[1]), sys.argv[2]).run()
