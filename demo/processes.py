"""Programs the demo starts, and their end: in reverse order, by process group, then what still bears our mark.

The only file of the demo that starts programs.
"""

import os
import signal
import subprocess
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from demo.failure import StepFailed

MARK = "EXAM_DEMO_RUN"
END_GRACE_S = 6.0


@dataclass(frozen=True, slots=True)
class Running:
    name: str
    process: subprocess.Popen[bytes]
    log_path: Path

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def log(self) -> str:
        return self.log_path.read_text(encoding="utf-8", errors="replace")


@dataclass(slots=True)
class Processes:
    log_dir: Path
    run_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    started: list[Running] = field(default_factory=list)

    def environment(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        return {**os.environ, MARK: self.run_id, "PYTHONUNBUFFERED": "1", **(extra or {})}

    def start(self, name: str, command: Sequence[str | Path], env: Mapping[str, str] | None = None) -> Running:
        """A program in a process group of its own; both of its outputs go to `name`.log."""
        log_path = self.log_dir / f"{name}.log"
        with log_path.open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 - fixed programs of this repository
                [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env=self.environment(env), start_new_session=True,
            )  # fmt: skip
        running = Running(name, process, log_path)
        self.started.append(running)
        return running

    def run(
        self,
        command: Sequence[str | Path],
        env: Mapping[str, str] | None = None,
        *,
        timeout_s: float = 60,
        statuses: tuple[int, ...] = (0,),
    ) -> str:
        """What a program prints on standard output. Raises StepFailed where it ends otherwise than with `statuses`."""
        words = [str(part) for part in command]
        try:
            done = subprocess.run(  # noqa: S603 - fixed programs of this repository
                words, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout_s, env=self.environment(env),
                check=False, text=True,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise StepFailed(f"`{' '.join(words)}` did not end within {timeout_s:.0f} s") from error
        if done.returncode not in statuses:
            said = (done.stderr.strip() or done.stdout.strip())[-600:]
            raise StepFailed(f"`{' '.join(words)}` ended with status {done.returncode}: {said}")
        return done.stdout

    def end(self, running: Running) -> None:
        """Asks the group to end, then ends it. Harmless where it has ended already."""
        if running.alive:
            _signal_group(running.process.pid, signal.SIGTERM)
            try:
                running.process.wait(END_GRACE_S)
            except subprocess.TimeoutExpired:
                _signal_group(running.process.pid, signal.SIGKILL)
                running.process.wait(END_GRACE_S)
        if running in self.started:
            self.started.remove(running)

    def end_all(self) -> None:
        """Everything that `start` started, the last first."""
        for running in reversed(self.started.copy()):
            self.end(running)

    def end_strays(self) -> tuple[str, ...]:
        """Whoever still bears our mark, by its id. Returns their names."""
        strays = marked(self.run_id)
        names = tuple(_describe(process) for process in strays)
        for process in strays:
            _end(process)
        psutil.wait_procs(strays, timeout=END_GRACE_S)
        return names


def marked(run_id: str) -> list[psutil.Process]:
    """Living processes that carry this run's mark in their environment, ourselves left out."""
    return [process for process in psutil.process_iter() if process.pid != os.getpid() and _has_mark(process, run_id)]


def _has_mark(process: psutil.Process, run_id: str) -> bool:
    try:
        return process.environ().get(MARK) == run_id
    except (psutil.Error, OSError):
        return False


def _describe(process: psutil.Process) -> str:
    try:
        return f"{process.pid} {' '.join(process.cmdline())[:80]}"
    except psutil.Error:
        return str(process.pid)


def _end(process: psutil.Process) -> None:
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return


def _signal_group(pid: int, number: signal.Signals) -> None:
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        return
