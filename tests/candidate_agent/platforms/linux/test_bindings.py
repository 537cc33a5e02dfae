"""While the exam holds the keyboard, none of the table's combinations fires what the window manager binds to it.

openbox gets a program for each of them; xfwm4 keeps its own bindings. The grab is the one that the toolkit makes (core
protocol, asynchronous): here by a small client, in `tests/candidate_agent/ui` by the exam's own window.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import pytest
from Xlib import X
from Xlib import display as xdisplay

from candidate_agent.platforms.linux.keys import X11Keys
from candidate_agent.platforms.linux.settings import VirtualTerminalKeys
from candidate_agent.platforms.portable import combinations as table
from candidate_agent.platforms.ports import CombinationPressed, KeyEvent
from tests.candidate_agent.platforms.collected import Collected
from tests.rig.xserver import XServer, wait_for, window

pytestmark = pytest.mark.real

OPENBOX = {"ctrl": "C", "alt": "A", "shift": "S", "super": "W"}
ELSEWHERE = {"Sys_Req", "Find", "Undo", "Help", "plus"}  # no key of this keyboard has them without Shift


def bound() -> list[tuple[tuple[str, ...], str]]:
    """Each combination of the table that a plain keyboard can send: modifiers and key."""
    rows: list[tuple[tuple[str, ...], str]] = []
    for held, keys in (
        ((), table.ALONE), (("shift",), table.WITH_SHIFT), (("alt",), table.WITH_ALT), (("ctrl",), table.WITH_CTRL),
        (("ctrl", "shift"), table.WITH_CTRL_SHIFT), (("super",), table.WITH_SUPER),
        (("ctrl", "alt"), table.WITH_CTRL_ALT), (("alt", "shift"), {"Tab": ""}), (("shift",), {"Print": ""}),
    ):  # fmt: skip
        rows += [(held, key) for key in keys if not key.startswith("XF86") and key not in ELSEWHERE]
    return [row for row in rows if row[1] not in ("Super_L", "Super_R")]  # openbox cannot bind them alone


@pytest.fixture
def bound_server(tmp_path: Path) -> Iterator[XServer]:
    """openbox, with a program that leaves a mark behind each combination."""
    binds = "".join(
        f"<keybind key={quoteattr('-'.join([*(OPENBOX[one] for one in held), key]))}><action name='Execute'>"
        f"<command>touch {tmp_path}/fired-{'-'.join([*held, key])}</command></action></keybind>"
        for held, key in bound()
    )
    (tmp_path / "openbox").mkdir()
    (tmp_path / "openbox" / "rc.xml").write_text(
        '<?xml version="1.0"?><openbox_config xmlns="http://openbox.org/3.4/rc">'
        f"<keyboard>{binds}</keyboard></openbox_config>"
    )
    with XServer(config_dir=tmp_path) as running:
        yield running


def press(server: XServer, held: tuple[str, ...], key: str) -> None:
    server.run("xdotool", "key", "--delay", "0", "+".join([*held, key]))


def holding(server: XServer, ours: int) -> Any:
    connection = xdisplay.Display(server.display)
    target = connection.create_resource_object("window", ours)
    assert target.grab_keyboard(False, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime) == X.GrabSuccess
    return connection


def test_openbox_fires_none_of_them_while_the_keyboard_is_held(bound_server: XServer, tmp_path: Path) -> None:
    def fired() -> set[str]:
        return {path.name for path in tmp_path.glob("fired-*")}

    with window(bound_server, title="ours") as ours:
        wait_for(lambda: bool(press(bound_server, ("super",), "e") or fired()), "a binding that works without a grab")
        wait_for(lambda: not X11Keys(bound_server.display).held(), "openbox to let go of its own grab")
        (tmp_path / "fired-super-e").unlink()
        keys = VirtualTerminalKeys(bound_server.display)
        keys.write(keys.locked(keys.read()))
        seen = Collected[KeyEvent]()
        close = X11Keys(bound_server.display).watch(seen)
        connection = holding(bound_server, ours)
        for held, key in bound():
            press(bound_server, held, key)
        wanted = {table_name(held, key) for held, key in bound()} - {""}  # the way out has no name, see `way_out`
        seen.wait(lambda event: isinstance(event, CombinationPressed) and event.name == "Shift+Print")
        connection.close()
        close()
        names = {event.name for event in seen.events if isinstance(event, CombinationPressed)}
        assert wanted - names == set()
        press(bound_server, ("super",), "e")  # fires after all others would have
        wait_for(lambda: "fired-super-e" in fired(), "the binding after the exam")
        assert fired() == {"fired-super-e"}


def table_name(held: tuple[str, ...], key: str) -> str:
    down = {name: name.rstrip("_") in held for name in ("ctrl", "alt", "super_", "shift")}
    return table.combination(key, **down)


def test_xfwm4_neither_switches_nor_closes_nor_minimizes(tmp_path: Path) -> None:
    with XServer(window_manager="xfwm4") as server, window(server, title="other"), window(server, title="ours") as ours:
        wait_for(lambda: active(server) == ours, "our window in front")
        connection = holding(server, ours)
        for keys in ("alt+Tab", "alt+F4", "alt+F7", "alt+F9", "alt+F10", "ctrl+alt+d", "alt+space", "ctrl+alt+Right",
                     "super+Tab", "alt+shift+Tab", "alt+Insert", "ctrl+F2"):  # fmt: skip
            server.run("xdotool", "key", keys)
            assert active(server) == ours, keys
        assert "* DG" in server.run("wmctrl", "-d").splitlines()[0]
        connection.close()
        server.run("xdotool", "key", "alt+F9")
        wait_for(lambda: active(server) != ours, "the binding after the exam")


def active(server: XServer) -> int:
    return int(server.run("xprop", "-root", "_NET_ACTIVE_WINDOW").split("#")[1].split(",")[0], 16)
