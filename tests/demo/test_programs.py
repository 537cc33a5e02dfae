"""A program of the published list in a real sitting: named before the exam and during it, closed at the candidate's
click, flagged for the proctor. What stands for the program is a sleep under its name.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.failure import need, wait_for
from demo.processes import MARK, Running
from demo.stage import Stage, build
from demo.steps import institution
from demo.steps.check_in import SENTENCE, start

NAME = "RustDesk"
_BUTTONS = """[...document.querySelectorAll('[id^="close-program-"]')]
  .map(button => [button.id, (button.closest('section') || button).innerText])"""


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    stage = build(tmp_path)
    monkeypatch.setenv(MARK, stage.processes.run_id)
    try:
        yield stage
    finally:
        stage.clear()


@pytest.mark.real
@pytest.mark.slow
@pytest.mark.timeout(180)
def test_a_listed_program_is_named_asked_to_close_and_flagged(stage: Stage, tmp_path: Path) -> None:
    program = Path(shutil.copy("/bin/sleep", tmp_path / NAME.lower()))
    institution.play(stage)
    start(stage)
    running = begins(stage, program)
    stage.person.consents()
    closes(stage, running, "#check-programs")
    stage.person.passes_checks(lambda: stage.machine.microphone.speak(SENTENCE))
    stage.person.captures("id_card")
    stage.person.shows_room()
    stage.proctor.waits_pane("state", "waiting")
    stage.proctor.admits()
    stage.agent.wait_phase("running", timeout_s=40)
    wait_for("the exam page is shown", stage.person.exam_is_shown, 20)
    running = begins(stage, program)
    need(NAME in stage.proctor.flag("REMOTE_CONTROL"), "the flag does not name the program")
    stage.person.sees(f"{NAME} is open. This exam does not allow it.")
    closes(stage, running, "#screen")
    wait_for("the notice is gone", lambda: NAME not in stage.person.own.text(), 15)
    need(stage.agent.phase() == "running", "the exam does not go on")


def begins(stage: Stage, program: Path) -> Running:
    return stage.processes.start(NAME, [program, "600"], stage.machine.environment())


def closes(stage: Stage, running: Running, where: str) -> None:
    """By the button beside its name; other tests on this computer may have programs of the list open as well."""
    page = stage.person.own
    wait_for("the program is named", lambda: NAME in page.text(where), 30)
    buttons = page.evaluate(_BUTTONS)
    [button] = [identity for identity, text in buttons if NAME in text]
    page.click(f"#{button}")
    wait_for("the program has ended", lambda: not running.alive, 20)
