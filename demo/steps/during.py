"""A problem is reported with a picture of the screen, and a break is taken. Called by `scripted`."""

import time

from demo.failure import need, wait_for
from demo.stage import Stage

PROBLEM = "The formula in question 3 is cut off on the right."
REPORT_PARTS = ("#report-part-server", "#report-part-candidate", "#report-part-facts", "#report-drop")


def reported(stage: Stage) -> str:
    """Verified: the console has the number that the candidate was told; a break is told as one; the exam comes back."""
    number = _report(stage)
    away_s = _rest(stage)
    return f"the console has {number}, which the server acknowledged; {away_s:.1f} s of break, and the exam came back"


def _report(stage: Stage) -> str:
    own = stage.person.own
    _open(stage, "report")
    own.click("#report-text")
    stage.person.pointer.type(PROBLEM)
    own.click("#report-take")
    wait_for("the picture is shown before it goes", lambda: own.place("#report-drop").state != "missing", 20)
    need(own.evaluate("document.getElementById('report-text').value") == PROBLEM, "what was typed is gone")
    missing = [part for part in REPORT_PARTS if own.place(part).state == "missing"]
    need(not missing, f"not shown before it goes: {missing}")
    stage.machine.picture(stage.output_dir / "08-bundle-candidate.png")
    own.click("#report-part-candidate")  # struck out
    own.click("#report-send")
    wait_for("the server has the report", lambda: _state(stage) == "received", 30)
    number = own.text("#report-number")
    stage.proctor.tab("chat")
    stage.proctor.sees(number, PROBLEM)
    stage.pictures(8, "report")
    stage.person.pointer.key("Escape")
    return number


def _state(stage: Stage) -> str:
    return str(stage.person.own.evaluate("document.getElementById('report-answer')?.dataset.state ?? ''"))


def _rest(stage: Stage) -> float:
    own = stage.person.own
    _open(stage, "break")
    own.click("#break-start")
    stage.agent.wait_phase("paused")
    began_s = time.monotonic()
    stage.proctor.sees("on a break")
    need(not stage.machine.snapshot().keyboard_free, "the keyboard was let go in the break")
    stage.pictures(8, "break")
    own.click("#break-back")
    stage.agent.wait_phase("running")
    wait_for("the answer is there as before", lambda: stage.person.answer() == stage.facts.answer, 15)
    return time.monotonic() - began_s


def _open(stage: Stage, panel: str) -> None:
    """On a narrow bar the buttons are folded away."""
    own = stage.person.own
    if own.place(f"#{panel}").state == "there":
        own.click(f"#{panel}")
        return
    own.click("#more")
    own.click(f"#more-{panel}")
