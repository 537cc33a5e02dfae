"""A room with a screen, a locked exam and everything an attempt needs to break out of it. Built by `battery`.

The exam is another process; whatever is done here is done as any program of the candidate's desktop could do it.
"""

import contextlib
import itertools
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from Xlib import X, display
from Xlib.protocol import event as xevent

from tests.candidate_agent.ui.servers import Site, serving
from tests.escape.desktop import SCREENS
from tests.escape.eyes import Eyes, Look
from tests.rig import snapshot
from tests.rig.snapshot import Snapshot
from tests.rig.xserver import wait_for

ROOT = Path(__file__).parents[2]
START_S = 90.0  # also where many others work on this machine
ASK_S = 12.0
CALM_S = 1.3  # how long is watched whether something came, at least
LONGEST_S = 2.6  # and at most, while it is there

PAGE = """<!doctype html><html><meta charset="utf-8"><title>Exam</title>
<style>body{margin:0;font:20px sans-serif;background:#fff} textarea{width:90vw;height:40vh;font:24px monospace}</style>
<p id="question">Explain in a few words why A has no eigenvalue 0. SECRETQUESTION</p>
<textarea id="answer" autofocus></textarea><p><a id="link" href="/other">link</a> <input id="file" type="file"></p>
<script>
globalThis.heard = []; globalThis.pasted = [];
addEventListener("keydown", e => heard.push([e.key, e.isTrusted, performance.timeOrigin + e.timeStamp]), true);
answer.addEventListener("input", e => { pasted.push(e.inputType); });
</script></html>"""


@dataclass(frozen=True, slots=True)
class Flag:
    code: str
    at: float
    reason: str


@dataclass(slots=True)
class Child:
    """A foreign program that speaks in JSON lines."""

    process: "subprocess.Popen[str]"
    said: list[dict[str, Any]] = field(default_factory=list)

    @property
    def window(self) -> int:
        return int(next(line["window"] for line in self.said if line["event"] == "there"))

    def count(self, event: str) -> int:
        return sum(line["event"] == event for line in list(self.said))


class ExamProcess:
    """The exam of `tests.escape.exam`: its facts, its answers, its end."""

    def __init__(self, environment: Mapping[str, str], home_dir: Path, words: list[str], log_path: Path) -> None:
        self.facts: list[dict[str, Any]] = []
        self._answers: queue.Queue[dict[str, Any]] = queue.Queue()
        self._numbers = itertools.count(1)
        self._log = log_path.open("a")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.escape.exam", str(home_dir), *words],
            cwd=ROOT,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with contextlib.suppress(ValueError):  # libraries print, too
                fact = json.loads(line)
                self._answers.put(fact) if fact["event"] == "answer" else self.facts.append(fact)

    def ask(self, name: str, *given: Any, within_s: float = ASK_S) -> Any:
        """Raises RuntimeError where the exam does not answer."""
        number = next(self._numbers)
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(json.dumps({"ask": name, "with": given, "number": number}) + "\n")
            self.process.stdin.flush()
            until = time.monotonic() + within_s
            while True:
                answer = self._answers.get(timeout=max(0.01, until - time.monotonic()))
                if answer["number"] == number:
                    return answer["answer"]
        except (queue.Empty, OSError) as error:
            raise RuntimeError(f"the exam does not answer: {name}") from error

    def phase(self) -> str:
        return next((fact["phase"] for fact in reversed(list(self.facts)) if fact["event"] == "phase"), "")

    def flags(self, since: float = 0.0) -> list[Flag]:
        found = [fact for fact in list(self.facts) if fact["event"] == "flag" and fact["at"] >= since]
        return [Flag(fact["code"], fact["at"], fact["reason"]) for fact in found]

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def family(self) -> list[psutil.Process]:
        try:
            parent = psutil.Process(self.process.pid)
            return [parent, *parent.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def keeper(self) -> psutil.Process:
        return next(child for child in self.family() if "candidate_agent.keeper" in _command(child))

    def renderers(self) -> list[psutil.Process]:
        return [child for child in self.family() if "--type=renderer" in _command(child)]

    def end(self) -> None:
        """Handed in as a candidate would; killed where that does not work, as after most attempts."""
        with contextlib.suppress(RuntimeError, AssertionError, subprocess.TimeoutExpired):
            if self.alive:
                self.ask("finish", within_s=2)
                wait_for(lambda: self.phase() in ("done", "ended") or not self.alive, "the end", 5)
                self.ask("close", within_s=2)
                self.process.wait(8)
        self.kill()

    def kill(self) -> None:
        family = self.family()
        for process in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGCONT)
        if self.alive:
            self.process.kill()
        self.process.wait()
        _, left = psutil.wait_procs(family, 5)  # the keeper puts back
        for process in left:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(OSError):
                assert pipe is not None
                pipe.close()
        self._reader.join(5)
        self._log.close()


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
        return []


