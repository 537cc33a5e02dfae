"""After a restart: what is kept of a sitting, and where it goes on."""

from typing import Any

import msgspec
import pytest

from candidate_agent.session import effects as fx
from candidate_agent.session import events as ev
from candidate_agent.session.resuming import kept
from candidate_agent.session.states import Kept, Phase, SentReport, Session, Step, StepStatus
from exam_protocol import messages as m
from exam_protocol.policy import Accommodations
from tests.candidate_agent.session.test_machine import ACCESS, OK_ROW, PACKAGE, Play, command, running, waiting

SENT_ONCE = Step(StepStatus.SENT, 1)


def again(phase: Phase, **known: Any) -> Play:
    return Play()(ev.PackageOpened(PACKAGE, "en"), ev.Resumed(Kept(phase, **known), "Kim", Accommodations()))


def after(play: Play) -> Kept:
    """As it comes back from the file."""
    now = kept(play.session)
    assert now is not None
    return msgspec.json.decode(msgspec.json.encode(now), type=Kept)


def test_joining_anew_does_not_overwrite_how_far_the_sitting_had_come() -> None:
    assert kept(Session()) is None
    assert kept(Play()(ev.PackageOpened(PACKAGE, "en")).session) is None


def test_what_is_kept_holds_no_secret_of_the_exam_and_no_words() -> None:
    play = waiting()(command(m.AskAgainBody("room", "too dark")))
    assert "dark" not in repr(after(play))
    assert ACCESS.access_code not in repr(after(running())) and ACCESS.address not in repr(after(running()))


def test_a_picture_that_was_sent_is_not_asked_for_again() -> None:
    play = again(Phase.IDENTIFYING, id_card=SENT_ONCE)
    assert play.session.phase is Phase.IDENTIFYING and play.has(fx.OpenPreview)
    assert (play.session.id_card.status, play.session.room.status) == (StepStatus.SENT, StepStatus.NOT_YET)


def test_a_picture_that_was_only_taken_is_asked_for_again() -> None:
    play = waiting()(command(m.AskAgainBody("room", "dark")), ev.CaptureAsked("room"), ev.StepCaptured("room"))
    assert play.session.room.status is StepStatus.TAKEN
    assert after(play).room == Step(StepStatus.NOT_YET, 2)


def test_tries_go_on_counting_so_that_a_person_is_asked_once() -> None:
    play = again(Phase.IDENTIFYING, id_card=Step(StepStatus.NOT_YET, 3, misses=3))
    play(ev.CaptureAsked("id_card"), ev.StepCaptured("id_card", "blurred"))
    assert not play.has(fx.RaiseFlag) and after(play).id_card.misses == 4


@pytest.mark.parametrize("was", [Phase.IDENTIFYING, Phase.WAITING])
def test_a_room_that_was_declined_stays_declined(was: Phase) -> None:
    assert again(was, room=Step(StepStatus.DECLINED)).session.room.status is StepStatus.DECLINED


def test_attempts_go_on_counting_so_that_no_two_pictures_have_the_same_number() -> None:
    play = again(Phase.WAITING, id_card=SENT_ONCE, room=SENT_ONCE)
    play(command(m.AskAgainBody("id_card", "blurred")), ev.CaptureAsked("id_card"))
    assert fx.CaptureStep("id_card", 2) in play.effects


def test_warnings_stay_given() -> None:
    play = running()(command(m.InterventionBody("STOP_MATERIAL", "warning", "x"), "w1"))
    assert again(Phase.RUNNING, warnings=after(play).warnings).session.warnings_delivered == 1


def test_a_restart_gives_no_more_time() -> None:
    before = running()
    play = Play()
    play.now_us = before.now_us + 3_000_000_000  # fifty minutes later
    play(ev.PackageOpened(PACKAGE, "en"), ev.Resumed(after(before), "Kim", Accommodations()))
    play(ev.LinkUp(), ev.LeaseRenewed(60), command(m.AdmitBody(ACCESS)), ev.RecordingStarted(), ev.LockdownApplied())
    assert play.session.phase is Phase.RUNNING
    assert play.wait(500).session.phase is Phase.RUNNING
    assert play.wait(200).session.reason == "time_over"


@pytest.mark.parametrize(("reason", "phase"), [("finished", Phase.DONE), ("ended_by_proctor", Phase.ENDED)])
@pytest.mark.parametrize("was", [Phase.UNLOCKING, Phase.ENDED])
def test_an_end_keeps_its_reason(was: Phase, reason: str, phase: Phase) -> None:
    play = again(was, reason=reason)
    assert (play.session.phase, play.session.reason) == (phase, reason)
    assert fx.SignEnd(reason, True) in play.effects


