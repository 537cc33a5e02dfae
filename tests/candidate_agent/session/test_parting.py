"""Between the exam and its closed record: paper and questions where asked, the computer given back, nobody kept."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from candidate_agent.session import effects as fx
from candidate_agent.session import events as ev
from candidate_agent.session.resuming import kept
from candidate_agent.session.states import Kept, Phase, Session, Step, StepStatus
from exam_protocol.policy import Accommodations, Policy
from exam_protocol.records import LogEntry, RestoreEntry, SurveyEntry
from tests.candidate_agent.session.test_machine import PACKAGE, Play, running

RESTORED = ev.ComputerRestored(True, (("screen saver", "put back"),))
PAPER = Policy(scratch_paper=True, scratch_sheets_max=2)
SURVEY = Policy(survey=True)
BOTH = Policy(scratch_paper=True, survey=True)


def parting(policy: Policy, *events: ev.Event) -> Play:
    """Handed in under `policy`; `events` follow, every effect is remembered."""
    play = running()
    package = msgspec.structs.replace(PACKAGE, policy=policy)
    paper = Step() if policy.scratch_paper else Step(StepStatus.SKIPPED)
    play.session = replace(play.session, package=package, paper=paper)
    return every(play(ev.ExamFinished()), RESTORED, *events)


def every(play: Play, *events: ev.Event) -> Play:
    effects: list[fx.Effect] = []
    for event in events:
        effects += play(event).effects
    play.effects = effects
    return play


def sheet() -> tuple[ev.Event, ...]:
    return ev.CaptureAsked("paper"), ev.StepCaptured("paper"), ev.StepConfirmed("paper")


def notes(play: Play) -> list[str]:
    entries = [effect.entry for effect in play.effects if isinstance(effect, fx.Record)]
    return [entry.detail for entry in entries if isinstance(entry, LogEntry)]


def test_where_nothing_is_asked_the_record_is_closed_at_once() -> None:
    play = parting(Policy())
    assert play.session.phase is Phase.DONE and play.has(fx.SignEnd)


def test_the_computer_is_given_back_and_said_so_before_paper_is_asked_for() -> None:
    play = parting(PAPER)
    assert play.session.phase is Phase.PARTING and not play.session.lockdown_held
    (record,) = [effect for effect in play.effects if isinstance(effect, fx.Record)]
    assert isinstance(record.entry, RestoreEntry)
    assert fx.OpenCamera() in play.effects and not play.has(fx.SignEnd) and not play.has(fx.Drain)


def test_sheets_are_taken_looked_at_and_sent_one_by_one_and_then_the_record_is_closed() -> None:
    play = parting(PAPER, *sheet(), *sheet())
    sent = [effect for effect in play.effects if isinstance(effect, fx.SendStep)]
    assert sent == [fx.SendStep("paper", 1), fx.SendStep("paper", 2)]
    assert not play.has(fx.SignEnd)
    every(play, ev.PaperFinished())
    assert play.session.phase is Phase.DONE and notes(play) == ["2 sent, no more"]
    assert fx.SignEnd("finished", True) in play.effects


def test_more_sheets_than_the_policy_takes_are_not_photographed() -> None:
    play = parting(PAPER, *sheet(), *sheet())
    assert play(ev.CaptureAsked("paper")).effects == []


def test_a_sheet_that_is_looked_at_can_be_taken_again_and_is_not_lost_by_saying_no_more() -> None:
    play = parting(PAPER, ev.CaptureAsked("paper"), ev.StepCaptured("paper"))
    assert play(ev.PaperFinished()).session.phase is Phase.PARTING
    assert play(ev.CaptureAsked("paper")).effects == [fx.CaptureStep("paper", 1)]


def test_who_used_no_paper_says_so_and_it_is_recorded() -> None:
    play = parting(PAPER, ev.PaperFinished())
    assert play.session.phase is Phase.DONE and notes(play) == ["none was used"]


def test_a_camera_that_fails_is_said_and_holds_nobody() -> None:
    play = parting(PAPER, ev.CaptureAsked("paper"), ev.StepFailed("paper", "camera_missing", "No camera."))
    assert play.session.problem == ("camera_missing", "No camera.")
    assert play(ev.PaperFinished()).session.phase is Phase.DONE


def test_the_questions_come_after_the_paper_and_before_the_end() -> None:
    play = parting(BOTH, ev.PaperFinished())
    assert play.session.phase is Phase.PARTING and fx.CloseCamera() in play.effects
    every(play, ev.SurveyAnswered(4, 0, "Thank you."))
    entries = [effect.entry for effect in play.effects if isinstance(effect, fx.Record)]
    (entry,) = [entry for entry in entries if isinstance(entry, SurveyEntry)]
    assert (entry.ease, entry.understood, entry.words) == (4, 0, "Thank you.")
    kinds = [type(effect) for effect in play.effects]
    assert play.session.phase is Phase.DONE and kinds.index(fx.Record) < kinds.index(fx.SignEnd)


def test_a_skipped_survey_leaves_no_record() -> None:
    play = parting(SURVEY, ev.SurveyAnswered(0, 0, ""))
    assert play.session.phase is Phase.DONE and not any(
        isinstance(effect, fx.Record) and isinstance(effect.entry, SurveyEntry) for effect in play.effects
    )


@pytest.mark.parametrize("policy", [PAPER, SURVEY, BOTH])
def test_closing_the_window_closes_the_record_and_the_window(policy: Policy) -> None:
    play = parting(policy, ev.WindowClosed())
    assert play.session.phase is Phase.DONE
    assert fx.SignEnd("finished", True) in play.effects and play.effects[-1] == fx.CloseWindow()


@pytest.mark.parametrize("reason", ["left_by_candidate", "ended_by_proctor", "window_closed", "lockdown_failed"])
def test_only_who_came_to_the_ordinary_end_is_asked(reason: str) -> None:
    package = msgspec.structs.replace(PACKAGE, policy=BOTH)
    play = Play(Session(phase=Phase.UNLOCKING, package=package, reason=reason))(RESTORED)
    assert play.session.phase is Phase.ENDED and play.has(fx.SignEnd)


def again(policy: Policy, known: Kept) -> Play:
    package = msgspec.structs.replace(PACKAGE, policy=policy)
    return Play()(ev.PackageOpened(package, "en"), ev.Resumed(known, "Kim", Accommodations()))


def after_crash(play: Play) -> Kept:
    now = kept(play.session)
    return msgspec.json.decode(msgspec.json.encode(now), type=Kept)


def test_after_a_crash_the_sheets_go_on_counting() -> None:
    play = again(PAPER, after_crash(parting(PAPER, *sheet())))
    assert play.session.phase is Phase.PARTING and fx.OpenCamera() in play.effects
    assert play(ev.CaptureAsked("paper")).effects == [fx.CaptureStep("paper", 2)]


def test_after_a_crash_among_the_questions_paper_is_not_asked_for_again() -> None:
    play = again(BOTH, after_crash(parting(BOTH, ev.PaperFinished())))
    assert play.session.phase is Phase.PARTING and play.session.paper.status is StepStatus.SKIPPED
    assert not play.has(fx.OpenCamera)


def test_what_the_receipt_says_of_computer_time_and_messages_survives_a_restart() -> None:
    play = parting(Policy(), ev.CandidateSaid("Thank you", "m1"))
    known: Any = again(Policy(), after_crash(play)).session
    assert known.phase is Phase.DONE and known.restored
    assert known.restore_report == (("screen saver", "put back"),)
    assert (known.ended_ms, known.began_ms) == (play.session.ended_ms, play.session.began_ms)
    assert known.messages_before + len(known.chat) == 1


def test_what_the_next_start_put_back_is_said_to_be_back_and_a_lost_clipboard_is_not() -> None:
    measures = (("screen saver", "still differs from what it was"), ("clipboard", "could not be put back: gone"))
    known = again(Policy(), Kept(Phase.ENDED, "time_over", restored=False, measures=measures)).session
    assert known.restore_report == (("screen saver", "put back"), measures[1]) and known.restored is False
    assert again(Policy(), Kept(Phase.ENDED, "time_over", measures=measures[:1])).session.restored is True


@pytest.mark.parametrize("phase", [Phase.DONE, Phase.ENDED])
def test_receipt_and_own_copy_can_be_asked_for_only_after_everything_is_over(phase: Phase) -> None:
    assert Play(Session(phase=phase))(ev.OpenReceiptAsked()).effects == [fx.OpenReceipt()]
    assert Play(Session(phase=phase))(ev.OwnDataAsked()).effects == [fx.SaveOwnData()]
    for held in (Phase.RUNNING, Phase.PAUSED, Phase.UNLOCKING, Phase.PARTING):
        play = Play(Session(phase=held))(ev.OpenReceiptAsked(), ev.OwnDataAsked())
        assert not play.has(fx.OpenReceipt) and not play.has(fx.SaveOwnData)
