"""`make test`: the fast tests, and in the time they leave those of the screens; then the tests on real desktops, which
nothing else may make late; then what failed once more, alone; then the demo as the end-to-end test; one summary line
at the end.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO
from xml.etree import ElementTree

ROOT = Path(__file__).parents[1]
LIMIT_S = 45.0 * 60  # two cores need a quarter of an hour; a busy one shall not fail for the time alone
DEMO_RESERVE_S = 160.0
CORES = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
NOTHING_COLLECTED = 5
AGAIN_AT_MOST = 40  # a desk that does not come up fails every test of its file; more is no accident
ONE_AFTER_ANOTHER = ("-n", "0")
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""What is compiled once is kept: a hundred agents are started, and each part has workers that read all tests."""


@dataclass(frozen=True, slots=True)
class Part:
    """`name`: of its files in build/. `yields`: it takes the time that others leave, and is printed when it is over."""

    name: str
    title: str
    words: tuple[str, ...]
    yields: bool = False


FAST = Part("fast", "fast tests", ("-m", "not slow and not real", "-n", str(CORES), "--dist", "worksteal"))
SCREENS = Part("screens", "every screen in a browser", ("-m", "slow or real", "-n", str(CORES), "tests/screens"), True)
SPREAD = ("-n", str(CORES + 1), "--dist", "loadfile", "--no-loadscope-reorder")  # they mostly wait; see `beside`
REST = Part(
    "rest",
    "tests on real screens, browsers and sound",
    ("-m", "slow or real", "--ignore=tests/screens", *SPREAD),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self) -> str:
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


def main() -> int:
    begun = time.monotonic()
    until = begun + LIMIT_S - DEMO_RESERVE_S
    outcomes = first_try(until)
    for part, outcome in list(outcomes.items()):
        outcomes[part] = once_more(part, outcome, until)
    demo = run_demo(LIMIT_S - (time.monotonic() - begun))
    outcome = sum(outcomes.values(), demo)
    print(f"\n===== {outcome} in {time.monotonic() - begun:.0f} s =====")
    return 1 if outcome.failed or not outcome.passed else 0


def first_try(until: float) -> dict[Part, Outcome]:
    """On one core one after another."""
    with ThreadPoolExecutor(1) as aside:
        screens = aside.submit(run_pytest, SCREENS, until)
        if CORES == 1:
            screens.result()
        fast = run_pytest(FAST, until)
        outcomes = {FAST: fast, SCREENS: screens.result()}
    return {**outcomes, REST: run_pytest(REST, until)}


def once_more(part: Part, outcome: Outcome, until: float) -> Outcome:
    """What failed is run once more, one after another, and that is said: real desktops on a busy machine are late now
    and then."""
    if not 0 < outcome.failed <= AGAIN_AT_MOST:
        return outcome
    print(f"--- {part.title}: {outcome.failed} failed; once more", flush=True)
    words = (*part.words, *ONE_AFTER_ANOTHER, "--last-failed")
    again = run_pytest(Part(part.name, f"{part.title}, second try", words), until)
    return Outcome(outcome.passed + again.passed, again.failed, outcome.skipped)


def run_pytest(part: Part, until: float) -> Outcome:
    begun = time.monotonic()
    report_path = ROOT / "build" / f"pytest-{part.name}.xml"
    report_path.parent.mkdir(exist_ok=True)
    report_path.unlink(missing_ok=True)
    own = (f"--junitxml={report_path}", "-o", f"cache_dir=.pytest_cache/{part.name}")  # parts run beside each other
    status = run([sys.executable, "-m", "pytest", *part.words, *own], until - begun, part)
    outcome = _outcome(report_path, status)
    print(f"--- {part.title}: {outcome} in {time.monotonic() - begun:.0f} s", flush=True)
    return outcome


def _outcome(report_path: Path, status: int) -> Outcome:
    if status == NOTHING_COLLECTED:
        return Outcome()
    if not report_path.exists():
        return Outcome(failed=1)
    outcome = read_junit(report_path)
    return outcome if status == 0 or outcome.failed else outcome + Outcome(failed=1)


def run(command: list[str], limit_s: float, part: Part) -> int:
    """Exit status; 124 where the time was over and the program was ended."""
    if not part.yields:
        print(f"--- {part.title}", flush=True)
        return _run(command, limit_s, None)
    log_path = ROOT / "build" / f"pytest-{part.name}.log"
    with log_path.open("w") as log:
        status = _run(["nice", "-n", "10", *command] if shutil.which("nice") else command, limit_s, log)
    print(f"--- {part.title}\n{log_path.read_text(errors='replace')}", flush=True)
    return status


def _run(command: list[str], limit_s: float, log: TextIO | None) -> int:
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=ENVIRONMENT, timeout=max(limit_s, 1.0), check=False, stdout=log, stderr=log
        )
    except subprocess.TimeoutExpired:
        print(f"the time was over after {limit_s:.0f} s: {' '.join(command)}", flush=True)
        return 124
    return done.returncode


def read_junit(path: Path) -> Outcome:
    total = Counter[str]()
    for suite in ElementTree.parse(path).iter("testsuite"):
        for name in ("tests", "failures", "errors", "skipped"):
            total[name] += int(suite.get(name, "0"))
    failed = total["failures"] + total["errors"]
    return Outcome(total["tests"] - failed - total["skipped"], failed, total["skipped"])


def run_demo(limit_s: float) -> Outcome:
    """Each step of the demo counts as one test."""
    begun = time.monotonic()
    summary_path = ROOT / "demo-output" / "summary.json"
    summary_path.unlink(missing_ok=True)
    print("--- the demo, end to end", flush=True)
    status = _run([sys.executable, "-m", "demo", "--scripted"], limit_s, None)
    outcome = Outcome(failed=1)
    if summary_path.exists():
        steps = [bool(step["ok"]) for step in json.loads(summary_path.read_text(encoding="utf-8"))["steps"]]
        outcome = Outcome(steps.count(True), steps.count(False))
        outcome = outcome if status == 0 or outcome.failed else outcome + Outcome(failed=1)
    print(f"--- the demo, end to end: {outcome} in {time.monotonic() - begun:.0f} s", flush=True)
    return outcome


if __name__ == "__main__":
    sys.exit(main())
