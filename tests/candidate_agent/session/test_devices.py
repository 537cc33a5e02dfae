"""A camera or a microphone that fails or comes back between the checks and the exam: said at once, mended at once."""

import pytest

from candidate_agent.session import effects as fx
from candidate_agent.session import events as ev
from candidate_agent.session.states import Phase
from exam_protocol.policy import Accommodations
from tests.candidate_agent.session.test_machine import OK_ROW, PACKAGE, Play, waiting
from tests.candidate_agent.session.test_steps import identifying, logged

GONE, BACK = ev.DeviceChanged("camera", "camera_missing"), ev.DeviceChanged("camera", "")


def checked() -> Play:
    agreed = Play()(ev.PackageOpened(PACKAGE, "en"), ev.Enrolled("Kim", Accommodations()), ev.ConsentGiven())
    return agreed(ev.CheckMeasured(OK_ROW), ev.ChecksFinished())


@pytest.mark.parametrize("event", [GONE, BACK, ev.DeviceChanged("microphone", "muted")])
def test_in_the_checks_its_row_is_measured_again_by_itself(event: ev.DeviceChanged) -> None:
    play = checked()(event)
    assert fx.OpenPreview() in play.effects and fx.RunChecks(event.device) in play.effects
    assert play.session.measuring == {event.device}
    assert logged(play) == [("device_changed", f"{event.device}: {event.code or 'works'}")]


def test_not_while_something_else_is_measured() -> None:
    play = checked()(ev.CheckAgainAsked("displays"), GONE)
    assert not play.has(fx.RunChecks) and play.session.measuring == {"displays"}


@pytest.mark.parametrize("play", [identifying(), waiting()], ids=["identifying", "waiting"])
def test_after_the_checks_a_banner_says_it_until_it_works_again(play: Play) -> None:
    phase = play.session.phase
    assert play(GONE).session.problem is not None and play.session.problem[0] == "camera_missing"
    assert play(ev.DeviceChanged("microphone", "")).session.problem is not None
    assert play(BACK).session.problem is None
    assert play.session.phase is phase


def test_a_failed_step_is_forgiven_once_the_camera_works() -> None:
    play = identifying()(ev.CaptureAsked("id_card"), ev.StepFailed("id_card", "camera_frozen", "x"))
    assert play(BACK).session.problem is None


def test_what_keeps_the_session_from_going_on_is_not_covered_by_a_device() -> None:
    play = waiting()(ev.LinkRefused("second_agent", "x"))
    assert play(GONE).session.problem == ("second_agent", "x")
    assert play(BACK).session.problem == ("second_agent", "x")
    assert play.session.phase is Phase.WAITING