class Room:
    """One screen of one kind ("openbox", "xfwm4", "displays") and at most one exam on it."""

    def __init__(self, kind: str, work_dir: Path, site: Site, foreign: Site) -> None:
        self.kind, self.work_dir, self.site, self.foreign = kind, work_dir, site, foreign
        self.screen = SCREENS[kind]()
        self.exam: ExamProcess | None = None
        self.window = 0
        self.extra_environment: dict[str, str] = {}
        self._children: list[subprocess.Popen[Any]] = []
        self._eyes: Eyes | None = None
        self._x: Any = None
        self._homes = itertools.count(1)
        self.home_dir = work_dir
        self.before: Snapshot | None = None

    # --- life ---------------------------------------------------------------------------------------------------------

    def open(self) -> "Room":
        self.screen.start()
        self._x = display.Display(self.screen.display)
        self._x.set_error_handler(lambda *_: None)
        return self

    def close(self) -> None:
        self.end_children()
        self.end_exam()
        if self._x is not None:
            self._x.close()
        self.screen.stop()

    @property
    def environment(self) -> dict[str, str]:
        own = {
            "QT_QPA_PLATFORM": "xcb",
            "HOME": str(self.work_dir / "user"),
            "XDG_CONFIG_HOME": str(self.work_dir / "config"),
            "XDG_SESSION_TYPE": "x11",
            "TMPDIR": str(self.work_dir / "tmp"),
        }
        left_out = ("CANDIDATE_AGENT_DEMO", "PYTHONPATH")  # of whoever runs the tests
        kept = {name: value for name, value in self.screen.environment().items() if name not in left_out}
        return {**kept, **own, **self.extra_environment}

    def try_exam(self, extra: Mapping[str, str] | None = None, *words: str) -> ExamProcess:
        """Started; nobody knows yet whether it comes to an exam."""
        for name in ("user", "config", "tmp"):
            (self.work_dir / name).mkdir(exist_ok=True)
        self.before = snapshot.take(self.screen.display, self.autostart_dir)
        self.home_dir = self.work_dir / f"home-{next(self._homes)}"
        environment = {**self.environment, **(extra or {})}
        given = [f"{self.site.url}/start", *words]
        self.exam = ExamProcess(environment, self.home_dir, given, self.work_dir / "exam.log")
        return self.exam

    @property
    def exam_or_fail(self) -> ExamProcess:
        assert self.exam is not None
        return self.exam

    def begin_exam(
        self, extra: Mapping[str, str] | None = None, meanwhile: Callable[[], object] = lambda: None
    ) -> ExamProcess:
        """Locked, shown and loaded when this returns. `meanwhile` is called again and again until it is locked."""
        self.try_exam(extra)
        return self.settle(meanwhile)

    def settle(self, meanwhile: Callable[[], object] = lambda: None) -> ExamProcess:
        """The exam that was begun is locked, shown and loaded when this returns."""
        exam = self._shown(self.exam_or_fail, meanwhile)
        wait_for(lambda: self.calm() == "", "the exam in front", START_S)
        return exam

    def begin_bare(self) -> ExamProcess:
        """The same window with the same page, and nothing held or watched."""
        return self._shown(self.try_exam({}, "bare"), lambda: None)

    def _shown(self, exam: ExamProcess, meanwhile: Callable[[], object]) -> ExamProcess:
        until = time.monotonic() + START_S
        while exam.alive and exam.phase() not in ("offline", "running", "ended") and time.monotonic() < until:
            meanwhile()
            self.pause(0.02)
        if exam.phase() not in ("offline", "running"):
            raise RuntimeError(f"the exam did not begin: {exam.phase()}")
        wait_for(self._is_loaded, "the exam page", START_S)
        self.window = int(exam.ask("state")["window"])
        self._eyes = Eyes(self.screen.display).open(self.window)
        return exam

    def is_over(self) -> bool:
        """No exam on the screen any more."""
        exam = self.exam
        return exam is None or not exam.alive or exam.phase() in ("done", "ended", "unlocking", "failing")

    def left_behind(self) -> list[str]:
        """What is not as it was before the exam, by the desktop's own tools. The last page of an exam that ended in
        order may still be read."""
        assert self.before is not None
        left = set(self.before.differences(snapshot.take(self.screen.display, self.autostart_dir)))
        return sorted(left - ({"windows", "active_window"} if self.exam is not None and self.exam.alive else set()))

    @property
    def autostart_dir(self) -> Path:
        return self.work_dir / "config" / "autostart"

    def _is_loaded(self) -> bool:
        exam = self.exam
        assert exam is not None
        try:
            return bool(exam.ask("script", "document.readyState === 'complete' && document.body !== null"))
        except RuntimeError:
            return False

    def end_exam(self) -> None:
        if self._eyes is not None:
            self._eyes.close()
            self._eyes = None
        if self.exam is not None:
            exam, self.exam = self.exam, None
            exam.end()

    def calm(self) -> str:
        """ "" where the exam is locked and in front; else what is wrong, in words. Asked again until it is."""
        exam = self.exam
        if exam is None or self._eyes is None or not exam.alive:
            return "the exam's process has ended"
        try:
            state = exam.ask("state")
        except RuntimeError as error:
            return str(error)
        if state.get("phase") not in ("offline", "running") or not state.get("held"):
            return f"the exam is in phase {state.get('phase')}: {state}"
        if state["slipped"]:
            return f"not held any more: {', '.join(state['slipped'])}"
        if not state["visible"]:
            return "the exam page is hidden"
        looks = self.eyes.since(time.monotonic() - 0.5)
        if not looks or looks[-1].lost or looks[-1].covered:
            return f"the exam is not in front: {looks[-1] if looks else 'nothing was seen'}"
        return "" if not self.keyboard_free() else "the keyboard is not held"

    # --- looking ------------------------------------------------------------------------------------------------------

    @property
    def eyes(self) -> Eyes:
        assert self._eyes is not None
        return self._eyes

    def rest_eyes(self) -> None:
        """Nobody looks on: for benchmarks."""
        self.eyes.close()

    def watch(self, holds: Callable[[Look], bool], since: float) -> float:
        """For how long it held, in seconds, watched until it is over or has lasted for too long."""
        until = time.monotonic() + CALM_S
        while time.monotonic() < until:
            self.pause(0.05)
        while (
            self.eyes.since(since)[-1:] and holds(self.eyes.since(since)[-1]) and time.monotonic() < since + LONGEST_S
        ):
            self.pause(0.05)
        return self.eyes.longest_s(holds, since)

    def pause(self, seconds: float) -> None:
        """An attempt takes its time as a person would; nothing that is checked depends on it being enough."""
        threading.Event().wait(seconds)

    def answer(self) -> str:
        return str(self.script("answer.value"))

    def script(self, source: str) -> Any:
        assert self.exam is not None
        found = self.exam.ask("script", source)
        return found

    def keyboard_free(self) -> bool:
        root = self._x.screen().root
        status = root.grab_keyboard(False, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime)
        self._x.ungrab_keyboard(X.CurrentTime)
        self._x.sync()
        return bool(status == X.GrabSuccess)

    # --- doing --------------------------------------------------------------------------------------------------------

    @property
    def x(self) -> Any:
        """A connection of this process: a foreign program to the exam."""
        return self._x

    @property
    def ours(self) -> Any:
        return self._x.create_resource_object("window", self.window)

    def atom(self, name: str) -> int:
        return int(self._x.intern_atom(name))

    def message(self, kind: str, values: tuple[int, ...], window: Any = None) -> None:
        """A client message to the root, as pagers and wmctrl send them."""
        data = (32, (*values, 0, 0, 0, 0, 0)[:5])
        event = xevent.ClientMessage(window=window or self.ours, client_type=self.atom(kind), data=data)
        mask = X.SubstructureRedirectMask | X.SubstructureNotifyMask
        self._x.screen().root.send_event(event, event_mask=mask)
        self._x.sync()

    def run(self, *command: str, text: str | None = None, within_s: float = 10, check: bool = False) -> str:
        """What a command said on standard output."""
        try:
            done = subprocess.run(
                command, cwd=ROOT, env=self.environment, input=text, capture_output=True, text=True, timeout=within_s,
                check=check,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return ""
        return done.stdout

    def type(self, text: str, delay_ms: int = 10) -> None:
        self.run("xdotool", "type", "--delay", str(delay_ms), "--", text, within_s=30)

    def focus_answer(self) -> None:
        """A click into the answer, as a candidate would."""
        self.run("xdotool", "mousemove", "300", "330", "click", "1")
        wait_for(lambda: self.script("document.activeElement.id") == "answer", "the answer has the keyboard", 5)

    def start(self, *command: str, **more: Any) -> "subprocess.Popen[Any]":
        """Runs until `end_children`."""
        environment = {**self.environment, **more.pop("environment", {})}
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        process = subprocess.Popen(command, cwd=ROOT, env=environment, **{**quiet, **more})
        self._children.append(process)
        return process

    def speaker(self, *command: str) -> Child:
        """A program that says "there" when it is ready."""
        process = self.start(*command, stdout=subprocess.PIPE, text=True)
        child = Child(process)

        def read() -> None:
            assert process.stdout is not None
            for line in process.stdout:
                child.said.append(json.loads(line))

        threading.Thread(target=read, daemon=True).start()
        wait_for(lambda: child.count("there") > 0 or process.poll() is not None, "the foreign program", 15)
        return child

    def intruder(self, *words: str) -> Child:
        return self.speaker(sys.executable, "-m", "tests.escape.intruder", *words)

    def end_children(self) -> None:
        for process in reversed(self._children):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGCONT)
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with contextlib.suppress(OSError, ValueError):
                        pipe.close()
        self._children.clear()


@contextlib.contextmanager
def rooms(work_dir: Path) -> Iterator[Callable[[str], Room]]:
    """A function that opens the room of a kind, once."""
    with serving(Site()) as site, serving(Site()) as foreign:
        site.page("/start", PAGE)
        opened: dict[str, Room] = {}

        def room(kind: str) -> Room:
            if kind not in opened:
                (work_dir / kind).mkdir(parents=True)
                opened[kind] = Room(kind, work_dir / kind, site, foreign).open()
            return opened[kind]

        try:
            yield room
        finally:
            for each in opened.values():
                each.close()
