"""Whatever is killed on Windows, the computer comes back: settings, clipboard, restore at login. Nothing runs on."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from candidate_agent.lockdown.restore import restore
from candidate_agent.platforms.ports import ClipboardContent, ClipboardPiece
from candidate_agent.platforms.windows import backend, images, registry
from candidate_agent.platforms.windows.autostart import RUN_PATH, VALUE_NAME
from candidate_agent.platforms.windows.clipboard import WindowsClipboard
from tests.rig.xserver import wait_for

BEFORE = (ClipboardPiece("CLIPBOARD", "CF_UNICODETEXT", "notes of before: äöü €".encode("utf-16-le") + b"\0\0"),)
WITHIN_S = 5.0


@dataclass(frozen=True, slots=True)
class Computer:
    """What the exam changes, to be compared."""

    settings: dict[str, Any]
    clipboard: ClipboardContent


def computer() -> Computer:
    return Computer({setting.name: setting.read() for setting in backend.settings()}, WindowsClipboard().read())


@dataclass(frozen=True, slots=True)
class Running:
    process: "subprocess.Popen[str]"
    keeper: int
    child: int


@contextmanager
def locked(undo_log_path: Path) -> Iterator[Running]:
    command = [sys.executable, "-m", "tests.candidate_agent.platforms.windows.agent", str(undo_log_path)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin and process.stdout
    keeper, child = process.stdout.readline().split()
    try:
        yield Running(process, int(keeper), int(child))
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def is_running(pid: int) -> bool:
    return pid in images.running()


def kill(pid: int) -> None:
    subprocess.run([sys.executable, "-c", f"import os; os.kill({pid}, 9)"], check=True)


@pytest.fixture
def before() -> Computer:
    WindowsClipboard().put_back(BEFORE)
    return computer()


def test_a_killed_agent_leaves_nothing_behind(tmp_path: Path, before: Computer) -> None:
    path = tmp_path / "undo.log"
    with locked(path) as agent:
        held = computer()
        assert held.clipboard == () and all(held.settings[name] != before.settings[name] for name in held.settings)
        assert registry.read(registry.USER, RUN_PATH, VALUE_NAME) is not None
        agent.process.kill()
        wait_for(lambda: computer() == before, "the computer of before", WITHIN_S)
        wait_for(lambda: not is_running(agent.keeper) and not is_running(agent.child), "the end of both", WITHIN_S)
    assert registry.read(registry.USER, RUN_PATH, VALUE_NAME) is None
    assert not path.exists()


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", range(len(backend.settings())))
def test_an_agent_killed_at_any_change_leaves_nothing_behind(
    tmp_path: Path, before: Computer, number: int, when: str
) -> None:
    path = tmp_path / "undo.log"
    command = [sys.executable, "-m", "tests.candidate_agent.platforms.windows.agent", str(path), when, str(number)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=30, check=False)
    assert done.returncode == signal.SIGTERM
    wait_for(lambda: not path.exists(), "the end of the keeper's work", WITHIN_S)
    assert computer() == before


def test_when_the_keeper_is_killed_too_the_next_login_restores(tmp_path: Path, before: Computer) -> None:
    path = tmp_path / "undo.log"
    with locked(path) as agent:
        kill(agent.keeper)
        wait_for(lambda: not is_running(agent.keeper), "the end of the keeper", WITHIN_S)
        agent.process.kill()
        wait_for(lambda: not is_running(agent.child), "the end of the child", WITHIN_S)
    assert registry.read(registry.USER, RUN_PATH, VALUE_NAME) is not None
    assert restore(path, backend.settings()).restored
    assert computer().settings == before.settings


def test_an_agent_that_ends_by_itself_gives_all_back(tmp_path: Path, before: Computer) -> None:
    with locked(tmp_path / "undo.log") as agent:
        assert agent.process.stdin and agent.process.stdout
        agent.process.stdin.close()
        assert agent.process.stdout.readline() == "True\n"
        agent.process.wait(10)
        assert computer() == before
        assert not is_running(agent.keeper)
