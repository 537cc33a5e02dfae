"""The second process: gives the computer back when the agent's pipe ends without a "done", and ends an agent that
hangs, so that nothing keeps the candidate's computer.

Started by `platforms.keeper_process`. It imports the standard library, `base`, `platforms` and four modules of
`lockdown`, so that it still works when the agent does not. Run by hand: `python -m candidate_agent.keeper UNDO_LOG`.
"""

import contextlib
import io
import json
import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from candidate_agent.base.errors import AgentError
from candidate_agent.base.heartbeat import LOOK_S
from candidate_agent.lockdown.restore import RestoreReport, restore
from candidate_agent.lockdown.undo_log import Entry
from candidate_agent.lockdown.vigil import Verdict, Vigil
from candidate_agent.platforms import select
from candidate_agent.platforms.keeper_process import unpacked
from candidate_agent.platforms.other_process import OtherProcess
from candidate_agent.platforms.ports import ClipboardContent, ClipboardPort, Unsupported
from candidate_agent.platforms.private_memory import keep_off_disk

EXIT_LEFT = 17  # as RestoreError: something could not be put back
END_S = 2.0  # how long an ended agent's pipe may stay open: its children may hold it
TRACE_LOOKS = 5  # in each LOOK_S: a debugger that asks one thing holds a program for a fifth of a second
PATIENCE = "CANDIDATE_AGENT_KEEPER_PATIENCE"
"""For developers with a debugger, and for tests: how many times longer it waits. Heard in a demonstration only."""

Lines = queue.SimpleQueue[bytes | None]


class Watched(Protocol):
    """The agent, as `OtherProcess` knows it."""

    def is_stopped(self) -> bool: ...

    def is_traced(self) -> bool: ...

    def go_on(self) -> None: ...

    def end(self) -> None: ...


@dataclass(slots=True)
class Heard:
    """What came through the pipe before it ended."""

    done: bool = False
    clipboard: ClipboardContent = ()
    old: tuple[Entry, ...] = ()


class Keeper:
    """Listens and looks until the pipe ends, "done" is said, or the agent had to be ended."""

    def __init__(self, lines: Lines, vigil: Vigil, agent: Watched | None, say: Callable[[str], None]) -> None:
        self._lines, self._vigil, self._agent, self._say = lines, vigil, agent, say
        self._heard = Heard()
        self._is_traced, self._traced = False, 0

    def attend(self, now: Callable[[], float] = time.monotonic) -> Heard:
        while not self._heard.done:
            line = self._hear()
            if line is None:
                break
            self._take(line)
            if self._agent is not None and not self._look_after(self._agent, now()):
                break
        return self._heard

    def _hear(self) -> bytes | None:
        """A line, b"" or None, as `_next`; between short waits it looks for a debugger, which may stay for a moment."""
        for _ in range(TRACE_LOOKS):
            self._count_traces()
            with contextlib.suppress(queue.Empty):
                return self._lines.get(timeout=LOOK_S / TRACE_LOOKS)
        return b""

    def _take(self, line: bytes) -> None:
        """A torn line is what a dying agent leaves: it is passed over."""
        try:
            said = json.loads(line or b"{}")
            if not isinstance(said, dict):
                return
            if "clipboard" in said:
                self._heard.clipboard = unpacked(said["clipboard"])
            if "setting" in said:
                self._heard.old += (Entry(str(said["setting"]), said["old"]),)
            if "beat" in said:
                self._vigil.beat(float(said.get("late", 0)))
                self._echo(said["beat"])
        except (ValueError, TypeError, KeyError):
            return
        self._heard.done = bool(said.get("done"))

    def _look_after(self, agent: Watched, now_s: float) -> bool:
        """False: it had to be ended."""
        verdict = self._vigil.look(now_s, stopped=agent.is_stopped())
        if verdict is Verdict.WAKE:
            agent.go_on()
            self._echo(0)
        elif verdict is Verdict.END:
            print(f"keeper: the exam program was ended, for {self._vigil.why()}", file=sys.stderr, flush=True)
            agent.end()
            self._hear_the_rest()
            return False
        return True

    def _count_traces(self) -> None:
        """Told at once: an agent that a debugger holds sees nothing, and reads it when it is let go."""
        before, self._is_traced = self._is_traced, self._agent is not None and self._agent.is_traced()
        if self._is_traced and not before:
            self._traced += 1
            self._echo(0)

    def _hear_the_rest(self) -> None:
        until = time.monotonic() + END_S
        while not self._heard.done and (left := until - time.monotonic()) > 0:
            line = _next(self._lines, left)
            if line is None:
                return
            self._take(line)

    def _echo(self, number: object) -> None:
        self._say(json.dumps({"echo": number, "woken": self._vigil.woken, "traced": self._traced}))


def _next(lines: Lines, within_s: float) -> bytes | None:
    """A line; b"" when none came in time, None at the end of the pipe."""
    try:
        return lines.get(timeout=within_s)
    except queue.Empty:
        return b""


def reading(pipe: Iterable[bytes]) -> Lines:
    """A thread of its own reads, because no system waits for a pipe and a clock in the same way."""
    lines: Lines = queue.SimpleQueue()

    def read() -> None:
        for line in pipe:
            lines.put(line)
        lines.put(None)

    threading.Thread(target=read, name="agent-pipe", daemon=True).start()
    return lines


def main(arguments: list[str] | None = None) -> int:
    given = sys.argv[1:] if arguments is None else arguments
    if len(given) not in (1, 2) or not all(word.isdigit() for word in given[1:]):
        print("usage: python -m candidate_agent.keeper UNDO_LOG [AGENT_PID]", file=sys.stderr)
        return 2
    keep_off_disk()
    _stay()
    agent = OtherProcess(int(given[1])) if given[1:] else None
    settings, clipboard = select.settings(), select.clipboard()
    _say_to_agent("ready")
    pipe = open(sys.stdin.fileno(), "rb", closefd=False)  # noqa: SIM115 - no path; stays with its reader
    heard = Keeper(reading(pipe), Vigil(time.monotonic(), _patience(os.environ)), agent, _say_to_agent).attend()
    if heard.done:
        return 0
    report = restore(Path(given[0]), settings, remembered=heard.old)
    return _report(report, _put_back(clipboard, heard.clipboard))


def _patience(environment: "os._Environ[str]") -> float:
    try:
        return max(0.05, float(environment[PATIENCE])) if environment.get("CANDIDATE_AGENT_DEMO") else 1.0
    except (KeyError, ValueError):
        return 1.0


def _say_to_agent(line: str) -> None:
    try:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    except (OSError, ValueError):
        return  # it died; the end of its pipe will tell


def _stay() -> None:
    """Lives as long as the agent's pipe: a signal to the whole desktop session must not take it first."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(newline="\n")  # the agent reads bytes, and Windows would add some


def _put_back(clipboard: ClipboardPort | Unsupported, content: ClipboardContent) -> str:
    """What is left of the clipboard, in words; "" where it is as it was."""
    if not content or isinstance(clipboard, Unsupported):
        return ""
    try:
        clipboard.put_back(content)
    except AgentError as error:
        return error.text
    return ""


def _report(report: RestoreReport, clipboard: str) -> int:
    for name, outcome in report.measures.items():
        print(f"{name}: {outcome}", file=sys.stderr)
    if clipboard:
        print(clipboard, file=sys.stderr)
    return 0 if report.restored and not clipboard else EXIT_LEFT


if __name__ == "__main__":
    sys.exit(main())
