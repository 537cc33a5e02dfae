"""The keeper acts when the pipe ends without a word, wakes an agent that was stopped, and ends one that hangs."""

import contextlib
import itertools
import json
import os
import queue
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from candidate_agent import keeper
from candidate_agent.base.errors import LockdownError
from candidate_agent.base.heartbeat import LATE_S, SILENT_S
from candidate_agent.keeper import Heard, Keeper
from candidate_agent.lockdown.vigil import MOST_WAKES, Vigil
from candidate_agent.platforms import keeper_process
from candidate_agent.platforms.keeper_process import KeeperProcess
from candidate_agent.platforms.other_process import OtherProcess
from candidate_agent.platforms.ports import ClipboardPiece
from tests.rig.xserver import wait_for

OLD = (ClipboardPiece("CLIPBOARD", "text", b"old"),)


@dataclass
class Agent:
    """`stops`, `traces`: at which looks it is found stopped or traced."""

    stops: set[int] = field(default_factory=set)
    traces: set[int] = field(default_factory=set)
    looks: int = 0
    went_on: int = 0
    ended: bool = False

    def is_stopped(self) -> bool:
        self.looks += 1
        return self.looks in self.stops

    def is_traced(self) -> bool:
        return self.looks + 1 in self.traces  # asked before the look at whether it is stopped

    def go_on(self) -> None:
        self.went_on += 1

    def end(self) -> None:
        self.ended = True


class Lines(queue.SimpleQueue[bytes | None]):
    """Gives what stands in it and then nothing, at once: a look costs no time in these tests."""

    def get(self, block: bool = True, timeout: float | None = None) -> bytes | None:
        return super().get(block=False)


def lines(*said: bytes | None) -> Lines:
    found = Lines()
    for line in said:
        found.put(line)
    return found


def attend(said: Lines, agent: Agent | None = None, step_s: float = 0.25) -> tuple[Heard, list[str]]:
    clock, answers = itertools.count(0, step_s), list[str]()
    heard = Keeper(said, Vigil(0.0), agent, answers.append).attend(lambda: next(clock))
    return heard, answers


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ([], Heard()),
        ([b'{"done": true}\n'], Heard(done=True)),
        ([b'{"clipboard": [["CLIPBOARD", "text", "b2xk"]]}\n'], Heard(clipboard=OLD)),
        ([b'{"clipboard": []}\n', b'{"clipboard": [["CLIPBOARD", "text", "b2xk"]]}\n', b'{"do'], Heard(clipboard=OLD)),
        ([b'{"clipboard": "no list"}\n', b'{"clipboard": [["a"]]}\n', b'{"clipboard": 7}\n'], Heard()),
        ([b"\xff\n", b"[1]\n", b'{"beat": 1, "late": "x"}\n'], Heard()),
    ],
)
def test_what_came_through_the_pipe_is_understood(said: list[bytes], heard: Heard) -> None:
    assert attend(lines(*said, None))[0] == heard


def test_each_beat_is_echoed(capsys: pytest.CaptureFixture[str]) -> None:
    _, answers = attend(lines(b'{"beat": 1, "late": 0.0}\n', b'{"beat": 2, "late": 0.0}\n', None), Agent())
    assert [json.loads(answer) for answer in answers] == [
        {"echo": 1, "woken": 0, "traced": 0},
        {"echo": 2, "woken": 0, "traced": 0},
    ]


def test_a_silent_agent_is_ended_after_ten_seconds_and_not_before(capsys: pytest.CaptureFixture[str]) -> None:
    agent = Agent()
    attend(lines(None), agent)
    assert not agent.ended
    attend(Lines(), agent)
    assert agent.ended
    assert SILENT_S < agent.looks * 0.25 < SILENT_S + 1
    assert "silent" in capsys.readouterr().err


def test_time_asleep_is_no_silence() -> None:
    """A lid that was closed for an hour between two looks counts as one second."""
    clock = iter([0.0, 0.25, 3600.0, 3600.25])
    agent = Agent()
    Keeper(lines(b"", b"", b"", b'{"done": true}'), Vigil(0.0), agent, print).attend(lambda: next(clock))
    assert not agent.ended


def test_an_agent_whose_window_hangs_is_ended(capsys: pytest.CaptureFixture[str]) -> None:
    agent = Agent()
    attend(lines(json.dumps({"beat": 1, "late": LATE_S}).encode(), None), agent)
    assert not agent.ended
    attend(lines(json.dumps({"beat": 2, "late": LATE_S + 1}).encode(), None), agent)
    assert agent.ended
    assert "hung" in capsys.readouterr().err


def test_a_stopped_agent_is_woken_and_told_how_often() -> None:
    agent = Agent(stops={2, 3})
    _, answers = attend(lines(b"", b"", b"", b'{"beat": 5, "late": 0}\n', None), agent)
    assert (agent.went_on, agent.ended) == (2, False)
    assert json.loads(answers[-1]) == {"echo": 5, "woken": 2, "traced": 0}


def test_each_debugger_that_attaches_is_told_once_and_at_once() -> None:
    _, answers = attend(lines(b"", b"", b"", b"", b"", b"", None), Agent(traces={2, 3, 5}))
    assert [json.loads(answer)["traced"] for answer in answers] == [1, 2]


