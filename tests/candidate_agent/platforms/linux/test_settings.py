"""The keyboard map comes back exactly, also one that was changed by hand; what the exam takes out of it is gone."""

from contextlib import nullcontext
from types import SimpleNamespace

import pytest

from candidate_agent.platforms.linux import settings
from candidate_agent.platforms.linux.keys import X11Keys
from candidate_agent.platforms.linux.settings import (
    MonitorPower,
    ScreenSaver,
    VirtualTerminalKeys,
    has_monitor_power,
    without_switch_keys,
)
from candidate_agent.platforms.ports import CombinationPressed
from tests.candidate_agent.platforms.collected import Collected
from tests.rig.xserver import XServer

pytestmark = pytest.mark.real


def keymap(server: XServer) -> str:
    return server.run("xkbcomp", "-w0", server.display, "-")


def test_options_and_layouts_of_the_candidate_come_back_exactly(server: XServer) -> None:
    server.run("setxkbmap", "-layout", "us,de", "-option", "", "-option", "ctrl:nocaps", "-option", "compose:ralt")
    before, rules = keymap(server), server.run("setxkbmap", "-query")
    setting = VirtualTerminalKeys(server.display)
    old = setting.read()
    setting.write(setting.locked(old))
    assert keymap(server) != before
    setting.write(old)
    assert keymap(server) == before
    assert server.run("setxkbmap", "-query") == rules
    server.run("setxkbmap", "-layout", "us", "-option", "")


def test_a_key_changed_by_hand_stays_changed_during_and_after_the_exam(server: XServer) -> None:
    server.run("xmodmap", "-e", "keycode 66 = Escape")
    before = server.run("xmodmap", "-pke")
    setting = VirtualTerminalKeys(server.display)
    old = setting.read()
    setting.write(setting.locked(old))
    assert "keycode  66 = Escape" in server.run("xmodmap", "-pke")
    setting.write(old)
    assert server.run("xmodmap", "-pke") == before
    assert setting.read() == old
    server.run("setxkbmap", "-layout", "us", "-option", "")


def test_no_key_switches_the_terminal_while_it_is_locked_and_the_attempt_is_seen(server: XServer) -> None:
    setting = VirtualTerminalKeys(server.display)
    old = setting.read()
    setting.write(setting.locked(old))
    symbols = keymap(server).split("xkb_symbols")[1]
    assert "XF86Switch_VT" not in symbols and "Terminate_Server" not in symbols
    assert setting.holds()
    seen: Collected[CombinationPressed] = Collected()
    close = X11Keys(server.display).watch(seen)
    server.run("xdotool", "key", "ctrl+alt+F2")
    seen.wait(lambda event: event.name == "Ctrl+Alt+F2")
    close()
    setting.write(old)
    assert not setting.holds()


@pytest.mark.parametrize("keys", ["keycode 200 = XF86Switch_VT_3", "keycode 200 = NoSymbol a a a XF86Switch_VT_12",
                                  "keycode 200 = a Terminate_Server"])  # fmt: skip
def test_one_key_that_leaves_is_enough_to_no_longer_hold(server: XServer, keys: str) -> None:
    setting = VirtualTerminalKeys(server.display)
    old = setting.read()
    setting.write(setting.locked(old))
    assert setting.holds()
    server.run("xmodmap", "-e", keys)
    assert not setting.holds()
    setting.write(old)


def test_the_default_takes_out_only_what_the_exam_put_in(server: XServer) -> None:
    server.run("setxkbmap", "-option", "", "-option", "ctrl:nocaps", "-option", "srvrkeys:none")
    setting = VirtualTerminalKeys(server.display)
    setting.write(setting.default())
    query = server.run("setxkbmap", "-query")
    assert "srvrkeys" not in query and "ctrl:nocaps" in query
    server.run("setxkbmap", "-option", "")


def test_the_screen_saver_stays_off_during_the_exam(server: XServer) -> None:
    server.run("xset", "s", "300", "120")
    before = server.run("xset", "q")
    setting = ScreenSaver(server.display)
    old = setting.read()
    setting.write(setting.locked(old))
    assert "timeout:  0" in server.run("xset", "q")
    setting.write(old)
    assert server.run("xset", "q") == before
    setting.write(setting.default())
    assert setting.read()[0] > 0


class PoweredServer:
    """Answers as a server with DPMS does; neither of the servers of these tests has it."""

    def __init__(self) -> None:
        self.on = True
        self.seconds = (100, 200, 300)

    def dpms_get_timeouts(self) -> SimpleNamespace:
        return SimpleNamespace(
            standby_timeout=self.seconds[0], suspend_timeout=self.seconds[1], off_timeout=self.seconds[2]
        )

    def dpms_info(self) -> SimpleNamespace:
        return SimpleNamespace(state=int(self.on))

    def dpms_set_timeouts(self, *seconds: int) -> None:
        self.seconds = (seconds[0], seconds[1], seconds[2])

    def dpms_enable(self) -> None:
        self.on = True

    def dpms_disable(self) -> None:
        self.on = False

    def sync(self) -> None:
        return


def test_monitor_power_is_off_during_the_exam_and_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    powered = PoweredServer()
    asking = SimpleNamespace(connection=lambda: nullcontext(powered))
    monkeypatch.setattr(settings, "Asking", lambda name: asking)
    setting = MonitorPower()
    old = setting.read()
    setting.write(setting.locked(old))
    assert not powered.on and powered.seconds == (100, 200, 300)
    setting.write(old)
    assert powered.on and setting.read() == old


def test_a_server_without_monitor_power_is_recognised(server: XServer) -> None:
    assert not has_monitor_power(server.display)


def test_symbols_are_taken_out_of_keys_only() -> None:
    interpret = (
        "    interpret XF86Switch_VT_1+AnyOfOrNone(all) {\n        action= SwitchScreen(screen=1,!same);\n    };\n"
    )
    key = "    key <FK01> {\n        symbols[Group1]= [ F1, XF86Switch_VT_1 ]\n    };\n"
    assert without_switch_keys(interpret + key) == interpret + key.replace("XF86Switch_VT_1", "NoSymbol")