def test_a_restart_that_was_taken_for_a_second_agent_is_no_problem_once_it_has_the_line() -> None:
    play = again(Phase.WAITING)(ev.LinkRefused("second_agent", "It is open elsewhere."))
    assert play.session.problem
    assert play(ev.LinkUp()).session.problem is None


def test_who_was_refused_stays_refused_and_who_refused_may_think_again() -> None:
    assert again(Phase.REFUSED, reason="admission_refused").session.phase is Phase.REFUSED
    assert again(Phase.REFUSED, reason="consent_refused").session.phase is Phase.CONSENTING


def at_each_step() -> list[tuple[str, Play]]:
    """A sitting that has come to each step of check-in, and no further."""

    def asked() -> Play:
        return Play()(ev.PackageOpened(PACKAGE, "en"), ev.Enrolled("Kim", Accommodations()), ev.LinkUp())

    def agreed() -> Play:
        return asked()(ev.ConsentGiven())

    def checked() -> Play:
        return agreed()(ev.CheckMeasured(OK_ROW), ev.ChecksFinished(), ev.ContinueAsked())

    def one_sent() -> Play:
        return checked()(ev.CaptureAsked("id_card"), ev.StepCaptured("id_card"), ev.StepConfirmed("id_card"))

    return [
        ("consent", asked()),
        ("a stage of the consent", asked()(ev.ConsentRead("screen"))),
        ("not agreed", asked()(ev.ConsentRefused())),
        ("checks run", agreed()),
        ("checks done", agreed()(ev.CheckMeasured(OK_ROW), ev.ChecksFinished())),
        ("nothing sent", checked()),
        ("one picture taken", checked()(ev.CaptureAsked("id_card"), ev.StepCaptured("id_card"))),
        ("one picture sent", one_sent()),
        ("asked again", waiting()(command(m.AskAgainBody("id_card", "In shadow.")))),
        ("waiting", waiting()),
        ("texts read again", waiting()(ev.TextsAsked(True))),
    ]


@pytest.mark.parametrize(("step", "play"), at_each_step(), ids=[name for name, _ in at_each_step()])
@pytest.mark.parametrize("closes", [False, True], ids=["killed", "window closed"])
def test_each_step_of_check_in_goes_on_where_it_was(step: str, play: Play, closes: bool) -> None:
    """What was sent stays sent; only a picture that was not sent has to be taken again."""
    before = play.session
    if closes and before.phase is not Phase.REFUSED:  # closing there is leaving, by the candidate's own word
        assert play(ev.WindowClosed()).has(fx.CloseWindow)
    again = Play()(ev.PackageOpened(PACKAGE, "en"), ev.Resumed(after(play), "Kim", Accommodations()))
    came_back = Phase.CONSENTING if before.phase is Phase.REFUSED else before.phase
    assert (again.session.phase, again.session.consent_at) == (came_back, before.consent_at)
    for name in ("id_card", "room"):
        was, now = getattr(before, name), getattr(again.session, name)
        assert now.status is (StepStatus.NOT_YET if was.status is StepStatus.TAKEN else was.status)
        assert now.attempt == was.attempt
    seen = [effect for effect in again.effects if isinstance(effect, fx.OpenPreview)]
    assert bool(seen) is (came_back is not Phase.CONSENTING), "a camera only after the consent"


def test_a_place_in_line_is_forgotten_with_the_line() -> None:
    play = waiting()(ev.PlaceChanged(2, 5))
    assert (play.session.place, play.session.waiting) == (2, 5)
    assert play(ev.LinkDown("gone", "")).session.place == 0


def test_the_language_that_was_chosen_is_kept() -> None:
    assert after(waiting()(ev.LanguageChosen("ar"))).language == "ar"


def test_numbers_of_reports_are_known_again_and_those_on_the_way_are_followed() -> None:
    write = [ev.ReportWritten(name, "problem", "The page stays white.", 0, False, ()) for name in ("r1", "r2", "r3")]
    play = running()(*write, ev.ReportKept("r1", "R-1"), ev.ReportReceived("r1"), ev.ReportKept("r2", "R-2"))
    known = after(play)
    numbered = (SentReport("r1", "problem", "R-1", received=True), SentReport("r2", "problem", "R-2"))
    assert known.reports == (*numbered, SentReport("r3", "problem", lost=True)), "the third may have come, or not"
    assert "white" not in repr(known), "what a report says is in the record alone"
    back = again(Phase.RUNNING, reports=known.reports)
    assert back.session.reports == known.reports and fx.FollowReports(("r2",)) in back.effects
    assert back(ev.ReportReceived("r2")).session.reports[1].received


def test_a_file_of_before_there_were_languages_is_still_read() -> None:
    old = {key: value for key, value in msgspec.to_builtins(after(waiting())).items() if key != "language"}
    assert msgspec.convert(old, type=Kept).language == ""
