"""The demo with people: the console opens in the browser, the agent's window on the desktop; a person plays both sides.

The computer's own screen, camera and microphone are used; what it does not have is simulated, and said. Called by
__main__ where there is a display.
"""

import os
import shutil
import subprocess
import time
import webbrowser
from collections.abc import Callable
from pathlib import Path

from demo.failure import StepFailed
from demo.processes import MARK
from demo.proctor import BROWSERS
from demo.scripted import fresh, put_away
from demo.stage import CANDIDATE_NAME, PROCTOR_ID, Stage, build
from demo.steps import institution
from demo.steps.check_in import SENTENCE
from tests.rig.camera import with_card

Say = Callable[[str], None]
LONGEST_S = 3 * 3600
SPEAKS_EVERY_S = 6.0


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
        for trouble in stage.clear():
            say(f"demo: {trouble}")
        del os.environ[MARK]
    put_away(stage, keep, say)
    return status


def _play(stage: Stage, say: Say) -> None:
    say("Making an institution, an exam, a server and a proctor …")
    stage.proctor.start()
    institution.prepare(stage)
    stage.proctor.stop()
    environment = _simulate(stage, say)
    _tell(stage, say)
    _open_console(stage, say)
    stage.agent.start(stage.facts.link, environment)
    _wait_end(stage, speaks="PULSE_SERVER" in environment)
    _tell_evidence(stage, say)


# --- the computer -----------------------------------------------------------------------------------------------------


def _simulate(stage: Stage, say: Say) -> dict[str, str]:
    """What to add to the agent's environment: a virtual camera or microphone where this computer has none."""
    environment: dict[str, str] = {}
    if not any(Path("/dev").glob("video*")):
        say("This computer has no camera: the candidate's camera is SIMULATED, it shows a drawn person with a card.")
        stage.machine.camera.build(with_card(CANDIDATE_NAME.upper(), "S 482 117"))
        environment |= stage.machine.camera.environment()
    if not _has_microphone():
        say("This computer has no microphone: the candidate's is SIMULATED, a computer's voice speaks at the checks.")
        stage.machine.microphone.start()
        environment |= stage.machine.microphone.environment()
    return environment


def _has_microphone() -> bool:
    """Whether the desktop's sound server has a source that is not the echo of a loudspeaker."""
    lines = _ask("pactl", "list", "short", "sources").splitlines()
    names = [line.split("\t")[1] for line in lines if line.count("\t") > 1]
    return any(not name.endswith(".monitor") for name in names)


def _ask(*command: str) -> str:
    """What a desktop's tool says; nothing where it is not there or fails."""
    try:
        done = subprocess.run(  # noqa: S603 - fixed programs, named above and below
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _open_console(stage: Stage, say: Say) -> None:
    """In the person's own browser; where the desktop names none, in one of ours with a profile of its own.

    Ours for an administrator too: for one, most browsers do not start with their sandbox, and say so to nobody.
    """
    url = f"{stage.server.url}/console/"
    is_administrator = os.geteuid() == 0
    if not is_administrator and _ask("xdg-settings", "get", "default-web-browser") and webbrowser.open(url):
        return
    browser_path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser_path is None:
        say(f"No browser was found. Please open {url} yourself.")
        return
    options = ["--no-first-run", f"--user-data-dir={stage.work_dir / 'browser'}", "--password-store=basic"]
    if is_administrator:
        options.append("--no-sandbox")
    stage.processes.start("browser", [browser_path, *options, "--new-window", url])


def _wait_end(stage: Stage, *, speaks: bool) -> None:
    """Until the person closes the agent. A simulated microphone is spoken into while it is being checked."""
    until, next_s = time.monotonic() + LONGEST_S, 0.0
    while stage.agent.running is not None and stage.agent.running.alive and time.monotonic() < until:
        if speaks and stage.agent.phase() == "checking" and time.monotonic() >= next_s:
            stage.machine.microphone.silence()
            stage.machine.microphone.speak(SENTENCE)
            next_s = time.monotonic() + SPEAKS_EVERY_S
        time.sleep(0.25)
    status = stage.agent.wait_end(0)
    if status:
        raise StepFailed(f"the agent ended with status {status}: {stage.agent.log_end()}")


# --- words ------------------------------------------------------------------------------------------------------------


def _tell(stage: Stage, say: Say) -> None:
    """A person needs to see these secrets: they exist for this demo alone and are gone afterwards."""
    say(f"""
  You play both sides. Two windows open: the proctor's console in a browser, and the candidate's program.

  Proctor    {stage.server.url}/console/
             id           {PROCTOR_ID}
             password     {stage.password_path.read_text(encoding="utf-8")}
             key file     {stage.facts.key_path}
             passphrase   {stage.passphrase_path.read_text(encoding="utf-8")}

  1. In the browser, sign in and open the key file.
  2. In the candidate's window, accept the rules, wait for the checks, take both pictures and send them.
  3. In the browser, choose {CANDIDATE_NAME} and click "Approve and admit".
  4. The exam now fills this screen and holds the keyboard, as it would for a candidate. The console is behind it.
     Write something, then finish or leave with the buttons at the edge of the screen: the computer is given back.
     Decide on flags from outside only while the session lasts; this browser itself is one of the flags.
  5. Close the candidate's window at the end.

  Then the evidence is checked and opened. Ctrl+C here ends everything and gives the computer back.
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
    say(f"""
  The evidence    {bundle_path}
  Films, pictures {stage.output_dir / "opened"}
  Report          {report_path}
""")
