"""The key watch of pynput, on a real X server in a process of its own: names of combinations, and never a character."""

import subprocess
import sys
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from candidate_agent.platforms.portable.keys import x_name
from tests.rig.xserver import XServer

WATCH = """
import sys
from candidate_agent.platforms.portable.keys import PynputKeys
close = PynputKeys().watch(lambda event: print(event.name, flush=True))
print("ready", flush=True)
sys.stdin.read()
close()
print("closed", flush=True)
"""


@pytest.fixture
def server() -> Iterator[XServer]:
    with XServer() as server:
        yield server


@pytest.mark.real
def test_combinations_are_told_by_name_and_typing_is_not(server: XServer) -> None:
    watcher = subprocess.Popen(
        [sys.executable, "-c", WATCH],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=server.environment(),
    )
    assert watcher.stdin and watcher.stdout
    try:
        assert watcher.stdout.readline() == "ready\n"
        server.run("xdotool", "type", "my secret answer 42")
        for keys in ("alt+Tab", "ctrl+c", "Print", "super+d", "ctrl+alt+t"):
            server.run("xdotool", "key", keys)
        told = [watcher.stdout.readline().strip() for _ in range(6)]
        assert told == ["Alt+Tab", "Ctrl+C", "Print", "Super", "Super+D", "Ctrl+Alt+T"]
        watcher.stdin.close()
        assert watcher.stdout.read() == "closed\n"
        assert watcher.wait(10) == 0
    finally:
        watcher.kill()
        watcher.wait()
        watcher.stdout.close()


@pytest.mark.parametrize(
    ("key", "name"),
    [
        (SimpleNamespace(name="tab"), "Tab"),
        (SimpleNamespace(name="media_next"), ""),
        (SimpleNamespace(name=None, char="C", vk=None), "c"),
        (SimpleNamespace(name=None, char="\x03", vk=0x43), "c"),  # Windows, Ctrl held
        (SimpleNamespace(name=None, char="é", vk=None), ""),
        (SimpleNamespace(name=None, char="ß", vk=None), ""),
    ],
)
def test_only_keys_of_the_table_have_a_name(key: SimpleNamespace, name: str) -> None:
    assert x_name(key) == name
