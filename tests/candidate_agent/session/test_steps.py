"""Identity picture and room scan in the session: three tries, then a person; other ways; nothing ends by itself."""

import pytest

from candidate_agent.session import effects as fx
from candidate_agent.session import events as ev
from candidate_agent.session.states import Phase, StepStatus
from exam_protocol import messages as m
from exam_protocol.policy import Accommodations
from exam_protocol.records import LogEntry
from tests.candidate_agent.session.test_machine import ACCESS, OK_ROW, PACKAGE, Play, command


def identifying() -> Play:
    return Play()(
        ev.PackageOpened(PACKAGE, "en"), ev.Enrolled("Kim", Accommodations()), ev.LinkUp(), ev.LeaseRenewed(60),
        ev.ConsentGiven(), ev.CheckMeasured(OK_ROW), ev.ChecksFinished(), ev.ContinueAsked(),
    )  # fmt: skip


def at_room() -> Play:
    return identifying()(ev.CaptureAsked("id_card"), ev.StepCaptured("id_card", "good"), ev.StepConfirmed("id_card"))


def flags(play: Play) -> list[str]:
    return [effect.code for effect in play.effects if isinstance(effect, fx.RaiseFlag)]


def logged(play: Play) -> list[tuple[str, str]]:
    entries = [effect.entry for effect in play.effects if isinstance(effect, fx.Record)]
    return [(entry.event, entry.detail) for entry in entries if isinstance(entry, LogEntry)]


def test_after_three_pictures_that_cannot_be_read_a_person_is_told_once_and_the_candidate_goes_on() -> None:
    play, raised = identifying(), list[str]()
    for verdict in ("blurred", "glare", "no_card", "dark"):
        play(ev.CaptureAsked("id_card"), ev.StepCaptured("id_card", verdict))
        raised += flags(play)
    assert raised == ["ID_UNREADABLE"]
    assert play(ev.StepConfirmed("id_card")).session.id_card.status is StepStatus.SENT


def test_good_pictures_and_cameras_that_failed_are_no_misses() -> None:
    play = identifying()
    for _ in range(4):
        play(ev.CaptureAsked("id_card"), ev.StepFailed("id_card", "camera_busy", "x"))
        play(ev.CaptureAsked("id_card"), ev.StepCaptured("id_card", "good"))
    assert play.session.id_card.misses == 0 and play.session.problem is None


def test_a_picture_that_was_not_judged_good_can_be_sent_at_once() -> None:
    play = identifying()(ev.CaptureAsked("id_card"), ev.StepCaptured("id_card", "glare"), ev.StepConfirmed("id_card"))
    assert fx.SendStep("id_card", 1) in play.effects


def test_a_step_that_failed_says_why_and_is_tried_again() -> None:
    play = identifying()(ev.CaptureAsked("id_card"), ev.StepFailed("id_card", "camera_black", "Open its slide."))
    assert play.session.problem == ("camera_black", "Open its slide.")
    play(ev.CaptureAsked("id_card"))
    assert play.session.problem is None and fx.CaptureStep("id_card", 2) in play.effects


@pytest.mark.parametrize(
    ("captured", "detail"),
    [
        (ev.StepCaptured("room", "turned", 6), "turned, 6 of 8 directions"),
        (ev.StepCaptured("room", "timed"), "timed"),
        (ev.StepCaptured("room", "desk_only"), "desk_only"),
    ],
)
def test_how_the_room_was_shown_is_recorded_before_its_pictures(captured: ev.StepCaptured, detail: str) -> None:
    play = at_room()(ev.CaptureAsked("room", "desk_only"))
    assert fx.CaptureStep("room", 1, "desk_only") in play.effects
    play(captured, ev.StepConfirmed("room"))
    assert logged(play) == [("room_scan", detail)]
    kinds = [type(effect) for effect in play.effects]
    assert kinds.index(fx.Record) < kinds.index(fx.SendStep)


def test_who_does_not_show_the_room_waits_for_a_person_who_may_admit() -> None:
    play = at_room()(ev.StepDeclined("room"))
    assert (play.session.phase, play.session.room.status) == (Phase.WAITING, StepStatus.DECLINED)
    assert flags(play) == ["HELP_REQUEST"] and logged(play) == [("room_declined", "")]
    assert not play.has(fx.SignEnd) and not play.has(fx.SendStep)
    assert play(command(m.AdmitBody(ACCESS))).session.phase is Phase.LOCKING


def test_who_did_not_show_the_room_can_show_it_after_all() -> None:
    play = at_room()(ev.StepDeclined("room"), ev.StepReopened("room"))
    assert (play.session.phase, play.session.room.status) == (Phase.IDENTIFYING, StepStatus.NOT_YET)
    asked = at_room()(ev.StepDeclined("room"), command(m.AskAgainBody("room", "Only your desk, please.")))
    assert asked.session.room.status is StepStatus.ASKED_AGAIN


def test_a_scan_that_comes_in_after_it_was_declined_is_passed_over() -> None:
    play = identifying()(ev.CaptureAsked("room"), ev.StepDeclined("room"), ev.StepCaptured("room", "turned", 8))
    assert play.session.room.status is StepStatus.DECLINED


def test_the_identity_picture_cannot_be_declined() -> None:
    play = identifying()
    before = play.session
    assert play(ev.StepDeclined("id_card"), ev.StepReopened("id_card"), ev.StepReopened("room")).session == before


def test_presses_reach_the_scan() -> None:
    assert at_room()(ev.CaptureNextAsked("room")).effects == [fx.DirectCapture("room", stop=False)]
    assert at_room()(ev.CaptureStopAsked("room")).effects == [fx.DirectCapture("room", stop=True)]
