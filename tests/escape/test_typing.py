"""Typing under lockdown arrives whole and in order, with dead keys and in a second layout. `bench/typing.py` types
10,000 characters and times them.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from Xlib import X
from Xlib.ext import xtest

from tests.escape.room import Room, rooms
from tests.rig.xserver import wait_for

pytestmark = [pytest.mark.real, pytest.mark.slow]

TEXT = "The determinant is the product of all eigenvalues; if one were zero, det(A) = 0 & A could not be inverted. "
KEY_APOSTROPHE, KEY_E, KEY_Y, KEY_MENU = 48, 26, 29, 135  # by place on the keyboard, whatever stands on them


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with rooms(tmp_path) as room_of:
        found = room_of("openbox")
        found.screen.run("setxkbmap", "-layout", "us,de", "-variant", "intl,", "-option", "grp:menu_toggle")
        found.begin_exam({"LC_ALL": "en_US.UTF-8"})
        found.focus_answer()
        yield found


def _press(connection: Any, *keys: int) -> None:
    for key in keys:
        for kind in (X.KeyPress, X.KeyRelease):
            xtest.fake_input(connection, kind, key)
    connection.sync()


def _arrives(room: Room, text: str) -> None:
    def came() -> bool:
        return room.answer() == text

    try:
        wait_for(came, "the text")
    except AssertionError:
        assert room.answer() == text  # both are shown


def test_three_hundred_characters_dead_keys_and_a_second_layout_arrive_in_order(room: Room) -> None:
    text = (TEXT * 3)[:300].replace("'", "")
    room.type(text, delay_ms=12)
    _arrives(room, text)
    _press(room.x, KEY_APOSTROPHE, KEY_E, KEY_Y)
    _press(room.x, KEY_MENU)
    _press(room.x, KEY_Y)
    _press(room.x, KEY_MENU)
    _press(room.x, KEY_Y)
    _arrives(room, text + "éyzy")
    assert room.calm() == ""
