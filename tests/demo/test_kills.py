"""kill -9 of the agent at twelve random moments of one sitting: the computer comes back, the sitting goes on, nothing
captured is lost. `KILLS_SEED=n` plays the same times again; a failure says at which moment it came.
"""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from demo.failure import StepFailed, need, wait_for
from demo.processes import MARK
from demo.stage import CANDIDATE_NAME, Stage, build
from demo.steps import institution
from demo.steps.check_in import CLIPBOARD_NOTE, SENTENCE, fill_clipboard
from demo.steps.ending import END_REASON
from demo.steps.exam import intervene
from exam_evidence.bundle import BundleReader, Frame
from exam_evidence.verify import verify
from exam_protocol.records import Lane
from tests.demo.killing import Blows, agent_ended, agents_left

ANSWER = "An eigenvalue of zero means that A maps a nonzero vector to zero"
PAUSE_REASON = "Please wait a moment."
TRIES = 4


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
@pytest.mark.timeout(280)
def test_twelve_kills_cost_neither_the_computer_nor_the_sitting_nor_a_record(stage: Stage) -> None:
    seed = int(os.environ.get("KILLS_SEED", secrets.randbelow(1_000_000)))
    print(f"KILLS_SEED={seed}")
    blows = Blows(stage, Random(seed))
    try:
        institution.play(stage)
        _check_in(blows)
        _exam(blows)
        _end(blows)
        _nothing_is_lost(blows)
    except Exception as error:
        stage.after_failure(len(blows.restored_s))
        pytest.fail(f"KILLS_SEED={seed}, last kill while {blows.moment}: {error}\n{stage.agent.log_end()}")
    print(f"computer as before after: {blows.restored_s}")


# --- check-in ---------------------------------------------------------------------------------------------------------


def _check_in(blows: Blows) -> None:
    stage = blows.stage
    fill_clipboard(stage, CLIPBOARD_NOTE)
    stage.facts.before = stage.machine.snapshot()
    blows.start()
    blows.reaches("joining", "consenting")
    blows.kill_and_restart("joining", "consenting", within_s=0.3)
    stage.facts.session_id = stage.proctor.selects(CANDIDATE_NAME)
    stage.proctor.waits_pane("trust", "verified")
    stage.person.own.click("#consent-next", 30)
    wait_for("the second stage", lambda: stage.person.consent_stage() == "webcam", 10)
    blows.kill_and_restart("consenting", "consenting")
    wait_for("the consent goes on where it was", lambda: stage.person.consent_stage() == "webcam", 20)
    stage.person.consents()
    blows.reaches("checking")
    blows.kill_and_restart("checking", "checking", within_s=3.0)
    _pass_checks(blows)
    blows.kill_and_restart("identifying, nothing sent", "identifying", within_s=2.0)
    stage.person.captures("id_card")
    blows.kill_and_restart("identifying, one picture sent", "identifying")
    stage.person.shows_room()
    blows.reaches("waiting")
    blows.kill_and_restart("waiting", "waiting")
    wait_for(
        "the proctor sees both steps", lambda: stage.proctor.pictures("id_card") and stage.proctor.pictures("room"), 20
    )


def _pass_checks(blows: Blows) -> None:
    """As a person would: speaks, and asks for all checks again where a busy machine made one fail."""
    stage, page = blows.stage, blows.stage.person.own
    for _ in range(TRIES):
        stage.machine.microphone.speak(SENTENCE)
        wait_for("the checks are done", lambda: page.place("#checks-again").state not in ("missing", "disabled"), 30)
        stage.machine.microphone.silence()
        if page.place("#checks-continue").state != "disabled":
            page.click("#checks-continue")
            return blows.reaches("identifying")
        page.click("#checks-again")
        wait_for("the checks run", lambda: page.place("#checks-again").state == "disabled", 5, every_s=0.05)
    raise StepFailed(f"the checks do not pass: {page.text()}")


# --- the exam ---------------------------------------------------------------------------------------------------------


