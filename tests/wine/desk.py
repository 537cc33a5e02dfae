"""The hands outside of Wine: real keys and a real second display, asked for by the tests inside over a local socket.

Line in: `key alt+Tab`, `type words`, `copy text`, `focus title`, `plug`, `mirror`, `unplug`. Line out: `ok`, or what
went wrong. Started by `tests.wine`, spoken to by `tests.candidate_agent.platforms.windows.rig`.
"""

import contextlib
import socketserver
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.rig.xserver import XServer, wait_for


class _Asked(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        for line in self.rfile:
            try:
                self.server.do(line.decode().strip())  # type: ignore[attr-defined]
                self.wfile.write(b"ok\n")
            except (subprocess.SubprocessError, KeyError, AssertionError) as error:
                self.wfile.write(f"{error}\n".encode())


class Desk(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, x_server: XServer) -> None:
        super().__init__(("127.0.0.1", 0), _Asked)
        self._x_server = x_server

    def do(self, order: str) -> None:
        verb, _, rest = order.partition(" ")
        if verb in ("key", "type"):
            self._x_server.run("xdotool", verb, rest)
        elif verb == "focus":
            wait_for(lambda: self._focused() == rest, "the focus on the X server")
        elif verb == "copy":
            self._copy(rest)
        else:
            {
                "plug": self._x_server.plug_display,
                "mirror": lambda: self._x_server.plug_display(mirror=True),
                "unplug": self._x_server.unplug_display,
            }[verb]()
            self._x_server.run("xrandr", "--query")  # makes the server probe: Wine only takes what it found last

    def _focused(self) -> str:
        with contextlib.suppress(subprocess.CalledProcessError):  # the window went meanwhile
            return self._x_server.run("xdotool", "getwindowfocus", "getwindowname").strip()
        return ""

    def _copy(self, text: str) -> None:
        """The program stays to offer it, as X11 wants, and ends when another one takes over."""
        command = ["xclip", "-selection", "clipboard"]
        quiet = subprocess.DEVNULL
        subprocess.run(
            command, input=text.encode(), env=self._x_server.environment(), stdout=quiet, stderr=quiet, check=True
        )


@contextmanager
def serving(x_server: XServer) -> Iterator[int]:
    """Gives the port."""
    with Desk(x_server) as desk:
        thread = threading.Thread(target=desk.serve_forever, name="desk")
        thread.start()
        try:
            yield int(desk.server_address[1])
        finally:
            desk.shutdown()
            thread.join()
