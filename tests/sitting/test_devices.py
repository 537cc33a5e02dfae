"""Camera and microphone that fail in the middle of check-in: the row or a banner says it without being asked, with what
to do, and whoever mends it goes on. On a real screen, with a camera and a sound server of the rig.
"""

from pathlib import Path

import pytest

from demo.candidate import Candidate
from demo.failure import wait_for
from tests.rig.camera import capped, frozen, person
from tests.sitting.desk import START_S, Desk, SeatedAgent
from tests.sitting.short_way import SWITCHES
from tests.sitting.test_bad_input import usable

pytestmark = [pytest.mark.real, pytest.mark.slow, pytest.mark.timeout(280)]

BANNER = "!!document.getElementById('banner-problem')"
USUAL = {"PULSE_SOURCE": "@DEFAULT_SOURCE@"}  # as on every computer: what the system records from


def begins(desk: Desk, switches: Path) -> SeatedAgent:
    desk.camera.show(person)
    desk.microphone.play_tone(440, 300)  # longer than the test on any machine
    agent = desk.agent()
    agent.module = "tests.sitting.short_way"
    words = [*desk.exam.words(desk.exam.ticket()), "--no-window"]
    agent.begin(words, desk.environment({**USUAL, SWITCHES: str(switches)}))
    agent.wait_phase("consenting", timeout_s=START_S)
    return agent


def row(person: Candidate, code: str) -> tuple[str, str]:
    """Its tone and its words."""
    tone = f"document.querySelector('#check-{code}')?.className ?? ''"
    return str(person.own.evaluate(tone)), person.own.text(f"#check-{code}")


def says(person: Candidate, code: str, words: str) -> None:
    """Nobody pressed anything: the row says it, and the way is closed."""
    wait_for(f"{code}: {words}", lambda: words in row(person, code)[1], 40)
    assert "stop" in row(person, code)[0] and not usable(person, "#checks-continue")


def passes(person: Candidate, code: str) -> None:
    """By itself; but a test machine may be too busy for the pictures of a second, and then a person presses."""

    def look() -> bool:
        tone, words = row(person, code)
        if "too slow" in words and usable(person, f"#check-again-{code}"):
            person.own.click(f"#check-again-{code}")
        return "fine" in tone or "look" in tone

    wait_for(f"{code} passes by itself, which says {row(person, code)}", look, 60)


def test_in_the_checks_the_row_follows_the_device(desk: Desk, tmp_path: Path) -> None:
    agent, camera = begins(desk, tmp_path / "switches"), desk.camera
    candidate = desk.candidate(agent)
    candidate.consents()
    wait_for("all are measured", lambda: usable(candidate, "#checks-again"), 90)
    passes(candidate, "camera")
    camera.show(frozen)
    says(candidate, "camera", "stands still")
    camera.unplug()
    camera.show(person)
    camera.plug()
    passes(candidate, "camera")
    headset = desk.microphone.plug_headset()
    says(candidate, "microphone", "gives no sound at all")
    desk.microphone.unplug_headset(headset)
    passes(candidate, "microphone")
    assert desk.closes(agent) == 0


def test_after_the_checks_a_banner_says_it_and_the_step_is_done_once_it_is_mended(desk: Desk, tmp_path: Path) -> None:
    """Unplugged in the middle of the identity picture and of the room scan; black; with another program."""
    switches = tmp_path / "switches"
    agent, camera = begins(desk, switches), desk.camera
    switches.write_text("be identifying\n")
    agent.wait_phase("identifying")
    candidate = desk.candidate(agent)
    candidate.own.click("#capture-id_card", 30)
    camera.unplug()
    candidate.sees("No camera was found", "Plug it in", timeout_s=40)
    camera.plug()
    wait_for("the banner goes", lambda: "No camera was found" not in candidate.own.text(), 40)
    camera.show(capped)
    candidate.sees("picture is black", "Open the camera", timeout_s=40)
    camera.show(person)
    candidate.captures("id_card")
    candidate.own.click("#capture-room", 30)
    wait_for("the scan is under way", lambda: usable(candidate, "#stop-room"), 20)
    camera.seize()
    camera.unplug()
    candidate.sees("The camera", timeout_s=40)
    wait_for("it says so", lambda: "Plug it in" in candidate.own.text() or "Close meeting" in candidate.own.text(), 40)
    camera.release()
    camera.plug()
    wait_for("it can be tried again", lambda: usable(candidate, "#capture-room"), 40)
    wait_for("the banner goes", lambda: not candidate.own.evaluate(BANNER), 40)
    assert desk.closes(agent) == 0
