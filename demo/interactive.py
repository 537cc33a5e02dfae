"""The demo with people: the console opens in the browser, the agent's window on the desktop; a person plays both sides.

The computer's own screen, camera and microphone are used. Called by __main__ where there is a display.
"""

import os
import webbrowser
from collections.abc import Callable
from pathlib import Path

from demo.failure import StepFailed
from demo.processes import MARK
from demo.scripted import fresh, put_away
from demo.stage import PROCTOR_ID, Stage, build
from demo.steps import institution

Say = Callable[[str], None]


def run(output_dir: Path, *, keep: bool, say: Say) -> int:
    """Exit status. Ends when the agent ends, or with Ctrl+C."""
    fresh(output_dir)
    stage = build(output_dir)
    os.environ[MARK] = stage.processes.run_id
    try:
        _play(stage, say)
        status = 0
    except StepFailed as error:
        say(f"demo: {error}")
        status = 1
    except KeyboardInterrupt:
        say("demo: ended by you")
        status = 130
    finally:
        stage.clear()
        del os.environ[MARK]
    put_away(stage, keep, say)
    return status


def _play(stage: Stage, say: Say) -> None:
    say("Making an institution, an exam, a server and a proctor …")
    stage.proctor.start()
    institution.prepare(stage)
    stage.proctor.stop()
    _tell_proctor(stage, say)
    webbrowser.open(f"{stage.server.url}/console/")
    stage.agent.start(stage.facts.link, {})
    say("The candidate's window opens. Everything ends when you close it, or with Ctrl+C here.")
    stage.agent.wait_end(3 * 3600)
    _tell_evidence(stage, say)


def _tell_proctor(stage: Stage, say: Say) -> None:
    """A person needs to see these secrets: they exist for this demo alone and are gone afterwards."""
    say(f"""
  The proctor's side    {stage.server.url}/console/
    id                  {PROCTOR_ID}
    password            {stage.password_path.read_text(encoding="utf-8")}
    key file            {stage.facts.key_path}
    its passphrase      {stage.passphrase_path.read_text(encoding="utf-8")}
""")


def _tell_evidence(stage: Stage, say: Say) -> None:
    facts = stage.facts
    sessions = [str(line["session_id"]) for line in stage.agent.events("session") if "session_id" in line]
    if not sessions:
        say("The sitting did not begin; there is no evidence to look at.")
        return
    bundle_path, report_path = stage.output_dir / "session.bundle.zip", stage.output_dir / "integrity-report.html"
    stage.server.export(sessions[-1], bundle_path)
    say(stage.evidence.verify(bundle_path, facts.root, statuses=tuple(range(128))).strip())
    stage.evidence.open(bundle_path, facts.key_path, stage.passphrase_path, stage.output_dir / "opened")
    stage.evidence.report(bundle_path, facts.root, facts.key_path, stage.passphrase_path, report_path)
    say(f"demo: evidence, films and the integrity report are in {stage.output_dir}")
