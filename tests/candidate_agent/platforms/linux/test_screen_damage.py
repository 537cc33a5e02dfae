"""A real X server tells where its screen was drawn on; nothing that is drawn stays unseen."""

import os
import subprocess
from collections.abc import Iterator

import numpy as np
import pytest

from candidate_agent.platforms.linux.screen import DamageStream, X11Screen
from candidate_agent.platforms.portable import devices
from candidate_agent.platforms.ports import Display
from tests.candidate_agent.capture.studio import CodeWindow, until, x_server

pytestmark = pytest.mark.real

DISPLAY = Display("screen", 0, 0, 1280, 800, True)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with x_server(1280, 800) as name:
        yield name


@pytest.fixture
def stream(server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[DamageStream]:
    monkeypatch.setenv("DISPLAY", server)
    stream = X11Screen(devices.screen_port()).open(DISPLAY)
    assert isinstance(stream, DamageStream)
    yield stream
    stream.close()


def test_the_rows_that_were_drawn_on_are_told_once(server: str, stream: DamageStream) -> None:
    window = CodeWindow(server)
    window.show(1)
    until(lambda: stream.changed() is not None)
    until(lambda: stream.changed() is None)
    window.show(2)
    told = []
    until(lambda: bool(told.append(rows) or True) if (rows := stream.changed()) else False)
    window.close()
    first, end = told[0]
    assert 0 <= first < end <= 800 and end - first < 800


def test_word_of_another_keyboard_is_no_change_and_breaks_nothing(server: str, stream: DamageStream) -> None:
    until(lambda: stream.changed() is None)
    environment = {**os.environ, "DISPLAY": server}
    subprocess.run(["xmodmap", "-e", "keycode 250 = F20"], env=environment, check=True)
    subprocess.run(["xmodmap", "-e", "keycode 250 = F21"], env=environment, check=True)
    assert stream.changed() is None
    window = CodeWindow(server)
    window.show(3)
    until(lambda: stream.changed() is not None)
    window.close()


def test_reading_what_is_told_gives_the_whole_screen(server: str, stream: DamageStream) -> None:
    """Sixty times something is drawn anywhere, while the rows are asked for and read."""
    window = CodeWindow(server)
    window.show(0)
    whole = stream.read()
    assert whole is not None
    kept = whole.pixels.copy()
    for number in range(1, 60):
        window.show(number)
        if rows := stream.changed():
            part = stream.read_rows(rows)
            assert part is not None
            kept[rows[0] : rows[1]] = part.pixels

    def caught_up() -> bool:
        if rows := stream.changed():
            part = stream.read_rows(rows)
            assert part is not None
            kept[rows[0] : rows[1]] = part.pixels
        last = stream.read()
        return last is not None and np.array_equal(last.pixels, kept)

    until(caught_up)
    window.close()
