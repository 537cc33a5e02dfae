"""Notifications are held by the desktop's own means and given back exactly: dunst, Xfce's settings and GNOME's, real
programs on a real bus of their own. That GNOME Shell and xfce4-notifyd obey is not shown here."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from candidate_agent.platforms.linux.bus import Bus
from candidate_agent.platforms.linux.notifications import KEYS, Notifications
from tests.rig.desktop_bus import message_bus
from tests.rig.xserver import XServer, wait_for

pytestmark = pytest.mark.real

GNOME = KEYS["gnome"]


@pytest.fixture
def environment(tmp_path: Path, server: XServer) -> Iterator[dict[str, str]]:
    """A session of its own: bus, display, settings."""
    with message_bus(tmp_path) as address:
        yield {**server.environment(), "DBUS_SESSION_BUS_ADDRESS": address, "XDG_CONFIG_HOME": str(tmp_path),
               "GSETTINGS_BACKEND": "keyfile", "HOME": str(tmp_path), "XDG_CURRENT_DESKTOP": ""}  # fmt: skip


@pytest.fixture
def dunst(environment: dict[str, str]) -> Iterator[dict[str, str]]:
    process = subprocess.Popen(["dunst"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    bus = Bus(environment["DBUS_SESSION_BUS_ADDRESS"])
    wait_for(lambda: bool(bus.owner("org.freedesktop.Notifications")), "dunst")
    bus.close()
    yield environment
    process.terminate()
    process.wait(10)


def run(environment: dict[str, str], *command: str) -> str:
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=10, check=True).stdout


def held_and_back(setting: Notifications) -> None:
    old = setting.read()
    setting.write(setting.locked(old))
    assert setting.holds()
    now = setting.read()
    assert setting.locked(now) == now != old
    setting.write(old)
    assert setting.read() == old
    assert not setting.holds()


def test_dunst_is_paused_and_goes_on(dunst: dict[str, str]) -> None:
    setting = Notifications(dunst)
    assert setting.desktop() == "dunst"
    setting.write(setting.locked(setting.read()))
    assert run(dunst, "dunstctl", "is-paused").strip() == "true"
    run(dunst, "dunstctl", "set-paused", "false")
    assert not setting.holds()
    held_and_back(setting)
    assert run(dunst, "dunstctl", "is-paused").strip() == "false"


def test_a_dunst_that_has_ended_has_nothing_left_to_put_back(environment: dict[str, str]) -> None:
    setting, old = Notifications(environment), {"desktop": "dunst", "value": False}
    setting._desktop = "dunst"
    assert setting.read() == old


@pytest.mark.skipif(not shutil.which("gsettings"), reason="no gsettings here")
def test_gnomes_banners_are_off_and_come_back(environment: dict[str, str]) -> None:
    environment["XDG_CURRENT_DESKTOP"] = "ubuntu:GNOME"
    setting = Notifications(environment)
    assert setting.desktop() == "gnome"
    held_and_back(setting)
    setting.write(setting.locked(setting.read()))
    assert run(environment, "gsettings", "get", GNOME.schema, GNOME.key).strip() == "false"
    assert setting.holds()
    run(environment, "gsettings", "set", GNOME.schema, GNOME.key, "true")
    assert not setting.holds()
    setting.write(setting.default())
    assert setting.read()["value"] == "true"


def test_xfces_do_not_disturb_is_set_and_unset_again(environment: dict[str, str]) -> None:
    environment["XDG_CURRENT_DESKTOP"] = "XFCE"
    setting = Notifications(environment)
    assert setting.desktop() == "xfce"
    assert setting.read()["value"] is None
    held_and_back(setting)
    setting.write(setting.locked(setting.read()))
    query = run(environment, "xfconf-query", "-c", "xfce4-notifyd", "-p", "/do-not-disturb")
    assert query.strip() == "true"


def test_where_no_known_desktop_answers_there_is_none(tmp_path: Path) -> None:
    setting = Notifications({"XDG_RUNTIME_DIR": str(tmp_path), "PATH": os.environ["PATH"]})
    assert setting.desktop() == ""
    old = setting.read()
    assert setting.locked(old) == old == {"desktop": "", "value": None}
