"""The check screen as a person meets it, on a real screen, camera and sound server: a camera that another program has,
a sound to hear, a rehearsal that is begun and stopped.
"""

import pytest

from demo.failure import wait_for
from tests.sitting.desk import Desk
from tests.sitting.test_bad_input import passes_again, usable

pytestmark = [pytest.mark.real, pytest.mark.slow]


def test_a_busy_camera_a_sound_and_a_rehearsal(desk: Desk) -> None:
    desk.camera.seize()
    desk.microphone.play_tone(440, 90)
    agent = desk.sits(desk.exam.ticket())
    person = desk.candidate(agent)
    person.consents()
    wait_for("all are measured", lambda: usable(person, "#check-again-camera"), 60)
    assert not usable(person, "#checks-continue")
    assert "Another program uses the camera" in person.own.text("#check-camera")
    assert "gives no picture" in person.own.text("#hint-camera")
    wait_for("the microphone is heard", lambda: "We hear you" in person.own.text("#hint-voice"), 20)

    person.own.click("#play-tone")
    person.own.click("#speaker-heard", 20)
    wait_for("the answer is a row", lambda: "You heard it" in person.own.text("#check-speaker"), 10)

    desk.camera.release()
    person.own.click("#rehearse")
    wait_for("it records", lambda: "to go" in person.own.text("#check-rehearsal"), 20)
    assert not usable(person, "#checks-again")
    person.own.click("#rehearse-stop")
    wait_for("it is stopped", lambda: usable(person, "#rehearse"), 20)
    assert list(agent.home_dir.rglob("*.mp4")) == [] and "rehearsal_failed" not in agent.log()

    passes_again(desk, agent, "camera")
