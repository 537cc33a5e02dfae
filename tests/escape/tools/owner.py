"""A clipboard manager that insists: takes the named selections again and again, and offers a text."""

import json
import sys
import time
from typing import Any

from Xlib import X, Xatom, display
from Xlib.protocol import event as xevent

TEXT = b"brought from outside "


def main() -> None:
    connection: Any = display.Display()
    window = connection.screen().root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)
    atoms = [connection.intern_atom(name) for name in sys.argv[1:]]
    utf8 = connection.intern_atom("UTF8_STRING")
    print(json.dumps({"event": "there", "window": window.id, "at": time.monotonic()}), flush=True)
    while True:
        for atom in atoms:
            window.set_selection_owner(atom, X.CurrentTime)
        connection.sync()
        while connection.pending_events():
            event = connection.next_event()
            if event.type == X.SelectionRequest:
                event.requestor.change_property(event.property, utf8 if event.target == utf8 else Xatom.STRING, 8, TEXT)
                event.requestor.send_event(
                    xevent.SelectionNotify(
                        time=event.time, requestor=event.requestor, selection=event.selection, target=event.target,
                        property=event.property,
                    )
                )  # fmt: skip
        connection.sync()
        time.sleep(0.002)


if __name__ == "__main__":
    main()
