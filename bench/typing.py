"""Typing under lockdown: real X events into the exam page, all of them in order, and what lockdown and monitor add.

Two windows of the same exam on two screens of this machine: one locked and watched, one bare. Both get the same keys in
the same seconds, in turns, so that whatever else the machine does delays both. `python -m bench.typing [CHARACTERS]`:
10,000 take eight minutes and a half: no part of `make bench`.
"""

import itertools
import statistics
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from Xlib import XK, X, display
from Xlib.ext import xtest

from bench.results import Figure, tell
from tests.escape.room import Room, rooms

PER_S = 20
CHARACTERS = 10_000
WARMING = 40  # typed first, and not timed
BAR_MS = 10.0
LONGEST_S = 120.0  # how long the last characters may take, and an answer of the page: other work may be heavy
TEXT = (
    "The determinant of A is the product of its eigenvalues; so if zero were one of them, det(A) = 0 and A could not "
    "be inverted. Hence no eigenvalue of an invertible matrix is zero, and the converse holds as well: 2 + 2 is 4. "
)
# When the page has a character: the wall clock of the page, which is that of this process.
_NOTE = """globalThis.came = []; answer.value = "";
  answer.addEventListener("input", () => came.push(performance.timeOrigin + performance.now())); answer.focus(); 1"""


@dataclass(slots=True)
class Desk:
    """One screen with an exam; `sent_ms` when each character's key went down."""

    room: Room
    sent_ms: list[float] = field(default_factory=list)
    connection: Any = None

    def prepare(self) -> None:
        self.connection = display.Display(self.room.screen.display)
        self.room.focus_answer()
        self.room.script(_NOTE)

    def type(self, character: str) -> None:
        code, shifted = self._key(character)
        shift = self.connection.keysym_to_keycode(XK.XK_Shift_L)
        if shifted:
            xtest.fake_input(self.connection, X.KeyPress, shift)
        self.sent_ms.append(time.time() * 1000)
        xtest.fake_input(self.connection, X.KeyPress, code)
        xtest.fake_input(self.connection, X.KeyRelease, code)
        if shifted:
            xtest.fake_input(self.connection, X.KeyRelease, shift)
        self.connection.sync()

    def _key(self, character: str) -> tuple[int, bool]:
        symbol = ord(character)
        code = self.connection.keysym_to_keycode(symbol)
        return code, self.connection.keycode_to_keysym(code, 0) != symbol

    def close(self) -> None:
        self.connection.close()


@dataclass(frozen=True, slots=True)
class Typed:
    lost: int
    in_order: bool
    delays_ms: list[float]


def measure(characters: int = CHARACTERS) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="exam-bench-") as directory, rooms(Path(directory)) as room_of:
        locked, bare = Desk(room_of("openbox")), Desk(room_of("second"))
        locked.room.begin_exam()
        bare.room.begin_bare()
        for desk in (locked, bare):
            desk.room.rest_eyes()
            desk.prepare()
        text = "".join(itertools.islice(itertools.cycle(TEXT), characters + WARMING))
        _type(text, locked, bare)
        found = [_read(desk, text) for desk in (locked, bare)]
        for desk in (locked, bare):
            desk.close()
    return _figures(characters, *found)


def _type(text: str, *desks: Desk) -> None:
    """Each in the middle of the other's pause; who goes first changes with every character."""
    pause = threading.Event()
    began = time.monotonic()
    for number, character in enumerate(text):
        order = desks if number % 2 else desks[::-1]
        for half, desk in enumerate(order):
            due = began + (number + half / len(desks)) / PER_S
            pause.wait(max(0.0, due - time.monotonic()))
            desk.type(character)


def _read(desk: Desk, text: str) -> Typed:
    until = time.monotonic() + LONGEST_S
    while _asked(desk, "came.length", until) < len(text) and time.monotonic() < until:
        desk.room.pause(0.2)
    answer, came_ms = _asked(desk, "answer.value", until), _asked(desk, "came", until)
    delays_ms = [came - sent for came, sent in zip(came_ms, desk.sent_ms, strict=False)]
    return Typed(len(text) - len(answer), answer == text, delays_ms[WARMING:])


def _asked(desk: Desk, expression: str, until: float) -> Any:
    """Asked again where the page was too busy to answer."""
    while True:
        try:
            found = desk.room.script(expression)
        except RuntimeError:
            found = {"error": "no answer"}
        if not (isinstance(found, dict) and "error" in found) or time.monotonic() > until:
            return found


def _figures(characters: int, locked: Typed, bare: Typed) -> list[Figure]:
    ours, theirs = (statistics.quantiles(typed.delays_ms, n=100, method="inclusive") for typed in (locked, bare))
    added_ms = ours[98] - theirs[98]
    peer = "bare window"
    return [
        Figure("typing.characters", characters, "characters"),
        Figure("typing.lost", locked.lost if locked.in_order else max(1, locked.lost), "lost or out of order"),
        Figure("typing.delay_p50", round(ours[49], 2), "ms", peer, round(theirs[49], 2)),
        Figure("typing.delay_p99", round(ours[98], 2), "ms", peer, round(theirs[98], 2)),
        Figure("typing.added_p50", round(ours[49] - theirs[49], 2), "ms"),
        Figure("typing.added_p99", round(added_ms, 2), "ms", "the bar", BAR_MS, has_bar=True),
    ]


def main() -> None:
    found = measure(*(int(word) for word in sys.argv[1:2]))
    tell(found)


if __name__ == "__main__":
    main()
