"""A process that holds a real desktop is killed; from outside, the computer is as it was within two seconds."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.rig import snapshot
from tests.rig.snapshot import Snapshot
from tests.rig.xserver import XServer, wait_for

pytestmark = pytest.mark.real

BOUND_S = 2.0
TEXT = "what the candidate had copied\n"


@pytest.fixture(scope="module")
def server() -> Iterator[XServer]:
    with XServer() as running:
        yield running


class Sitting:
    """The desktop of a candidate with settings of their own, and the process that locks it."""

    def __init__(self, server: XServer, directory: Path) -> None:
        self.server = server
        self.config_dir = directory / "config"
        self.undo_log_path = directory / "undo.log"
        server.run("setxkbmap", "-layout", "us,de", "-option", "", "-option", "ctrl:nocaps")
        server.run("xset", "s", "300", "60")
        quiet = subprocess.DEVNULL
        self.environment = {**server.environment(), "XDG_CONFIG_HOME": str(self.config_dir)}
        copy = ["xclip", "-selection", "clipboard"]
        subprocess.run(copy, input=TEXT.encode(), env=self.environment, stdout=quiet, stderr=quiet, check=True)
        self.before = self.look()

    def look(self) -> Snapshot:
        return snapshot.take(self.server.display, self.config_dir / "autostart")

    def differences(self) -> dict[str, tuple[object, object]]:
        return self.before.differences(self.look())

    def begin(self) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "tests.candidate_agent.lockdown.sitting", str(self.undo_log_path)],
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def lock(self) -> "subprocess.Popen[str]":
        process = self.begin()
        assert process.stdout is not None
        assert process.stdout.readline() == "locked\n"
        return process

    def restore(self) -> int:
        """What the next start, the login unit and `candidate-agent restore` do."""
        program = (
            "import sys; from pathlib import Path; from candidate_agent.lockdown.restore import restore;"
            "from candidate_agent.platforms import select;"
            "sys.exit(0 if restore(Path(sys.argv[1]), select.settings()).restored else 1)"
        )
        command = [sys.executable, "-c", program, str(self.undo_log_path)]
        return subprocess.run(command, env=self.environment, check=False).returncode


@pytest.fixture
def sitting(server: XServer, tmp_path: Path) -> Sitting:
    return Sitting(server, tmp_path)


def end(process: "subprocess.Popen[str]") -> None:
    if process.poll() is None:
        process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        assert pipe is not None
        pipe.close()


def keepers_of(process: "subprocess.Popen[str]") -> list[psutil.Process]:
    return [child for child in psutil.Process(process.pid).children() if "candidate_agent.keeper" in child.cmdline()]


def has_ended(process: psutil.Process) -> bool:
    """Also when nobody has collected it yet: its parent was killed."""
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def test_given_back_in_order_the_computer_is_as_it_was(sitting: Sitting) -> None:
    process = sitting.lock()
    changed = sitting.differences()
    assert {"keyboard_map", "power", "clipboard", "autostart"} <= set(changed)
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write("revert\n")
    process.stdin.flush()
    assert process.stdout.readline() == "restored\n"
    assert sitting.differences() == {}
    assert not sitting.undo_log_path.exists()
    end(process)


@pytest.mark.parametrize(
    ("group", "number"),
    [(False, signal.SIGKILL), (True, signal.SIGKILL), (True, signal.SIGTERM), (True, signal.SIGHUP)],
    ids=["process", "process group", "logged out", "hung up"],
)
def test_ended_from_outside_the_keeper_gives_the_computer_back_within_two_seconds(
    sitting: Sitting, group: bool, number: signal.Signals
) -> None:
    process = sitting.lock()
    keepers = keepers_of(process)
    assert len(keepers) == 1
    killed = time.monotonic()
    if group:
        os.killpg(process.pid, number)
    else:
        os.kill(process.pid, number)
    try:
        wait_for(lambda: has_ended(keepers[0]), "the keeper's end", BOUND_S)
        took_s = time.monotonic() - killed
        assert sitting.differences() == {}
        assert took_s < BOUND_S
        assert not sitting.undo_log_path.exists()
    finally:
        end(process)


def test_killed_together_with_its_keeper_a_later_restore_gives_the_computer_back(sitting: Sitting) -> None:
    process = sitting.lock()
    for victim in keepers_of(process):
        victim.kill()
    end(process)
    changed = sitting.differences()
    assert {"keyboard_map", "power", "autostart"} <= set(changed)
    assert sitting.restore() == 0
    left = sitting.differences()
    assert set(left) <= snapshot.MEMORY  # its text was in the memory of the two that were killed


def test_a_signal_to_the_whole_session_leaves_the_keeper_at_its_work(sitting: Sitting) -> None:
    process = sitting.lock()
    (keeper,) = keepers_of(process)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        keeper.send_signal(number)
    process.kill()
    wait_for(lambda: has_ended(keeper), "the keeper's end", BOUND_S)
    assert sitting.differences() == {}
    end(process)


@pytest.mark.parametrize("after_s", [0.3, 0.5, 0.7, 1.0])
def test_killed_while_it_locks_the_computer_comes_back(sitting: Sitting, after_s: float) -> None:
    """Before the keeper runs, the next start gives back; from then on, the keeper does."""
    process = sitting.begin()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(after_s)
    keepers = keepers_of(process)
    os.killpg(process.pid, signal.SIGKILL)
    for keeper in keepers:
        wait_for(lambda keeper=keeper: has_ended(keeper), "the keeper's end", BOUND_S)
    end(process)
    assert sitting.restore() == 0
    assert sitting.differences() == {}


def test_where_the_x_server_ends_nobody_waits_for_it_and_the_next_session_gives_the_settings_back(
    tmp_path: Path,
) -> None:
    with XServer() as first:
        sitting = Sitting(first, tmp_path)
        process = sitting.lock()
        (keeper,) = keepers_of(process)
    process.kill()  # a toolkit ends itself when its server is gone
    wait_for(lambda: has_ended(keeper), "the keeper's end", 10.0)
    end(process)
    assert sitting.undo_log_path.exists()
    with XServer() as second:
        again = Sitting(second, tmp_path)  # the same person, the same home
        assert again.before.autostart
        assert again.restore() == 0
        assert set(again.differences()) == {"autostart"}
        assert not sitting.config_dir.joinpath("autostart").exists() and not sitting.undo_log_path.exists()
