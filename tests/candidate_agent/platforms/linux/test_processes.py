"""A program that lives for a moment only is seen where the kernel tells, and polling is there where it does not."""

import contextlib
import hashlib
import os
import shutil
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from candidate_agent.platforms.linux import processes
from candidate_agent.platforms.linux.closing import first_of_program
from candidate_agent.platforms.linux.processes import LinuxProcesses, executed, open_connector
from candidate_agent.platforms.ports import Fingerprint, Process
from tests.candidate_agent.platforms.collected import Collected
from tests.rig.xserver import XServer, wait_for


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


def test_programs_that_live_for_a_moment_are_seen(tmp_path: Path) -> None:
    """Fifty that end at once. Each is caught while it runs, or while it waits for its parent to be told of its end."""
    connector = open_connector()
    if connector is None:
        pytest.skip("this kernel does not tell ordinary users of processes")
    connector.close()
    source = tmp_path / "short.c"
    source.write_text("#include <unistd.h>\nint main(void) { usleep(2000); return 0; }\n")
    subprocess.run(["cc", "-o", str(tmp_path / "short"), str(source)], check=True)
    seen: Collected[Process] = Collected()
    close = LinuxProcesses().watch(seen)
    for number in range(50):
        program = tmp_path / f"short-{number:02}"
        shutil.copy(tmp_path / "short", program)
        subprocess.run([str(program)], check=True)
    with contextlib.suppress(AssertionError):
        seen.wait(lambda found: "short-49" in found.names, 1.0)
    close()
    caught = {name for process in seen.events for name in process.names if name.startswith("short-")}
    assert len(caught) >= 35, f"{len(caught)} of 50"


def test_a_process_that_becomes_another_program_is_told_where_the_kernel_is_silent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "open_connector", lambda: None)
    monkeypatch.setattr(processes, "PERIOD_S", 0.02)
    program = tmp_path / "rustdesk"
    shutil.copy(str(shutil.which("sleep")), program)
    seen: Collected[Process] = Collected()
    process = subprocess.Popen(["sh", "-c", f"read line; exec {program} 30"], stdin=subprocess.PIPE)
    close = LinuxProcesses().watch(seen)
    assert process.stdin
    process.stdin.write(b"go\n")
    process.stdin.close()
    seen.wait(lambda found: "rustdesk" in found.names)
    close()
    process.kill()
    process.wait()


def test_the_fingerprint_is_of_what_runs_not_of_what_lies_there_now(tmp_path: Path) -> None:
    program = tmp_path / "tool"
    shutil.copy(str(shutil.which("sleep")), program)
    wanted = hashlib.sha256(program.read_bytes()).hexdigest()
    process = subprocess.Popen([str(program), "30"])
    port = LinuxProcesses()
    wait_for(lambda: port.fingerprint(process.pid).sha256 == wanted, "the program")
    program.unlink()
    program.write_bytes(b"something harmless")
    assert port.fingerprint(process.pid).sha256 == wanted
    process.kill()
    process.wait()
    assert port.fingerprint(process.pid) == Fingerprint()


@pytest.mark.real
def test_a_program_with_a_window_is_asked_by_its_window(server: XServer) -> None:
    asked = subprocess.Popen(["xmessage", "-name", "asked", "a window"], env=server.environment())
    port = LinuxProcesses(server.display)
    wait_for(lambda: "asked" in server.run("wmctrl", "-l", "-x"), "the window")
    assert port.ask_to_close(asked.pid)
    assert asked.wait(10) == 1  # xmessage's own way out: a signal would have given a negative number


def test_a_program_without_a_window_gets_the_polite_signal_and_a_strangers_end_is_not_ours() -> None:
    asked = subprocess.Popen(["sleep", "60"])
    port = LinuxProcesses(":none")
    assert port.ask_to_close(asked.pid)
    assert asked.wait(10) == -signal.SIGTERM
    assert not port.ask_to_close(asked.pid)
    assert not port.ask_to_close(os.getpid())
    assert not port.ask_to_close(os.getppid())  # whoever started us would take us along


def test_two_scripts_of_one_interpreter_are_two_programs(tmp_path: Path) -> None:
    below, above = tmp_path / "below.py", tmp_path / "above.py"
    below.write_text("import sys; print('ready', flush=True); sys.stdin.read()")
    above.write_text(f"import subprocess, sys; sys.exit(subprocess.call([sys.executable, {str(below)!r}]))")
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, str(above)], stdin=pipe, stdout=pipe) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        (child,) = psutil.Process(process.pid).children()
        assert first_of_program(child.pid) == child.pid
        assert LinuxProcesses(":none").ask_to_close(child.pid)
        assert process.wait(10) == -signal.SIGTERM % 256  # the script above lived to tell how the one below ended


def test_of_a_program_with_many_processes_the_first_is_asked() -> None:
    """As a browser: one that starts itself again for each page."""
    script = "import subprocess, sys; n = int(sys.argv[1]); p = subprocess.Popen([sys.executable, '-c', sys.argv[2], str(n - 1), sys.argv[2]]) if n else None; print(p.pid if p else 0, flush=True); sys.stdin.read(); p and p.wait()"  # noqa: E501
    first = subprocess.Popen(
        [sys.executable, "-c", script, "1", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={"PATH": os.environ["PATH"]},
    )  # fmt: skip
    assert first.stdin and first.stdout
    page = max(int(first.stdout.readline()), int(first.stdout.readline()))
    parents_run_python = first_of_program(first.pid) != first.pid
    assert first_of_program(page) == first_of_program(first.pid)
    assert parents_run_python or first_of_program(page) == first.pid
    first.stdin.close()
    first.wait(10)
    first.stdout.close()
