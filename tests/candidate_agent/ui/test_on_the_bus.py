"""The real window as a screen reader on Linux sees it: over the accessibility bus, from another process."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from jeepney import DBusAddress, MatchRule, Properties, new_method_call
from jeepney import message_bus as message_bus_daemon
from jeepney.io.blocking import DBusConnection, open_dbus_connection

from tests.candidate_agent.ui import stage
from tests.rig.desktop_bus import message_bus

ROOT = Path(__file__).parents[3]
LAUNCHERS = [Path(at) / "at-spi-bus-launcher" for at in ("/usr/libexec", "/usr/lib/at-spi2-core")]
PATIENCE_S = 30.0
ANNOUNCED = MatchRule(type="signal", interface="org.a11y.atspi.Event.Object", member="Announcement")
pytestmark = [pytest.mark.real, pytest.mark.slow]


@dataclass(frozen=True, slots=True)
class Part:
    role: str
    name: str
    description: str


class Reader:
    """Reads the tree of everything that is on the accessibility bus."""

    def __init__(self, session_bus: str) -> None:
        session = open_dbus_connection(bus=session_bus)
        launcher = DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus")
        address = session.send_and_get_reply(new_method_call(launcher, "GetAddress"), timeout=PATIENCE_S).body[0]
        session.close()
        self._bus: DBusConnection = open_dbus_connection(bus=address)

    def close(self) -> None:
        self._bus.close()

    def listen(self) -> None:
        """Qt says aloud only what somebody has asked for."""
        registry = DBusAddress("/org/a11y/atspi/registry", "org.a11y.atspi.Registry", "org.a11y.atspi.Registry")
        asked = new_method_call(registry, "RegisterEvent", "sass", ("object:announcement", [], ""))
        self._bus.send_and_get_reply(asked, timeout=PATIENCE_S)
        self._bus.send_and_get_reply(message_bus_daemon.AddMatch(ANNOUNCED), timeout=PATIENCE_S)

    def hears(self, words: str) -> str:
        """The announcement that has those words in it."""
        with self._bus.filter(ANNOUNCED, bufsize=100) as queue:
            while True:
                said = self._bus.recv_until_filtered(queue, timeout=PATIENCE_S).body
                if words in str(said):
                    return str(said)

    def parts(self) -> list[Part]:
        return self._below("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")

    def _below(self, owner: str, path: str) -> list[Part]:
        at = DBusAddress(path, owner, "org.a11y.atspi.Accessible")
        role = self._answer(new_method_call(at, "GetRoleName"))
        name, description = (str(self._answer(Properties(at).get(each))[1]) for each in ("Name", "Description"))
        children = self._answer(new_method_call(at, "GetChildren"))
        return [Part(str(role), name, description), *(part for child in children for part in self._below(*child))]

    def _answer(self, question: object) -> object:
        return self._bus.send_and_get_reply(question, timeout=PATIENCE_S).body[0]  # type: ignore[arg-type]


@dataclass(slots=True)
class Window:
    process: "subprocess.Popen[str]"
    reader: Reader

    def says(self, state: str, words: str) -> str:
        """What is announced when `state` is shown."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(state + "\n")
        self.process.stdin.flush()
        heard = self.reader.hears(words)
        assert self.process.stdout.readline().strip() == state
        return heard

    def shows(self, state: str, holds: Callable[[list[Part]], bool]) -> list[Part]:
        """The parts of the window once `state` is shown and `holds` of them."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(state + "\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline().strip() == state
        seen: list[Part] = []

        def there() -> bool:
            seen[:] = self.reader.parts()
            return holds(seen)

        stage.until(there, f"{state} on the bus", PATIENCE_S)
        return seen


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    home = tmp_path_factory.mktemp("home")
    with stage.screen(1280, 800) as display, message_bus(home) as bus, _launcher(bus, display, home):
        environment = {
            **os.environ, **stage.SWITCHES, "DISPLAY": display, "HOME": str(home), "PYTHONPATH": str(ROOT),
            "DBUS_SESSION_BUS_ADDRESS": bus, "XDG_RUNTIME_DIR": str(home), "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        }  # fmt: skip
        reader = Reader(bus)
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.candidate_agent.ui.play_on_the_bus"],
            cwd=ROOT, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            yield Window(process, reader)
        finally:
            reader.close()
            process.communicate(timeout=60)


@contextmanager
def _launcher(bus: str, display: str, home: Path) -> Iterator[None]:
    found = next((each for each in LAUNCHERS if each.exists()), None)
    if found is None:
        pytest.skip("at-spi2-core is not installed")
    environment = {
        **os.environ, "DBUS_SESSION_BUS_ADDRESS": bus, "DISPLAY": display, "XDG_RUNTIME_DIR": str(home),
    }  # fmt: skip
    process = subprocess.Popen([found, "--launch-immediately"], env=environment, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)


def names(parts: list[Part], role: str) -> list[str]:
    return [part.name for part in parts if part.role == role]


def test_check_in_is_on_the_bus_with_its_heading_and_named_buttons(window: Window) -> None:
    parts = window.shows("checks-stop", lambda seen: "Check again: Displays" in names(seen, "push button"))
    assert "1 thing needs your help first" in names(parts, "heading")
    assert "What your camera sees now" in names(parts, "graphic")
    assert all(names(parts, "push button")) and all(names(parts, "link"))


def test_so_is_the_strip_and_a_warning_with_its_words(window: Window) -> None:
    parts = window.shows("exam-warning", lambda seen: "I have read this" in names(seen, "push button"))
    asked = [part for part in parts if part.role == "alert message" and part.name == "Warning from the proctor"]
    assert asked and all("Please do not look away" in part.description for part in asked)  # Qt lists a view twice
    assert {"Raise hand", "Messages", "Hand in", "Leave"} <= set(names(parts, "push button"))
    assert "Exam bar" in names(parts, "section")


def test_what_comes_by_itself_is_announced(window: Window) -> None:
    window.reader.listen()
    assert "nothing is lost" in window.says("exam-offline", "Your line is gone")
    assert "I have read this" in window.says("exam-final", "Last warning from the proctor")


def test_and_the_emergency_exit(window: Window) -> None:
    parts = window.shows("way-out", lambda seen: "Leave now" in names(seen, "push button"))
    (dialog,) = [part for part in parts if part.role == "dialog"]
    assert dialog.name == "Leave the exam?" and dialog.description.startswith("The exam closes")
    assert "Stay in the exam" in names(parts, "push button")
