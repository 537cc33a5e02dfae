"""A program of somebody else with one window of any kind: `python -m tests.rig.foreign_window --unmanaged ...`.

Prints the window's number when it is mapped, ends at the end of standard input. `foreign_window` starts it from a test.
"""

import argparse
import contextlib
import select
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from Xlib import X, Xutil
from Xlib import display as xdisplay
from Xlib.ext import shape

from tests.rig.xserver import XServer

FIGHT_S = 0.02


@contextlib.contextmanager
def foreign_window(server: XServer, *arguments: str) -> Iterator[int]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.rig.foreign_window", *arguments],
        env=server.environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdin and process.stdout
    try:
        yield int(process.stdout.readline())
    finally:
        process.stdin.close()
        process.wait(10)
        process.stdout.close()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--at", default="100,100,300,200")
    parser.add_argument("--class", dest="program", default="Foreign")
    parser.add_argument("--unmanaged", action="store_true")
    parser.add_argument("--input-only", action="store_true")
    parser.add_argument("--left-half", action="store_true", help="cut to its left half")
    parser.add_argument("--full", action="store_true", help="fullscreen and above all others")
    parser.add_argument("--fight", action="store_true", help="raises itself again and again")
    parser.add_argument("--into", type=int, default=0, help="a window to be put into")
    parser.add_argument("--on-the-sheet", action="store_true", help="on the compositor's sheet, above all windows")
    parser.add_argument("--with-pid", type=int, default=0, help="claims to belong to this process")
    options = parser.parse_args()
    connection = xdisplay.Display()
    window = made(connection, options)
    window.map()
    connection.sync()
    print(window.id, flush=True)
    while not select.select([sys.stdin], [], [], FIGHT_S if options.fight else None)[0]:
        window.configure(stack_mode=X.Above)
        connection.sync()
    connection.close()


def made(connection: Any, options: argparse.Namespace) -> Any:
    x, y, width, height = (int(part) for part in options.at.split(","))
    unseen = options.input_only
    parent = connection.create_resource_object("window", options.into) if options.into else connection.screen().root
    if options.on_the_sheet:
        connection.composite_query_version()
        parent = parent.composite_get_overlay_window().overlay_window
    window = parent.create_window(
        x, y, width, height, 0, 0 if unseen else X.CopyFromParent,
        window_class=X.InputOnly if unseen else X.InputOutput,
        override_redirect=options.unmanaged or unseen,
        **({} if unseen else {"background_pixel": 0xCC3333}),
    )  # fmt: skip
    window.set_wm_class(options.program.lower(), options.program)
    window.set_wm_normal_hints(flags=Xutil.USPosition, x=x, y=y)
    if options.with_pid:
        window.change_property(connection.intern_atom("_NET_WM_PID"), connection.intern_atom("CARDINAL"), 32,
                               [options.with_pid])  # fmt: skip
    if options.left_half:
        window.shape_rectangles(shape.SO.Set, shape.SK.Bounding, 0, 0, 0, [(0, 0, width // 2, height)])
    if options.full:
        states = [connection.intern_atom(f"_NET_WM_STATE_{name}") for name in ("FULLSCREEN", "ABOVE")]
        window.change_property(connection.intern_atom("_NET_WM_STATE"), connection.intern_atom("ATOM"), 32, states)
    return window


if __name__ == "__main__":
    main()
