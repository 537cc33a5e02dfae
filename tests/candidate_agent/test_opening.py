"""The way to the first words: what is loaded before them, and what a window does that closes while the rest comes."""

import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from candidate_agent import opening
from candidate_agent.base.errors import AgentError, PlatformError
from candidate_agent.base.logs import Log
from candidate_agent.config import Config, Launch
from candidate_agent.opening import Opening
from candidate_agent.session.states import Kept
from exam_protocol.policy import Policy

PACKAGE = SimpleNamespace(title="Chemistry", policy=Policy())
JOIN = SimpleNamespace(package=PACKAGE, file=SimpleNamespace(kept=Kept(language="de")))


class Window:
    """`ready`: called by the test in place of the page that has its first words."""

    made: "Window"

    def __init__(self, **given: Any) -> None:
        self.given, self.ready, self.closed = given, threading.Event(), threading.Event()
        Window.made = self

    def run(self, on_ready: Any) -> None:
        self.ready.set()
        on_ready()
        assert self.closed.wait(20)

    def close(self) -> None:
        self.closed.set()


class App:
    def __init__(self) -> None:
        self.did: list[str] = []

    def build(self) -> None:
        self.did.append("built")

    def run(self) -> None:
        self.did.append("ran")

    def window_gone(self) -> None:
        self.did.append("window gone")

    def status(self) -> int:
        return 7


@pytest.fixture
def begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(opening, "Windows", Window)
    monkeypatch.setattr(opening, "prepare", lambda *_: JOIN)
    monkeypatch.setattr(Opening, "_refuse_unsuitable", lambda _: None)
    monkeypatch.setattr(opening.select, "settings", lambda _: ())
    config = Config(tmp_path, demo=True)
    return lambda load: Opening(config, Launch("root", "code"), Log(sys.stderr), load)


def refusal(monkeypatch: pytest.MonkeyPatch, session_type: str, administrator: bool = False, demo: bool = False) -> str:
    facts = SimpleNamespace(administrator=administrator, session_type=session_type)
    monkeypatch.setattr(opening.select, "system", lambda: SimpleNamespace(facts=lambda: facts))
    begun = Opening(
        Config(Path(), demo=demo), Launch("root", "code"), Log(sys.stderr), lambda *_: pytest.fail("loaded")
    )
    try:
        begun._refuse_unsuitable()
    except AgentError as error:
        return error.code
    return ""


@pytest.mark.parametrize(("kind", "code"), [("x11", ""), ("wayland", "wayland"), ("none", "window_missing")])
def test_a_desktop_that_cannot_hold_an_exam_is_told_and_not_crashed_into(
    monkeypatch: pytest.MonkeyPatch, kind: str, code: str
) -> None:
    assert refusal(monkeypatch, kind) == code


def test_only_a_demonstration_runs_as_administrator(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(monkeypatch, "x11", administrator=True) == "administrator"
    assert refusal(monkeypatch, "x11", administrator=True, demo=True) == ""


def test_the_rest_is_built_behind_the_window_and_its_status_is_the_programs(begin: Any) -> None:
    app = App()
    assert begin(lambda *_: app).run() == 7
    assert app.did == ["built", "ran", "window gone"]
    assert Window.made.given["title"] == "Chemistry" and Window.made.given["language"] == "de"


def test_a_window_closed_before_the_rest_is_there_closes_and_nothing_is_begun(begin: Any) -> None:
    app = App()

    def load(*_: Any) -> App:
        Window.made.given["on_closed"]()
        return app

    begin(load).run()
    assert "ran" not in app.did


def test_what_goes_wrong_while_the_rest_is_loaded_is_told_as_what_goes_wrong_before(begin: Any) -> None:
    def load(*_: Any) -> App:
        raise PlatformError("unsupported", "This program does not run here.")

    with pytest.raises(PlatformError, match="does not run here"):
        begin(load).run()


def test_no_library_for_pictures_sound_or_recording_is_loaded_before_the_first_words() -> None:
    late = (
        "numpy",
        "cv2",
        "av",
        "sounddevice",
        "candidate_agent.capture",
        "candidate_agent.monitor",
        "candidate_agent.app",
    )
    script = f"import sys, candidate_agent.opening; print([name for name in {late} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert found.stdout.strip() == "[]"
