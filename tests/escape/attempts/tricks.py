"""What a page may try, of `tests.escape.pages`: the tricks that test the exam view, each an attempt of its own here, in
the locked exam.
"""

import socket
import time
from typing import Any

from tests.candidate_agent.ui.servers import Site
from tests.escape import pages
from tests.escape.attempt import Seen, attempt
from tests.escape.room import Room


class Player:
    """What `pages.run` asks for, answered by a room."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._windows = self._count()

    @property
    def exam(self) -> Site:
        return self._room.site

    @property
    def foreign(self) -> Site:
        return self._room.foreign

    def exam_js(self, script: str) -> Any:
        return self._room.script(script)

    def load(self, path: str) -> None:
        self._room.exam_or_fail.ask("load", self.exam.url + path)

    def top_windows(self) -> int:
        """Counted as one, however many the lockdown has itself."""
        return 1 + self._count() - self._windows

    def _count(self) -> int:
        pid = str(self._room.exam_or_fail.process.pid)
        return sum(line.split()[2] == pid for line in self._room.run("wmctrl", "-lp").splitlines())


def _tries(trick: pages.PageTrick) -> Any:
    def run(room: Room) -> Seen:
        player = Player(room)
        pages.prepare(player)
        since = time.monotonic()
        with pages.listening() as udp:
            found = _run(trick, player, udp)
        return Seen(found != "blocked", "" if found == "blocked" else found.removeprefix("missed: "), since)

    run.__name__ = trick.name.replace("-", "_")
    return run


def _run(trick: pages.PageTrick, player: Any, udp: socket.socket) -> str:
    return pages.run(trick, player, udp)


for _trick in pages.TRICKS:
    attempt("page", _trick.what, quick=_trick.name in ("fetch", "goto-file", "window-open"))(_tries(_trick))