def _exam(blows: Blows) -> None:
    stage = blows.stage
    _admit(blows, "locking", "running")
    blows.kill_and_restart("locking", "waiting")
    _run(blows)
    stage.person.exam.click("#answer")
    typing = stage.processes.start(
        "typing", ["xdotool", "type", "--delay", "25", "--", ANSWER], stage.machine.environment()
    )
    blows.kill_and_restart("typing", "waiting", within_s=1.5)
    typing.process.wait(10)
    _run(blows)
    stage.line.cut()
    blows.reaches("offline")
    blows.kill_and_restart("the line is cut", "waiting", within_s=2.0)
    stage.line.mend()
    _run(blows)
    stage.proctor.page.click("#pause-button")
    stage.proctor.page.fill("#reason-text", PAUSE_REASON)
    stage.proctor.page.click("#reason-ok")
    blows.reaches("paused")
    blows.kill_and_restart("paused", "waiting")
    _run(blows)
    for text in ("Please put away the book on your desk.", "Please put the book away now."):
        intervene(stage, "STOP_MATERIAL", "warning", text)
    blows.kill_and_restart("warned twice", "waiting")
    _run(blows)


def _admit(blows: Blows, *phases: str) -> None:
    """Whoever waits has to be admitted by the proctor, every time."""
    blows.stage.proctor.waits_pane("state", "waiting")
    blows.stage.proctor.waits_pane("link", "up")
    blows.stage.proctor.admits()
    blows.reaches(*phases)


def _run(blows: Blows) -> None:
    _admit(blows, "running")
    wait_for("the exam page is shown", blows.stage.person.exam_is_shown, 20)


# --- the end ----------------------------------------------------------------------------------------------------------


def _end(blows: Blows) -> None:
    """The warnings from before the last restart still count."""
    stage = blows.stage
    stage.proctor.terminates(END_REASON)
    blows.reaches("unlocking", "ended")
    stage.line.cut()
    blows.kill_and_restart("draining", "ended", within_s=0.5)
    stage.line.mend()
    agent_ended(blows)
    wait_for("the computer is as it was", lambda: stage.facts.before == stage.machine.snapshot(), 5)
    need(stage.machine.snapshot().clipboard == CLIPBOARD_NOTE, "the clipboard is not as it was")


def _nothing_is_lost(blows: Blows) -> None:
    stage, facts = blows.stage, blows.stage.facts
    need(blows.session_ids == {facts.session_id}, f"more than one session: {blows.session_ids}")
    stage.proctor.waits_pane("state", "ended")
    need(stage.proctor.flag("RESTARTED"), "no flag says that the program was restarted")
    need(
        not stage.proctor.page.inner_text("#pane-trust"),
        f"the console says: {stage.proctor.page.inner_text('#pane-trust')}",
    )
    need(not stage.proctor.errors, f"errors in the console: {stage.proctor.errors}")
    bundle_path = stage.output_dir / "session.bundle.zip"
    stage.server.export(facts.session_id, bundle_path)
    said = stage.evidence.verify(bundle_path, facts.root, key=(facts.key_path, stage.passphrase_path))
    need("restarted" in said, f"no gap 'restarted' is declared: {said}")
    print(said)
    with BundleReader(bundle_path) as reader:
        verdict = verify(reader, facts.root)
        arrived = {(lane, frame.position) for lane in Lane for frame in _frames(blows, reader, lane)}
    need(verdict.restored and not verdict.findings, f"findings: {verdict.findings}")
    lost = blows.appended.keys() - arrived
    need(not lost, f"{len(lost)} records were in the spool and did not arrive: {sorted(lost)[:10]}")
    left = agents_left(stage.processes.run_id)
    need(not left, f"processes of the agent are left: {left}")


def _frames(blows: Blows, reader: BundleReader, lane: int) -> list[Frame]:
    frames = [
        frame for frame in reader.lane(lane, bytes.fromhex(blows.stage.facts.session_id)) if isinstance(frame, Frame)
    ]
    for frame in frames:
        blows.note(lane, frame.position, frame.record)
    return frames
