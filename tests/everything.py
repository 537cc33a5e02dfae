"""`make test`: the fast tests, then the rest, then the demo as the end-to-end test; one summary line at the end."""

import json
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).parents[1]
LIMIT_S = 45.0 * 60  # two cores need 20 to 25 minutes; a busy one shall not fail for the time alone
DEMO_RESERVE_S = 160.0
FAST = ("fast tests", ("not slow and not real", "-n", "4", "--dist", "worksteal"))
SCREENS = ("every screen in a browser", ("slow or real", "-n", "2", "tests/screens"))
BESIDE = ("-n", "3", "--dist", "loadfile", "--no-loadscope-reorder")  # they mostly wait; see `beside`
REST = ("tests on real screens, browsers and sound", ("slow or real", "--ignore=tests/screens", *BESIDE))
NOTHING_COLLECTED = 5
AGAIN_AT_MOST = 40  # a desk that does not come up fails every test of its file; more is no accident
ONE_AFTER_ANOTHER = ("-n", "0")


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
    outcome = Outcome()
    for title, marks in (FAST, SCREENS, REST):
        remaining_s = LIMIT_S - DEMO_RESERVE_S - (time.monotonic() - begun)
        outcome += _part(title, lambda marks=marks, limit_s=remaining_s: run_pytest(marks, limit_s))
    outcome += _part("the demo, end to end", lambda: run_demo(LIMIT_S - (time.monotonic() - begun)))
    print(f"\n===== {outcome} in {time.monotonic() - begun:.0f} s =====")
    return 1 if outcome.failed or not outcome.passed else 0


def _part(title: str, run) -> Outcome:  # type: ignore[no-untyped-def]
    print(f"--- {title}", flush=True)
    outcome: Outcome = run()
    print(f"--- {title}: {outcome}", flush=True)
    return outcome


def run_pytest(marks: tuple[str, ...], limit_s: float) -> Outcome:
    """What failed is run once more, one after another, and that is said: real desktops on a busy machine are late now
    and then."""
    begun = time.monotonic()
    outcome = _pytest(marks, limit_s)
    if not 0 < outcome.failed <= AGAIN_AT_MOST:
        return outcome
    print(f"--- {outcome.failed} failed; once more", flush=True)
    again = _pytest((*marks, *ONE_AFTER_ANOTHER, "--last-failed"), limit_s - (time.monotonic() - begun))
    print(f"--- at the second try: {again}", flush=True)
    return Outcome(outcome.passed + again.passed, again.failed, outcome.skipped)


def _pytest(marks: tuple[str, ...], limit_s: float) -> Outcome:
    report_path = ROOT / "build" / "pytest.xml"
    report_path.parent.mkdir(exist_ok=True)
    report_path.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "-m", *marks, f"--junitxml={report_path}"]
    status = run(command, limit_s)
    if status == NOTHING_COLLECTED:
        return Outcome()
    if not report_path.exists():
        return Outcome(failed=1)
    outcome = read_junit(report_path)
    return outcome if status == 0 or outcome.failed else outcome + Outcome(failed=1)


def run(command: list[str], limit_s: float) -> int:
    """Exit status; 124 where the time was over and the program was ended."""
    try:
        return subprocess.run(command, cwd=ROOT, timeout=max(limit_s, 1.0), check=False).returncode
    except subprocess.TimeoutExpired:
        print(f"the time was over after {limit_s:.0f} s: {' '.join(command)}", flush=True)
        return 124


def read_junit(path: Path) -> Outcome:
    total = Counter[str]()
    for suite in ElementTree.parse(path).iter("testsuite"):
        for name in ("tests", "failures", "errors", "skipped"):
            total[name] += int(suite.get(name, "0"))
    failed = total["failures"] + total["errors"]
    return Outcome(total["tests"] - failed - total["skipped"], failed, total["skipped"])


def run_demo(limit_s: float) -> Outcome:
    """Each step of the demo counts as one test."""
    summary_path = ROOT / "demo-output" / "summary.json"
    summary_path.unlink(missing_ok=True)
    status = run([sys.executable, "-m", "demo", "--scripted"], limit_s)
    if not summary_path.exists():
        return Outcome(failed=1)
    steps = [bool(step["ok"]) for step in json.loads(summary_path.read_text(encoding="utf-8"))["steps"]]
    outcome = Outcome(steps.count(True), steps.count(False))
    return outcome if status == 0 or outcome.failed else outcome + Outcome(failed=1)


if __name__ == "__main__":
    sys.exit(main())
