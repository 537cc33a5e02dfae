"""What a program makes up and sends to our window is dropped; what a keyboard types is not. On a real X server."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from Xlib import X, display
from Xlib.ext import xtest
from Xlib.protocol import event as xevent

from tests.candidate_agent.ui.stage import SWITCHES
from tests.rig.xserver import XServer, wait_for

pytestmark = pytest.mark.real

ROOT = Path(__file__).parents[3]
KEY_X = 53
MANY = 20_000  # more than ten times as many as end a process that loses a reference with each


class Typed:
    """`python -m tests.candidate_agent.ui.typed_at`, and a connection of somebody else's."""

    def __init__(self, process: "subprocess.Popen[str]", connection: Any) -> None:
        assert process.stdin is not None and process.stdout is not None
        self._orders, self._answers = process.stdin, process.stdout
        self.connection = connection
        self._window = connection.create_resource_object("window", int(self._answers.readline()))

    def send(self, kind: Any) -> None:
        self._window.send_event(
            kind(
                time=X.CurrentTime, root=self.connection.screen().root, window=self._window, same_screen=1,
                child=X.NONE, root_x=9, root_y=9, event_x=9, event_y=9, state=0, detail=KEY_X,
            )
        )  # fmt: skip

    def press(self) -> None:
        for kind in (X.KeyPress, X.KeyRelease):
            xtest.fake_input(self.connection, kind, KEY_X)
        self.connection.sync()

    def found(self) -> tuple[int, int]:
        """How many events were dropped, how many characters stand in the field."""
        self._orders.write("?\n")
        self._orders.flush()
        dropped, characters = self._answers.readline().split()
        return int(dropped), int(characters)


@pytest.fixture
def typed(tmp_path: Path) -> Iterator[Typed]:
    with XServer(window_manager="openbox") as server:
        environment = {**os.environ, **SWITCHES, "DISPLAY": server.display, "HOME": str(tmp_path)}
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.candidate_agent.ui.typed_at"],
            cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        connection = display.Display(server.display)
        try:
            yield Typed(process, connection)
        finally:
            connection.close()
            process.communicate(timeout=20)
        assert process.returncode == 0


def test_made_up_keys_are_dropped_many_times_over_and_typed_ones_arrive(typed: Typed) -> None:
    wait_for(lambda: typed.press() or typed.found()[1] > 0, "a key that was typed")
    for number in range(MANY // 2):
        for kind in (xevent.KeyPress, xevent.KeyRelease):
            typed.send(kind)
        if number % 500 == 0:
            typed.connection.sync()
    typed.connection.sync()
    wait_for(lambda: typed.found()[0] == MANY, "all that was sent")
    before = typed.found()[1]
    typed.press()
    wait_for(lambda: typed.found() == (MANY, before + 1), "one more key that was typed")


@pytest.mark.parametrize("kind", [xevent.ButtonPress, xevent.ButtonRelease, xevent.MotionNotify])
def test_made_up_clicks_are_dropped(typed: Typed, kind: Any) -> None:
    typed.send(kind)
    typed.connection.sync()
    wait_for(lambda: typed.found()[0] == 1, "the click")
