"""Steps 2 to 5: start, consent, checks, identity and room, words both ways, admission."""

from demo import reading
from demo.failure import StepFailed, need, wait_for
from demo.programs import Agent
from demo.reading import Picture
from demo.stage import CANDIDATE_NAME, EXAM_ID, INSTITUTION, Stage, free_port
from exam_protocol.catalogue import CHECKS

SENTENCE = "I read this sentence aloud, slowly and clearly, so that the microphone has something to hear. " * 2
CLIPBOARD_NOTE = "milk, bread, a birthday card"
ASK_AGAIN_REASON = "The card is a little blurred. Please hold it still."


def start(stage: Stage) -> str:
    """Verified: the window is on the X server, and the server shows the session to the proctor's browser."""
    fill_clipboard(stage, CLIPBOARD_NOTE)
    stage.facts.before = stage.machine.snapshot()
    stage.agent.start(stage.facts.link, stage.machine.environment())
    stage.candidate = stage.candidate_at(stage.agent.debug_port)
    stage.agent.wait_phase("consenting", timeout_s=60)
    windows = wait_for("the agent's window is on the screen", lambda: _windows(stage), 20)
    stage.facts.session_id = stage.proctor.selects(CANDIDATE_NAME)
    stage.proctor.waits_pane("trust", "verified")
    stage.pictures(2, "start")
    return (
        f"package verified, device enrolled, session {stage.facts.session_id[:8]}… in the console; window {windows!r}"
    )


def fill_clipboard(stage: Stage, text: str) -> None:
    """As a program of the candidate's own does; what was there before the exam must be there again afterwards."""
    note = stage.work_dir / "clipboard.txt"
    note.write_text(text, encoding="utf-8")
    command = ["xclip", "-quiet", "-selection", "clipboard", "-in", note]
    stage.processes.start("clipboard", command, stage.machine.environment())
    wait_for("the clipboard is filled", lambda: stage.machine.snapshot().clipboard == text, 10)


def _windows(stage: Stage) -> str:
    before = set(stage.facts.before.windows if stage.facts.before else ())
    return "; ".join(line for line in stage.machine.snapshot().windows if line not in before)


def consent(stage: Stage) -> str:
    """Verified: what is captured, who sees it, how long it is kept stand on the page. A refusal is played too."""
    _refuse_elsewhere(stage)
    text = stage.person.sees("screen", "90", INSTITUTION, timeout_s=30)
    stage.machine.picture(stage.output_dir / "03-consent-candidate.png")
    stage.person.consents()
    stage.agent.wait_phase("checking", timeout_s=20)
    return f"{len(text.split())} words say what is captured, why, who sees it, how long; a refusal led to room 204"


def _refuse_elsewhere(stage: Stage) -> None:
    """Somebody else starts, does not agree, sees the institution's alternative, and closes."""
    other = Agent(stage.processes, stage.work_dir / "somebody-else", free_port(), name="candidate-agent-2")
    other.start(stage.facts.spare_link, stage.machine.environment())
    person = stage.candidate_at(other.debug_port)
    other.wait_phase("consenting", timeout_s=60)
    person.refuses()
    person.sees("room 204")
    stage.machine.picture(stage.output_dir / "03-refused-candidate.png")
    person.closes()
    need(other.wait_end(20) == 0, "after a refusal the agent ended with an error")


def checks(stage: Stage) -> str:
    """Verified: the values on the page against what the X server and the rig say."""
    rows = stage.person.passes_checks(lambda: stage.machine.microphone.speak(SENTENCE))
    stage.machine.microphone.silence()
    missing = [code for code in CHECKS if not any(map(str.isalnum, rows.get(code, "")))]
    need(not missing, f"these checks show nothing: {missing}")
    need(str(stage.machine.displays()) in rows["displays"], f"the display check says {rows['displays']!r}")
    size = f"{stage.machine.camera.width}"
    need(any(width in rows["camera"] for width in (size, "640")), f"the camera check says {rows['camera']!r}")
    stage.agent.wait_phase("identifying", timeout_s=20)
    stage.pictures(4, "checks")
    return f"{len(rows)} checks with values, none that stops the exam"


def identity(stage: Stage) -> str:
    """Verified: the card's letters are read from the picture that the console opened."""
    person, proctor = stage.person, stage.proctor
    person.captures("id_card")
    person.captures("room")
    stage.agent.wait_phase("waiting", timeout_s=30)
    first = wait_for("the proctor sees the identity picture", lambda: proctor.pictures("id_card"), 20)
    room = wait_for("the proctor sees the room", lambda: proctor.pictures("room"), 20)
    need(not any(map(reading.is_blank, (*first, *room))), "an identity or room picture is blank")
    read = _letters(stage, first[-1])
    proctor.asks_again("id_card", ASK_AGAIN_REASON)
    person.sees(ASK_AGAIN_REASON)
    stage.pictures(5, "asked-again")
    stage.machine.hold_card(CANDIDATE_NAME, "S 482 118")  # the same picture twice would prove nothing
    person.captures("id_card")
    stage.machine.put_card_away()
    wait_for("the second identity picture arrives", lambda: "2" in proctor.attempt("id_card"), 20)
    need((proctor.pictures("id_card")[-1] != first[-1]).any(), "the second identity picture is the first one again")
    _talk(stage)
    stage.pictures(5, "admission")
    proctor.admits()
    return f"{len(room)} room pictures and two of the card in the console ('{read}' read from it), chat both ways"


def _letters(stage: Stage, picture: Picture) -> str:
    text = reading.words(picture, stage.processes, stage.work_dir)
    surname = CANDIDATE_NAME.split()[-1]
    if not reading.contains_words(text, surname):
        reading.write_png(picture, stage.output_dir / "05-unreadable-card.png")
        raise StepFailed(f"'{surname}' cannot be read from the identity picture; read: {text.split()[:20]}")
    return surname


def _talk(stage: Stage) -> None:
    """The canary goes through the chat: the server must never have it in clear (step 11)."""
    stage.person.says(f"Hello, {stage.canary}")
    stage.proctor.tab("chat")
    stage.proctor.sees(stage.canary)
    stage.proctor.says(f"Welcome to {EXAM_ID}. I let you in now.")
    stage.person.sees("I let you in now")
