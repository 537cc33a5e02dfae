"""Breaks: where the policy allows them; the exam covered, the computer held, the clock as agreed, being late told."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from candidate_agent.session import effects as fx
from candidate_agent.session import events as ev
from candidate_agent.session.resuming import kept
from candidate_agent.session.states import Phase
from exam_protocol import messages as m
from exam_protocol.policy import Accommodations, Policy
from tests.candidate_agent.session.test_machine import ACCESS, PACKAGE, Play, command, running


def exam(extra_breaks: int = 0, **policy: Any) -> Play:
    play = running()
    package = msgspec.structs.replace(PACKAGE, policy=Policy(duration_s=3600, **policy))
    play.session = replace(play.session, package=package, accommodations=Accommodations(extra_breaks=extra_breaks))
    return play


def on_break(**policy: Any) -> Play:
    return exam(breaks=1, **policy)(ev.BreakAsked())


def test_without_a_word_in_the_policy_there_are_no_breaks() -> None:
    play = exam()(ev.BreakAsked())
    assert play.session.phase is Phase.RUNNING and play.effects == []


def test_a_break_covers_the_exam_holds_the_computer_and_is_signed_with_its_reason() -> None:
    play = on_break()
    assert (play.session.phase, play.session.reason) == (Phase.PAUSED, "break")
    assert play.effects[:2] == [fx.HideExam(forget=False), fx.SignState("paused", "break")]
    assert play.session.lockdown_held and play.session.recording
    assert not play.has(fx.RestoreComputer) and not play.has(fx.PauseRecording)


def test_back_from_the_break_the_exam_is_as_it_was_left() -> None:
    play = on_break().wait(30)(ev.BackAsked())
    assert play.session.phase is Phase.RUNNING and fx.ShowExam(ACCESS) in play.effects
    assert fx.SignState("running") in play.effects


def test_breaks_are_counted_and_an_accommodation_adds_to_them() -> None:
    play = exam(breaks=1, extra_breaks=1)
    for _ in range(2):
        play(ev.BreakAsked())
        assert play.session.phase is Phase.PAUSED
        play(ev.BackAsked())
    assert play(ev.BreakAsked()).session.phase is Phase.RUNNING


def test_who_comes_late_is_told_of_once_and_nothing_else_follows() -> None:
    play = on_break(break_s=600).wait(599)
    assert not play.has(fx.RaiseFlag)
    play.wait(2)
    assert [effect.code for effect in play.effects if isinstance(effect, fx.RaiseFlag)] == ["BREAK_OVERRUN"]
    assert not play.wait(60).has(fx.RaiseFlag)
    assert play.session.phase is Phase.PAUSED
    assert play(ev.BackAsked()).session.phase is Phase.RUNNING


def test_the_exams_time_goes_on_in_a_break_unless_the_policy_says_otherwise() -> None:
    play = on_break(break_s=600).wait(3600)
    assert (play.session.phase, play.session.reason) == (Phase.UNLOCKING, "time_over")


def test_the_exams_time_stands_still_for_as_long_as_a_break_may_be() -> None:
    play = on_break(break_s=600, break_stops_clock=True).wait(900)(ev.BackAsked()).wait(3600 - 301)
    assert play.session.phase is Phase.RUNNING
    assert play.wait(2).session.reason == "time_over"


def test_a_break_that_is_not_recorded_ends_the_recording_and_begins_it_again_before_the_exam_is_seen() -> None:
    play = on_break(record_breaks=False)
    assert play.has(fx.PauseRecording) and not play.session.recording
    play(ev.BackAsked())
    assert play.effects == [fx.ResumeRecording()] and play.session.phase is Phase.PAUSED
    assert play(ev.BackAsked()).effects == []
    play(ev.RecordingStarted())
    assert play.session.recording and play.session.phase is Phase.RUNNING and play.has(fx.ShowExam)


def test_a_camera_that_is_gone_after_the_break_is_told_and_can_be_tried_again() -> None:
    play = on_break(record_breaks=False)(ev.BackAsked(), ev.RecordingFailed("camera_missing", "No camera was found."))
    assert play.session.phase is Phase.PAUSED and play.session.problem == ("camera_missing", "No camera was found.")
    play(ev.BackAsked(), ev.RecordingStarted())
    assert play.session.phase is Phase.RUNNING and play.session.problem is None


def test_a_recording_that_fails_in_any_other_pause_ends_the_exam_in_order() -> None:
    play = running()(command(m.PauseBody("Fire alarm.")), ev.RecordingFailed("camera_missing", ""))
    assert play.session.phase is Phase.FAILING and play.has(fx.RestoreComputer)


def test_a_proctor_can_neither_pause_nor_resume_a_break_but_can_speak_and_end() -> None:
    play = on_break()(command(m.ResumeBody(), "c1"))
    assert play.session.phase is Phase.PAUSED and play.answers() == [("refused", "not_now")]
    assert play(command(m.PauseBody("x"), "c2")).answers() == [("refused", "not_now")]
    assert play(command(m.ChatBody("Are you well?"), "c3")).session.unread == 1
    assert play(command(m.EndBody("x", "Medical emergency."), "c4")).session.phase is Phase.UNLOCKING


def test_a_break_during_which_the_lease_lapsed_leads_to_the_covered_exam() -> None:
    play = on_break()
    play.session = replace(play.session, lease_until_us=0)
    play(ev.BackAsked())
    assert (play.session.phase, play.session.reason) == (Phase.PAUSED, "lease_lapsed")
    assert play(ev.LeaseRenewed(60)).session.phase is Phase.RUNNING


def test_leaving_works_from_a_break() -> None:
    play = on_break()(ev.LeaveAsked(), ev.LeaveConfirmed())
    assert play.session.phase is Phase.UNLOCKING and play.has(fx.RestoreComputer)


@pytest.mark.parametrize(("stops", "lost_s"), [(True, 0), (False, 300)])
def test_a_crash_in_a_break_costs_neither_the_count_nor_the_time_that_stood_still(stops: bool, lost_s: int) -> None:
    play = on_break(break_s=600, break_stops_clock=stops)
    left = play.session
    was = kept(left)
    assert was is not None and was.breaks == 1
    again = Play()(ev.PackageOpened(left.package or PACKAGE, "en"))
    again.now_us = play.now_us + 300_000_000
    again(ev.Resumed(was, "Kim", Accommodations()))
    assert again.session.breaks_taken == 1
    used_s = (again.now_us - again.session.began_us) / 1e6 - (left.break_began_us - left.began_us) / 1e6
    assert abs(used_s - lost_s) < 1
