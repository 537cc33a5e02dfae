"""Camera and microphone that fail in the middle of check-in: the row or a banner says it without being asked, with what
to do, and whoever mends it goes on. On a real screen, with a camera and a sound server of the rig.
"""

from collections.abc import Callable

import pytest

from demo.candidate import Candidate
from demo.failure import wait_for
from tests.rig.camera import capped, frozen, person
from tests.sitting.desk import START_S, Desk, SeatedAgent
from tests.sitting.test_bad_input import is_free, usable

pytestmark = [pytest.mark.real, pytest.mark.slow]

USUAL = {"PULSE_SOURCE": "@DEFAULT_SOURCE@"}  # as on every computer: what the system records from


@pytest.fixture
def agent(desk: Desk) -> SeatedAgent:
    desk.camera.show(person)
    desk.microphone.play_tone(440, 240)
    made = desk.starts(desk.exam.words(desk.exam.ticket()), env=USUAL)
    made.wait_phase("consenting", timeout_s=START_S)
    return made


def row(person: Candidate, code: str) -> tuple[str, str]:
    """Its tone and its words."""
    tone = f"document.querySelector('#check-{code}')?.className ?? ''"
    return str(person.own.evaluate(tone)), person.own.text(f"#check-{code}")


def says(person: Candidate, code: str, words: str) -> None:
    """Nobody pressed anything: the row says it, and the way is closed."""
    wait_for(f"{code}: {words}", lambda: words in row(person, code)[1], 40)
    assert "stop" in row(person, code)[0] and not usable(person, "#checks-continue")


def passes(person: Candidate, code: str) -> None:
    wait_for(f"{code} passes by itself", lambda: "fine" in row(person, code)[0] or "look" in row(person, code)[0], 40)


def test_in_the_checks_the_row_follows_the_device(desk: Desk, agent: SeatedAgent) -> None:
    candidate, camera = desk.candidate(agent), desk.camera
    candidate.consents()
    wait_for("all are measured", lambda: is_free(candidate), 90)
    faults: list[tuple[str, Callable[[], None], str, Callable[[], None]]] = [
        ("camera", lambda: camera.show(frozen), "stands still", lambda: camera.show(person)),
        ("camera", lambda: camera.show(capped), "picture is black", lambda: camera.show(person)),
        ("camera", camera.unplug, "camera", camera.plug),
    ]
    for code, breaks, words, mends in faults:
        breaks()
        says(candidate, code, words)
        mends()
        passes(candidate, code)
    headset = desk.microphone.plug_headset()
    says(candidate, "microphone", "gives no sound at all")
    desk.microphone.unplug_headset(headset)
    passes(candidate, "microphone")
    wait_for("the way is free", lambda: is_free(candidate), 60)
    candidate.own.click("#checks-continue")
    agent.wait_phase("identifying", timeout_s=10)
    in_the_middle_of_the_identity_picture(desk, candidate)
    in_the_middle_of_the_room_scan(desk, candidate)
    assert desk.closes(agent) in (0, 13)


def in_the_middle_of_the_identity_picture(desk: Desk, candidate: Candidate) -> None:
    candidate.own.click("#capture-id_card", 20)
    desk.camera.unplug()
    candidate.sees("No camera was found", "Plug it in", timeout_s=40)
    desk.camera.plug()
    wait_for("the banner goes", lambda: "No camera was found" not in candidate.own.text(), 40)
    desk.camera.show(frozen)
    candidate.sees("picture stands still", "Unplug the camera", timeout_s=40)
    desk.camera.show(person)
    candidate.captures("id_card")


def in_the_middle_of_the_room_scan(desk: Desk, candidate: Candidate) -> None:
    candidate.own.click("#capture-room", 30)
    wait_for("it is under way", lambda: usable(candidate, "#stop-room"), 20)
    desk.camera.unplug()
    candidate.sees("No camera was found", "Plug it in", timeout_s=40)
    desk.camera.plug()
    wait_for("it can be tried again", lambda: usable(candidate, "#capture-room"), 40)
    wait_for("the banner goes", lambda: "No camera was found" not in candidate.own.text(), 40)
