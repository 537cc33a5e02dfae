"""The practice room's process: opens, ends with its pipe and takes its folder away; a room that fails is said."""

import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psutil
import pytest

from candidate_agent.base.errors import PracticeError
from candidate_agent.platforms import practice_process
from candidate_agent.practice import order
from candidate_agent.ui.texts import Texts
from demo.failure import wait_for

ORDER = order(Texts("en"), short=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "room"
    path.mkdir()
    return path


def address(link: str) -> tuple[str, int]:
    server = urlsplit(parse_qs(urlsplit(link).query)["server"][0])
    assert server.hostname and server.port
    return server.hostname, server.port


def listens(link: str) -> bool:
    try:
        socket.create_connection(address(link), 1).close()
    except OSError:
        return False
    return True


def test_it_opens_on_this_computer_only_and_leaves_nothing(folder: Path) -> None:
    done = []
    room = practice_process.start(folder, ORDER, lambda: done.append(1))
    try:
        assert done == [1]
        assert address(room.link)[0] == "127.0.0.1" and listens(room.link)
        addresses = {entry.laddr.ip for entry in psutil.Process(room.pid).net_connections() if entry.laddr}
        assert addresses == {"127.0.0.1"}
        (folder / "sessions").mkdir()
        (folder / "sessions" / "kept").write_text("by the agent")
    finally:
        room.end()
    assert not listens(room.link)
    assert not folder.exists()


def test_it_ends_with_an_agent_that_is_killed(folder: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from candidate_agent.platforms import practice_process as p; "
        "from tests.candidate_agent.platforms.test_practice_process import ORDER; "
        "room = p.start(Path(sys.argv[1]), ORDER); print(room.pid, flush=True); time.sleep(600)"
    )
    agent = subprocess.Popen([sys.executable, "-c", script, str(folder)], stdout=subprocess.PIPE)
    assert agent.stdout is not None
    with agent, agent.stdout as said:
        room = psutil.Process(int(said.readline()))
        agent.kill()
    wait_for("the room ends", lambda: not room.is_running() or room.status() == psutil.STATUS_ZOMBIE, 20)
    wait_for("its folder is gone", lambda: not folder.exists(), 10)


@pytest.mark.parametrize("command", [["/nonexistent"], [sys.executable, "-c", "print('what?')"]])
def test_a_room_that_does_not_open_is_said(folder: Path, command: list[str]) -> None:
    with pytest.raises(PracticeError) as raised:
        practice_process.start(folder, ORDER, command=command)
    assert raised.value.code == "practice_failed"


def test_a_folder_with_something_in_it_is_not_taken(folder: Path) -> None:
    (folder / "mine").write_text("mine")
    with pytest.raises(PracticeError):
        practice_process.start(folder, ORDER)
    assert (folder / "mine").read_text() == "mine"
