"""Two real windows for the tests of this folder that need one, each played once, on a screen of its own, in a process
of its own.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.candidate_agent.ui import browse, certificate, stage

ROOT = Path(__file__).parents[3]


def _play(
    module: str, home: Path, flags: str = "", more: dict[str, str] | None = None, timeout_s: float = 220
) -> dict[str, Any]:
    """What the module saw, by scene; `files` is what the program left in its home, `log` what it said."""
    (home / "tmp").mkdir(parents=True)
    with stage.screen(1280, 800) as display, (home / "../window.log").open("w") as log:
        environment = {**os.environ, **stage.SWITCHES, "DISPLAY": display, "HOME": str(home), "PYTHONPATH": str(ROOT)}
        environment |= {"TMPDIR": str(home / "tmp"), **(more or {})}
        environment["QTWEBENGINE_CHROMIUM_FLAGS"] += flags
        environment.pop("XDG_CACHE_HOME", None)
        done = subprocess.run(
            [sys.executable, "-m", f"tests.candidate_agent.ui.{module}"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            timeout=timeout_s,
        )
    text = (home / "../window.log").read_text(errors="replace")
    assert done.returncode == 0, text[-3000:]
    results: dict[str, Any] = json.loads(done.stdout)
    results["log"] = text
    results["files"] = {str(path.relative_to(home)): path.read_bytes() for path in home.rglob("*") if path.is_file()}
    return results


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return _play("play", tmp_path_factory.mktemp("play") / "home")


@pytest.fixture(scope="session")
def browsed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """With a camera and a microphone that the engine makes up, so that there is something to refuse."""
    keys = {name: tmp_path_factory.mktemp(name) for name in browse.TLS}
    trusted, _foreign = (certificate.make(directory) for directory in keys.values())
    flags = f" --use-fake-device-for-media-stream --ignore-certificate-errors-spki-list={trusted}"
    more = {name: str(directory) for name, directory in keys.items()}
    return _play("browse", tmp_path_factory.mktemp("browse") / "home", flags, more, 220)


@pytest.fixture(scope="session")
def fields_played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return _play("play_fields", tmp_path_factory.mktemp("fields") / "home")


@pytest.fixture
def seen(played: dict[str, Any], request: pytest.FixtureRequest) -> Any:
    """The result of the scene that the test names with `@scene(...)` of `test_windows`."""
    result = played[request.param]
    assert not (isinstance(result, dict) and "error" in result), result["error"]
    return result


@pytest.fixture
def found(browsed: dict[str, Any], request: pytest.FixtureRequest) -> Any:
    """The same for a scene of `browse.py`."""
    result = browsed[request.param]
    assert not (isinstance(result, dict) and "error" in result), result["error"]
    return result
