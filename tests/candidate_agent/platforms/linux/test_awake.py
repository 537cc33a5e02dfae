"""The wish to stay awake goes to everything that answers, is seen to be in force, and ends with the process.

The bus is a real one; the services on it are doubles that keep books. The X server and its screen saver are real.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from Xlib.ext import screensaver

from candidate_agent.base.errors import PlatformError
from candidate_agent.platforms.linux.awake import X11Awake, awake_port
from candidate_agent.platforms.linux.connection import connected
from candidate_agent.platforms.ports import Unsupported
from tests.rig.desktop_bus import LOGIND, Services, message_bus
from tests.rig.xserver import XServer, wait_for

pytestmark = pytest.mark.real

SAVER, GNOME, POWER = "org.freedesktop.ScreenSaver", "org.gnome.SessionManager", "org.freedesktop.PowerManagement"
HOLD = """
import os, sys
from candidate_agent.platforms.linux.awake import X11Awake
close = X11Awake(sys.argv[1]).stay_awake()
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[str]:
    with message_bus(tmp_path) as address:
        yield address


def environment(bus: str) -> dict[str, str]:
    return {"DBUS_SESSION_BUS_ADDRESS": bus, "DBUS_SYSTEM_BUS_ADDRESS": bus}


def test_every_service_that_answers_is_asked_and_told_when_it_is_over(bus: str, server: XServer) -> None:
    with Services(bus, SAVER, GNOME, POWER, LOGIND) as services:
        port = awake_port(server.display, environment(bus))
        assert isinstance(port, X11Awake) and not port.awake()
        end = port.stay_awake()
        asked = {f"asked {name}" for name in (SAVER, GNOME, POWER, LOGIND)}
        wait_for(lambda: asked <= set(services.said), "the wish")
        assert port.awake()
        end()
        assert not port.awake()
        over = {f"gone {name}" for name in (SAVER, GNOME, POWER)}
        wait_for(lambda: over <= set(services.said), "the end of the wish")
        wait_for(lambda: any(word.startswith("closed sleep:idle") for word in services.said), "the closed file")


def test_the_wish_ends_with_a_process_that_is_killed(bus: str, server: XServer) -> None:
    with Services(bus, SAVER, LOGIND) as services:
        command = [sys.executable, "-c", HOLD, server.display]
        process = subprocess.Popen(
            command, env={**os.environ, **environment(bus)}, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert process.stdout and process.stdin
        assert process.stdout.readline() == b"held\n"
        process.kill()
        process.wait()
        process.stdout.close()
        process.stdin.close()
        wait_for(lambda: f"gone {SAVER}" in services.said, "the end of the wish")
        wait_for(lambda: any(word.startswith("closed sleep:idle") for word in services.said), "the closed file")


def test_a_service_that_was_started_anew_has_forgotten_and_that_is_seen(bus: str, server: XServer) -> None:
    port = X11Awake(server.display, environment(bus))
    with Services(bus, SAVER):
        end = port.stay_awake()
        assert port.awake()
    wait_for(lambda: not port.awake(), "the loss")
    end()


def test_where_no_service_answers_the_servers_screen_saver_pauses(server: XServer) -> None:
    port = awake_port(server.display, {"XDG_RUNTIME_DIR": "/nonexistent", "DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/none"})
    assert isinstance(port, X11Awake)
    server.run("xset", "s", "1", "1")
    end = port.stay_awake()
    with connected(server.display) as connection:
        root = connection.screen().root
        wait_for(lambda: root.screensaver_query_info().idle > 1500, "a while without a key")
        assert root.screensaver_query_info().state != screensaver.StateOn
        assert port.awake()
        end()
        assert not port.awake()
        wait_for(lambda: root.screensaver_query_info().state == screensaver.StateOn, "the screen saver", 5.0)
    server.run("xset", "s", "reset")
    server.run("xset", "s", "default")


def test_where_nothing_answers_it_is_said(bus: str) -> None:
    nothing = {"XDG_RUNTIME_DIR": "/nonexistent", "DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/none"}
    bare = XServer(window_manager="", without=("MIT-SCREEN-SAVER",)).start()
    try:
        assert isinstance(awake_port(bare.display, nothing), Unsupported)
        with pytest.raises(PlatformError, match="stay awake"):
            X11Awake(bare.display, nothing).stay_awake()
    finally:
        bare.stop()