def test_one_that_is_stopped_again_and_again_is_ended(capsys: pytest.CaptureFixture[str]) -> None:
    agent = Agent(stops=set(range(1, MOST_WAKES + 2)))
    attend(lines(*[b'{"beat": 1, "late": 0}'] * 20, None), agent)
    assert (agent.went_on, agent.ended) == (MOST_WAKES, True)
    assert "again and again" in capsys.readouterr().err


def test_stops_that_lie_far_apart_are_no_reason_to_end_it() -> None:
    agent = Agent(stops=set(range(1, 40)))
    attend(lines(*[b'{"beat": 1, "late": 0}'] * 38, None), agent, step_s=7.0)
    assert not agent.ended


@pytest.fixture
def without_desktop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)


@contextlib.contextmanager
def running(path: Path) -> Iterator[KeeperProcess]:
    process = keeper_process.start(path)
    try:
        yield process
    finally:
        process.done()


def test_told_that_all_is_done_it_changes_nothing(tmp_path: Path, without_desktop: None) -> None:
    path = tmp_path / "undo.log"
    path.write_bytes(b"whatever stands here is not looked at\n")
    process = keeper_process.start(path)
    assert process.alive
    process.done()
    assert not process.alive
    assert path.exists()


def test_without_a_word_it_restores_and_ends(tmp_path: Path, without_desktop: None) -> None:
    process = subprocess.run(
        keeper_process.keeper_command(tmp_path / "undo.log"), input=b"", capture_output=True, timeout=20, check=True
    )
    assert process.stdout == b"ready\n"


def test_a_keeper_that_was_stopped_is_ended_within_two_seconds(tmp_path: Path, without_desktop: None) -> None:
    with running(tmp_path / "undo.log") as process:
        os.kill(process.pid, signal.SIGSTOP)
        wait_for(lambda: not process.alive, "the stopped keeper's end", 4.0)


def test_a_keeper_that_was_stopped_for_a_moment_stays(tmp_path: Path, without_desktop: None) -> None:
    with running(tmp_path / "undo.log") as process:
        for _ in range(5):
            os.kill(process.pid, signal.SIGSTOP)
            os.kill(process.pid, signal.SIGCONT)
        before = psutil.Process(process.pid).num_ctx_switches().voluntary
        wait_for(lambda: psutil.Process(process.pid).num_ctx_switches().voluntary > before + 4, "the keeper at work")
        assert process.alive


BEATING = """
import sys, threading
from pathlib import Path
from candidate_agent.platforms import keeper_process
keeper = keeper_process.start(Path(sys.argv[1]))
print(keeper.pid, flush=True)
for line in sys.stdin:
    print(keeper.woken, flush=True)
keeper.done()
"""


def test_an_agent_that_was_stopped_goes_on_within_a_second_and_learns_of_it(
    tmp_path: Path, without_desktop: None
) -> None:
    command = [sys.executable, "-c", BEATING, str(tmp_path / "undo.log")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as agent:
        assert agent.stdin is not None and agent.stdout is not None
        keeper_pid = int(agent.stdout.readline())
        os.kill(agent.pid, signal.SIGSTOP)
        stopped_s = time.monotonic()
        wait_for(lambda: psutil.Process(agent.pid).status() != psutil.STATUS_STOPPED, "the agent going on", 3.0)
        assert time.monotonic() - stopped_s < 1.5, "a second, and what a busy computer adds"

        def told() -> bool:
            agent.stdin.write("?\n")  # type: ignore[union-attr]
            agent.stdin.flush()  # type: ignore[union-attr]
            return int(agent.stdout.readline()) >= 1  # type: ignore[union-attr]

        wait_for(told, "the agent learning of it")
        agent.stdin.close()
    assert agent.returncode == 0
    assert not psutil.pid_exists(keeper_pid)


def test_a_process_is_known_by_more_than_its_number() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        other = OtherProcess(process.pid)
        assert not other.is_stopped()
        other.end()
        process.wait()
        other.end()
        other.go_on()
        assert not other.is_stopped()
        other.close()
        other.close()


TRACING = """
import ctypes, sys
ptrace = ctypes.CDLL(None).ptrace
ptrace.argtypes = [ctypes.c_long] * 4
print(ptrace(0x4206, int(sys.argv[1]), 0, 0), flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
def test_a_process_that_another_one_traces_is_known() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        other = OtherProcess(process.pid)
        assert not other.is_traced()
        command = [sys.executable, "-c", TRACING, str(process.pid)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as tracer:
            assert tracer.stdout is not None and tracer.stdout.readline() == "0\n"
            assert other.is_traced() and not other.is_stopped()
        assert not other.is_traced()
        other.end()
        process.wait()
        assert not other.is_traced()
        other.close()


def test_a_keeper_that_cannot_start_is_told(tmp_path: Path) -> None:
    with pytest.raises(LockdownError) as raised:
        keeper_process.start(tmp_path, [sys.executable, "-c", "pass"])
    assert raised.value.code == "keeper_failed"
    with pytest.raises(LockdownError):
        keeper_process.start(tmp_path, [str(tmp_path / "missing")])


def test_it_asks_for_the_undo_log(capsys: pytest.CaptureFixture[str]) -> None:
    assert keeper.main([]) == keeper.main(["undo.log", "no number"]) == 2
    assert "UNDO_LOG" in capsys.readouterr().err
