"""A foreign program that listens to keys it was not given: `record`, `keymap` or `raw`. Counts, no letters."""

import ctypes
import ctypes.util
import json
import re
import subprocess
import sys
import time

from Xlib import X, display
from Xlib.ext import record


def say(event: str) -> None:
    print(json.dumps({"event": event, "at": time.monotonic()}), flush=True)


def by_record() -> None:
    control, data = display.Display(), display.Display()
    none = (0, 0)
    wanted = {
        "core_requests": none, "core_replies": none, "ext_requests": (0, 0, 0, 0), "ext_replies": (0, 0, 0, 0),
        "delivered_events": none, "device_events": (X.KeyPress, X.KeyPress), "errors": none,
        "client_started": False, "client_died": False,
    }  # fmt: skip
    context = control.record_create_context(0, [record.AllClients], [wanted])
    control.sync()

    def heard(reply: object) -> None:
        if reply.category == record.StartOfData:  # type: ignore[attr-defined]
            say("there")
        else:
            say("key")

    data.record_enable_context(context, heard)


def by_keymap() -> None:
    connection = display.Display()
    before = bytes(connection.query_keymap())
    say("there")
    while True:
        now = bytes(connection.query_keymap())
        if sum(now) > sum(before):
            say("key")
        before = now
        time.sleep(0.003)


def by_raw() -> None:
    """xinput's own test mode asks for raw events of all devices."""
    process = subprocess.Popen(["xinput", "test-xi2", "--root"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    libc = ctypes.CDLL(ctypes.util.find_library("c"))
    libc.prctl(1, 15)
    say("there")
    for line in process.stdout:
        if re.search(r"\(RawKeyPress\)", line):
            say("key")


if __name__ == "__main__":
    {"record": by_record, "keymap": by_keymap, "raw": by_raw}[sys.argv[1]]()
