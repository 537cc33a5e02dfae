import os
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from demo.failure import StepFailed, wait_for
from demo.processes import Processes, marked


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    processes = Processes(tmp_path)
    yield processes
    processes.end_all()
    processes.end_strays()


def test_a_program_and_its_children_end_together(processes: Processes) -> None:
    nested = "import signal; signal.pause()"
    script = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {nested!r}])"
    running = processes.start("parent", [sys.executable, "-c", script])
    wait_for("the child is there", lambda: psutil.Process(running.process.pid).children(), 10)
    processes.end(running)
    assert marked(processes.run_id) == []


def test_who_left_the_group_is_found_by_the_mark_and_named(processes: Processes) -> None:
    script = "import os, signal\nif os.fork() == 0:\n    os.setsid()\n    signal.pause()"
    processes.start("parent", [sys.executable, "-c", script]).process.wait(10)
    (stray,) = wait_for("the stray is there", lambda: marked(processes.run_id), 10)
    assert [name.split()[0] for name in processes.end_strays()] == [str(stray.pid)]
    assert not psutil.pid_exists(stray.pid) or stray.status() == psutil.STATUS_ZOMBIE


def test_a_program_that_fails_is_told_with_its_words(processes: Processes) -> None:
    with pytest.raises(StepFailed, match=r"status 3: no such exam"):
        processes.run([sys.executable, "-c", "import sys; print('no such exam', file=sys.stderr); sys.exit(3)"])


def test_the_environment_is_ours_with_the_mark(processes: Processes) -> None:
    told = processes.run([sys.executable, "-c", "import os; print(os.environ['A'], os.environ['PATH'])"], {"A": "b"})
    assert told.split() == ["b", os.environ["PATH"]]


def test_waiting_tells_what_was_seen_last() -> None:
    with pytest.raises(StepFailed, match=r"the door opens: not within 0 s \(last seen: 0\)"):
        wait_for("the door opens", lambda: 0, 0)
