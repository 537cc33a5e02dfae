"""Real kills of agent, keeper, both and the X client at seeded random moments of a sitting; before and after compared
from outside. `python -m tests.candidate_agent.lockdown.crash_matrix [CASES [SEED]]` writes docs/crash-matrix.md;
`test_crash_matrix` plays a few.
"""

import contextlib
import os
import random
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from Xlib import display as xdisplay

from tests.candidate_agent.lockdown.sitting import WINDOW
from tests.rig import snapshot
from tests.rig.snapshot import MEMORY, Snapshot
from tests.rig.xserver import XServer

ROOT = Path(__file__).parents[3]
REPORT_PATH = ROOT / "docs" / "crash-matrix.md"
VICTIMS = ("agent", "keeper", "both", "X client")
SEED = 20_260_101
HELD_S = 0.1
BOUND_S = 2.0
ENDS_S = 30.0
COPIED = {"clipboard": "what the candidate had copied", "primary": "what the candidate had marked"}


@dataclass(frozen=True, slots=True)
class Case:
    """`at_s` after the sitting began. `back_s`: how long until all was as before; None: it never was."""

    victim: str
    at_s: float
    moment: str
    back_s: float | None
    left: tuple[str, ...] = ()


class Desk:
    """One X server with settings of a candidate, and the nursery of sittings."""

    def __init__(self, server: XServer, directory: Path) -> None:
        self.server, self.directory = server, directory
        self.log_path, self._pipe_path = directory / "home" / "undo.log", directory / "words"
        self.environment = {**server.environment(), "XDG_CONFIG_HOME": str(directory / "config")}
        self._nursery = self._start_nursery()
        server.run("setxkbmap", "-layout", "us,de", "-option", "", "-option", "ctrl:nocaps")
        server.run("xset", "s", "300", "60")
        self.copy()
        self.before = self.look()

    def _start_nursery(self) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "tests.candidate_agent.lockdown.nursery"],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def close(self) -> None:
        assert self._nursery.stdin is not None and self._nursery.stdout is not None
        self._nursery.stdin.close()
        self._nursery.wait(10)
        self._nursery.stdout.close()

    def copy(self) -> None:
        for selection, text in COPIED.items():
            command, quiet = ["xclip", "-selection", selection], subprocess.DEVNULL
            subprocess.run(command, input=text, env=self.environment, stdout=quiet, stderr=quiet, check=True, text=True)

    def look(self) -> Snapshot:
        return snapshot.take(self.server.display, self.directory / "config" / "autostart")

    def differences(self) -> set[str]:
        return set(self.before.differences(self.look()))

    @contextlib.contextmanager
    def sitting(self) -> Iterator["Sitting"]:
        os.mkfifo(self._pipe_path)
        assert self._nursery.stdin is not None and self._nursery.stdout is not None
        words = os.open(self._pipe_path, os.O_RDONLY | os.O_NONBLOCK)
        try:
            self._nursery.stdin.write(f"{self.log_path}\t{HELD_S}\t{self._pipe_path}\n")
            self._nursery.stdin.flush()
            yield Sitting(int(self._nursery.stdout.readline()), words, self.server.display)
        finally:
            os.close(words)
            self._pipe_path.unlink()

    def restore(self) -> None:
        """The next start. Its home is not the usual one, so it is named."""
        command = [sys.executable, "-m", "candidate_agent", "restore", "--home", str(self.log_path.parent)]
        subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, check=True)


class Sitting:
    def __init__(self, pid: int, words: int, display: str) -> None:
        self.pid, self._words, self._display = pid, words, display
        self._exit = os.pidfd_open(pid)
        self._heard = b""

    def close(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._exit, signal.SIGKILL)
        os.close(self._exit)

    def hears(self, word: str) -> bool:
        with contextlib.suppress(BlockingIOError):
            self._heard += os.read(self._words, 4096)
        return word.encode() in self._heard

    def ends(self, within_s: float) -> bool:
        return bool(select.select([self._exit], [], [], within_s)[0])

    def keepers(self) -> list[int]:
        with contextlib.suppress(OSError):
            children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
            return [int(child) for child in children if b"candidate_agent.keeper" in _command(int(child))]
        return []

    def strike(self, victim: str) -> bool:
        """False: there is nobody to be killed (any more)."""
        keepers = self.keepers()
        if victim == "X client":
            return self._kill_x_client()
        if victim in ("keeper", "both") and not keepers:
            return False
        for pid in keepers if victim == "keeper" else [self.pid] if victim == "agent" else [*keepers, self.pid]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return True

    def _kill_x_client(self) -> bool:
        connection = xdisplay.Display(self._display)
        try:
            for window in _all_windows(connection.screen().root):
                with contextlib.suppress(Exception):  # it went while it was looked at
                    if (window.get_wm_class() or ("",))[0] == WINDOW:
                        window.kill_client()
                        connection.sync()
                        return True
        finally:
            connection.close()
        return False


def _all_windows(root: object) -> Iterator[object]:
    for window in root.query_tree().children:  # type: ignore[attr-defined]
        yield window
        with contextlib.suppress(Exception):
            yield from _all_windows(window)


def _command(pid: int) -> bytes:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def until(holds: Callable[[], object], within_s: float) -> float | None:
    """Seconds until it held; None: it never did."""
    began_s = time.monotonic()
    while not holds():
        if time.monotonic() - began_s > within_s:
            return None
        threading.Event().wait(0.002)
    return time.monotonic() - began_s


