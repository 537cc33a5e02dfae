"""Displays that the exam does not use are covered while it holds the computer: on a real X server, with hot-plug."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from Xlib import X
from Xlib import display as xdisplay

from tests.candidate_agent.ui.stage import SWITCHES
from tests.rig.xserver import XServer, wait_for

pytestmark = [pytest.mark.real, pytest.mark.slow]

ROOT = Path(__file__).parents[3]
SECOND = (1920, 0, 1920, 1080)


@pytest.fixture(scope="module")
def server() -> Iterator[XServer]:
    with XServer(hot_plug=True) as running:
        yield running


class Exam:
    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def order(self, word: str) -> int:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@contextmanager
def exam(server: XServer, home: Path, displays: int = 1) -> Iterator[Exam]:
    environment = {**os.environ, **SWITCHES, "DISPLAY": server.display, "HOME": str(home)}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.candidate_agent.ui.covering", str(displays)],
        cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdin is not None and process.stdout is not None
    try:
        assert process.stdout.readline() == "ready\n"
        yield Exam(process)
    finally:
        process.stdin.close()  # the end of the orders closes the window
        process.wait(60)
        process.stdout.close()
        server.unplug_display()


def on_top_of_second(server: XServer) -> bool:
    """Whether a window as large as the second display lies there, above all that lie there."""
    connection = xdisplay.Display(server.display)
    try:
        for child in reversed(connection.screen().root.query_tree().children):
            box = child.get_geometry()
            seen = child.get_attributes().map_state == X.IsViewable
            if seen and box.x + box.width > SECOND[0]:
                return (box.x, box.y, box.width, box.height) == SECOND
        return False
    finally:
        connection.close()


def test_a_display_that_is_plugged_in_is_covered_until_it_goes(server: XServer, tmp_path: Path) -> None:
    with exam(server, tmp_path) as held:
        assert held.order("enter") == 0
        server.plug_display()
        wait_for(lambda: on_top_of_second(server), "the cover", 15)
        server.unplug_display()
        wait_for(lambda: held.order("count") == 0, "the cover's end", 15)
        server.plug_display()
        wait_for(lambda: on_top_of_second(server), "the cover again", 15)
        held.order("arabic")
        wait_for(lambda: held.order("count") == 1, "the sentence in the language that was chosen", 10)
        held.order("leave")
        assert held.order("count") == 0
        wait_for(lambda: not on_top_of_second(server), "the second display given back", 15)


def test_a_display_that_was_there_before_is_covered_and_one_that_is_allowed_is_not(
    server: XServer, tmp_path: Path
) -> None:
    server.plug_display()
    with exam(server, tmp_path / "one") as held:
        assert held.order("enter") == 1
        wait_for(lambda: on_top_of_second(server), "the cover", 15)
    server.plug_display()
    with exam(server, tmp_path / "two", displays=2) as held:
        assert held.order("enter") == 0
        assert not on_top_of_second(server)


def test_a_mirror_cannot_be_covered_and_is_left_alone(server: XServer, tmp_path: Path) -> None:
    server.plug_display(mirror=True)
    with exam(server, tmp_path) as held:
        assert held.order("enter") == 0
