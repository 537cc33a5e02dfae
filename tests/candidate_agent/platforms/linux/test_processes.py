"""A program that lives for a moment only is seen where the kernel tells, and polling is there where it does not."""

import shutil
import struct
import subprocess
import time
from pathlib import Path

import pytest

from candidate_agent.platforms.linux import processes
from candidate_agent.platforms.linux.processes import LinuxProcesses, executed, open_connector
from candidate_agent.platforms.ports import Process
from tests.candidate_agent.platforms.collected import Collected


def event(what: int, pid: int) -> bytes:
    return (
        struct.pack("=IHHII", 76, 3, 0, 0, 0)
        + struct.pack("=IIIIHH", 1, 1, 0, 0, 40, 0)
        + struct.pack("=IIQii", what, 0, 0, pid, pid)
    )


def test_only_exec_events_name_a_process() -> None:
    assert executed(event(2, 77)) == 77
    assert executed(event(1, 77)) == 0
    assert executed(event(2, 77)[:-1]) == 0


def test_a_program_is_seen_at_once_where_the_kernel_tells(tmp_path: Path) -> None:
    connector = open_connector()
    if connector is None:
        pytest.skip("this kernel does not tell ordinary users of processes")
    connector.close()
    program = tmp_path / "anydesk"
    shutil.copy(str(shutil.which("sleep")), program)
    seen: Collected[Process] = Collected()
    close = LinuxProcesses().watch(seen)
    began = time.monotonic()
    process = subprocess.Popen([str(program), "30"])
    seen.wait(lambda found: "anydesk" in found.names, 2.0)
    assert time.monotonic() - began < 1.0
    process.kill()
    process.wait()
    close()


def test_where_the_kernel_refuses_polling_finds_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(processes.socket.socket, "bind", refuse)
    assert open_connector() is None
    program = tmp_path / "rustdesk"
    shutil.copy(str(shutil.which("sleep")), program)
    seen: Collected[Process] = Collected()
    close = LinuxProcesses().watch(seen)
    process = subprocess.Popen([str(program), "30"])
    seen.wait(lambda found: "rustdesk" in found.names)
    process.kill()
    process.wait()
    close()
