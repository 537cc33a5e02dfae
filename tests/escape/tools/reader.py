"""Asks for the named selections a hundred times a second; says when a text came, not which."""

import json
import sys
import time
from typing import Any

from Xlib import X, display


def say(event: str) -> None:
    print(json.dumps({"event": event, "at": time.monotonic()}), flush=True)


def main() -> None:
    connection: Any = display.Display()
    window = connection.screen().root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)
    target, into = connection.intern_atom("UTF8_STRING"), connection.intern_atom("INTO")
    say("there")
    while True:
        for name in sys.argv[1:]:
            window.convert_selection(connection.intern_atom(name), target, into, X.CurrentTime)
        connection.sync()
        while connection.pending_events():
            event = connection.next_event()
            if event.type == X.SelectionNotify and event.property:
                found = window.get_full_property(into, X.AnyPropertyType)
                if found is not None and len(found.value):
                    say("text")
        time.sleep(0.01)


if __name__ == "__main__":
    main()
