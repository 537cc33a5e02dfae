"""The macOS backend as far as another system can tell: nothing is left out, and nothing is promised without a limit."""

import ast
import inspect
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from candidate_agent.base.clock import SystemClock
from candidate_agent.platforms import ports
from candidate_agent.platforms.macos import assessment, backend, door
from candidate_agent.platforms.portable.screen import MssScreen
from candidate_agent.platforms.ports import CONCERNS, Devices, Platform, Unsupported

NO = Unsupported("no device")
SOURCES = sorted(Path(backend.__file__).parent.glob("*.py"))


@pytest.fixture(autouse=True)
def entitled(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a program that Apple gave the entitlement to."""
    monkeypatch.setattr(assessment, "entitled", lambda: True)


def platform() -> Platform:
    return backend.platform(Devices(NO, NO, NO), restore_arguments=("--home", "/somewhere else"))


def protocol_of(concern: str) -> type:
    hint = get_type_hints(Platform)[concern]
    offered: tuple[type, ...] = get_args(hint) or (hint,)
    return next(kind for kind in offered if kind is not Unsupported)


@pytest.mark.parametrize("concern", [*CONCERNS, "system"])
def test_each_port_has_what_its_protocol_asks_for(concern: str) -> None:
    port = getattr(platform(), concern)
    if concern in ("screen", "cameras", "microphones"):
        assert port is NO  # handed through
        return
    protocol = protocol_of(concern)
    asked = {name: member for name, member in vars(protocol).items() if inspect.isfunction(member) and name[0] != "_"}
    assert asked, protocol
    for name, member in asked.items():
        offered = getattr(type(port), name)
        assert list(inspect.signature(offered).parameters) == list(inspect.signature(member).parameters), name


def test_each_setting_has_what_its_protocol_asks_for() -> None:
    (setting,) = platform().settings
    assert setting.name == ports.RESTORE_AT_LOGIN
    assert all(callable(getattr(setting, name)) for name in ("read", "write", "locked", "default"))
    text = setting.locked(None)["text"]
    assert "<string>--home</string>" in text and "<string>/somewhere else</string>" in text


def test_every_concern_that_is_served_has_a_limit_that_says_it_was_never_tried() -> None:
    told = platform().capabilities()
    served = {concern for concern, answer in told.items() if answer == "yes"} | {"screen", "cameras", "microphones"}
    assert served == set(backend.LIMITS)
    assert all(limit.startswith("yes; ") and limit.endswith(backend.NOT_RUN) for limit in backend.LIMITS.values())


def test_where_cocoa_is_missing_every_concern_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backend, "missing", lambda: "A library for this system is missing: Quartz.")
    told = platform().capabilities()
    assert all("Quartz" in told[name] for name in ("displays", "windows", "keys", "clipboard", "awake", "hotplug"))
    assert told["processes"] == told["setting: restore at login"] == "yes"


def test_a_mac_without_the_libraries_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert door.missing() == ""
    monkeypatch.setattr("sys.platform", "darwin")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "Quartz" else object())
    assert door.missing() == "A library for this system is missing: Quartz."


def test_a_screen_that_may_not_be_recorded_is_not_recorded_as_an_empty_one(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    screen = MssScreen(SystemClock())
    devices = Devices(screen, NO, NO)
    monkeypatch.setattr("sys.platform", "darwin")
    monkeypatch.setattr(backend, "missing", lambda: "")
    monkeypatch.setattr(backend, "request", asked.append)
    monkeypatch.setattr(backend, "may_record_screen", lambda: False)
    assert backend.screen(devices) == Unsupported(backend.WITHOUT_SCREEN)
    assert asked == ["screen recording"]
    monkeypatch.setattr(backend, "may_record_screen", lambda: True)
    assert backend.screen(devices) is screen
    assert len(asked) == 1


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_nothing_of_cocoa_is_imported_before_it_is_used(source: Path) -> None:
    """So that the keeper, the table and every other system can read the backend."""
    of_mac = {"objc", "AppKit", "Foundation", "Quartz", "HIServices", "Security", "CoreAudio", "AVFoundation",
              "AutomaticAssessmentConfiguration", "PyObjCTools"}  # fmt: skip
    for node in ast.parse(source.read_text("utf-8")).body:
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        assert not of_mac & {name.split(".")[0] for name in names}