def length_s(desk: Desk) -> float:
    """Of a sitting that nobody disturbs, from its first change to its last."""
    with desk.sitting() as sitting:
        assert until(lambda: sitting.hears("begins"), ENDS_S) is not None
        took_s = until(lambda: sitting.hears("restored"), ENDS_S)
        assert took_s is not None and sitting.ends(ENDS_S)
        sitting.close()
    assert until(lambda: not desk.differences(), BOUND_S) is not None, desk.before.differences(desk.look())
    return took_s


def play(desk: Desk, victim: str, at_s: float) -> Case | None:
    """None: when the moment came, there was nothing to kill."""
    with desk.sitting() as sitting:
        try:
            assert until(lambda: sitting.hears("begins"), ENDS_S) is not None
            until(lambda: False, at_s)
            moment = moment_of(desk, sitting)
            if not sitting.strike(victim):
                assert sitting.ends(ENDS_S)
                return None
            return settle(desk, sitting, victim, at_s, moment)
        finally:
            sitting.close()


def settle(desk: Desk, sitting: Sitting, victim: str, at_s: float, moment: str) -> Case:
    """A keeper's death leaves the agent at its work: what counts is when that ends. For both, the next start counts."""
    if victim == "keeper":
        assert sitting.ends(ENDS_S)
    struck_s = time.monotonic()
    forgiven: frozenset[str] = frozenset()
    if victim == "both":
        assert sitting.ends(ENDS_S)
        desk.restore()
        struck_s, forgiven = time.monotonic(), MEMORY
    left: set[str] = set()

    def as_before() -> bool:
        nonlocal left
        left = desk.differences()
        return left <= forgiven

    as_before_s = until(as_before, BOUND_S)
    back_s = None if as_before_s is None else time.monotonic() - struck_s
    if left:
        desk.copy()
    return Case(victim, at_s, moment, back_s, tuple(sorted(left)))


def moment_of(desk: Desk, sitting: Sitting) -> str:
    if sitting.hears("restored") or sitting.hears("left"):
        return "afterwards"
    if not desk.log_path.exists():
        return "before the first change, or after the last" if sitting.keepers() else "before the keeper runs"
    return "changed"


def run(cases: int, seed: int, told: Callable[[Case], None] = lambda case: None) -> list[Case]:
    chance, played = random.Random(seed), list[Case]()
    with tempfile.TemporaryDirectory() as directory, XServer() as server:
        desk = Desk(server, Path(directory))
        try:
            whole_s = max(length_s(desk) for _ in range(2))
            while len(played) < cases:
                case = play(desk, VICTIMS[len(played) % len(VICTIMS)], chance.uniform(0, whole_s))
                if case is not None:
                    played.append(case)
                    told(case)
        finally:
            desk.close()
    return played


def wrong(case: Case) -> bool:
    return case.back_s is None


INTRODUCTION = """# Real kills, and what was left

Written by `make crash` (`tests/candidate_agent/lockdown/crash_matrix.py`): a process holds a real lockdown of a real X
server, with a window and the keyboard grabbed, and is killed at a random moment between its first change and its last.
The computer is looked at from outside before and after, with the desktop's own tools. When a keeper is killed, the
agent is the one that gives back; when both are, it is the next start (`candidate-agent restore`).
"""
NOTES = """
“Back after” counts from the kill; for the keeper from the end of the sitting, for both from the end of the restore. It
contains the looks themselves, about 0.1 s each. Where both are killed, what was on the clipboard is gone: it lay in the
memory of these two and is never written to the disk.
"""


def table(played: list[Case], seed: int) -> str:
    moments = Counter(case.moment for case in played).most_common()
    rows = [
        f"Seed {seed}: {len(played)} kills, {sum(map(wrong, played))} computers altered.\n",
        "| killed | cases | altered | back after, median | back after, longest | clipboard gone |",
        "|---|---|---|---|---|---|",
        *(_row(victim, [case for case in played if case.victim == victim]) for victim in VICTIMS),
        "\nWhen it struck: " + ", ".join(f"{count} × {moment}" for moment, count in moments) + ".",
    ]
    return "\n".join([INTRODUCTION, *rows, NOTES])


def _row(victim: str, cases: list[Case]) -> str:
    took = sorted(case.back_s for case in cases if case.back_s is not None)
    median, longest = (f"{took[len(took) // 2]:.2f} s", f"{took[-1]:.2f} s") if took else ("", "")
    gone = sum(bool(case.left) for case in cases if not wrong(case))
    return f"| {victim} | {len(cases)} | {sum(map(wrong, cases))} | {median} | {longest} | {gone} |"


def main() -> int:
    cases = int(sys.argv[1]) if sys.argv[1:] else 100
    seed = int(sys.argv[2]) if sys.argv[2:] else int(os.environ.get("SEED", SEED))
    print(f"seed {seed}")

    def tell(case: Case) -> None:
        back = "NOT BACK" if case.back_s is None else f"{case.back_s:.2f} s"
        print(f"{case.victim:9} at {case.at_s:5.2f} s  {case.moment:45} {back} {' '.join(case.left)}", flush=True)

    played = run(cases, seed, tell)
    text = table(played, seed)
    REPORT_PATH.write_text(text, "utf-8")
    print(text)
    return int(any(map(wrong, played)))


if __name__ == "__main__":
    sys.exit(main())
