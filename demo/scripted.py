"""The scripted sitting: thirteen steps on a computer of its own. Called by __main__."""

import os
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

from demo import result
from demo.player import Step, play_all, time_limit
from demo.processes import MARK
from demo.stage import Stage, build
from demo.steps import check_in, during, ending, exam, institution

LIMIT_S = 600.0

STEPS: tuple[tuple[str, Callable[[Stage], str]], ...] = (
    ("The institution, its server and its proctor", institution.play),
    ("The agent starts from the link", check_in.start),
    ("Consent, and what a refusal leads to", check_in.consent),
    ("Checks with measured values", check_in.checks),
    ("Identity, room, words both ways, admission", check_in.identity),
    ("Lockdown and the exam page", exam.lockdown),
    ("Live picture and sound, opened in the console", exam.live),
    ("A second display, a flag, a reminder", exam.second_display),
    ("A problem reported, a break taken", during.reported),
    ("The line is cut and comes back", exam.cut_line),
    ("Two warnings, the end, the computer as it was", ending.terminate),
    ("Evidence without a server", ending.evidence),
    ("Receipt and integrity report", ending.receipt),
)


def run(output_dir: Path, *, keep: bool, say: Callable[[str], None]) -> bool:
    """Whether all steps passed. `keep` leaves the working folder (keys, server and agent data) for a look."""
    fresh(output_dir)
    stage = build(output_dir)
    os.environ[MARK] = stage.processes.run_id  # so that everything started from here can be found again
    steps = [Step(name, partial(play, stage)) for name, play in STEPS]
    results: tuple[result.StepResult, ...] = ()
    try:
        with time_limit(LIMIT_S):
            results = play_all(steps, output_dir=output_dir, on_failure=stage.after_failure, say=say)
    finally:
        troubles = stage.clear()
        del os.environ[MARK]
    for trouble in troubles:
        say(f"{'':5}  did not end by itself: {trouble}")
    stage.figures["left_running"] = len(troubles)
    summary = result.summarise(results, stage.figures)
    result.write(summary, output_dir)
    put_away(stage, keep, say)
    return summary.passed


def fresh(output_dir: Path) -> None:
    """An empty folder; only what a demo left there is taken away."""
    if output_dir.exists():
        shutil.rmtree(output_dir)
    output_dir.mkdir(parents=True)


def put_away(stage: Stage, keep: bool, say: Callable[[str], None]) -> None:
    """Keys, server and agent data go, unless somebody wants to look."""
    if keep:
        say(f"kept: {stage.work_dir}")
    else:
        shutil.rmtree(stage.work_dir, ignore_errors=True)
