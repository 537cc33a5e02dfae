"""Handlers for what comes after the exam, and for ends before it began. Pure."""

from dataclasses import replace

from candidate_agent.session import effects as fx
from candidate_agent.session import events as ev
from candidate_agent.session.states import Phase, Session
from candidate_agent.session.step import Moment, Next
from exam_protocol.records import RestoreEntry, Track


def computer_restored(s: Session, e: ev.ComputerRestored, at: Moment) -> Next:
    phase = Phase.DONE if s.reason == "finished" else Phase.ENDED
    after = replace(
        s, phase=phase, lockdown_held=False, recording=False, restored=e.restored, restore_report=e.measures
    )
    record = fx.Record(Track.LOG, RestoreEntry(e.restored, dict(e.measures), at.wall_ms))
    return Next(after, (record, *_closing(s.reason, e.restored)))


def end_before_exam(s: Session, reason: str) -> Next:
    """Nothing was locked, so nothing is restored."""
    after = replace(s, phase=Phase.ENDED, reason=reason, restored=True, access=None, leave_asked=False)
    return Next(after, _closing(reason, True))


def _closing(reason: str, restored: bool) -> tuple[fx.Effect, ...]:
    return (fx.CloseCamera(), fx.SignState("ended", reason), fx.SignEnd(reason, restored), fx.Drain())


def left_before_exam(s: Session, e: ev.LeaveConfirmed, at: Moment) -> Next:
    return end_before_exam(s, "left_by_candidate") if s.leave_asked else Next(s)


def left_after_refusal(s: Session, e: ev.LeaveConfirmed, at: Moment) -> Next:
    return end_before_exam(s, s.reason)


def closed(s: Session, e: ev.WindowClosed, at: Moment) -> Next:
    """Before the exam the session stays open: the candidate may come back and go on."""
    return Next(s, (fx.CloseCamera(), fx.CloseWindow()))


def closed_after_refusal(s: Session, e: ev.WindowClosed, at: Moment) -> Next:
    return end_before_exam(s, s.reason).then(fx.CloseWindow())


def backlog_changed(s: Session, e: ev.BacklogChanged, at: Moment) -> Next:
    return Next(replace(s, backlog=e.backlog))


def report_asked(s: Session, e: ev.OpenReportAsked, at: Moment) -> Next:
    """Only once nothing holds the computer any more: it opens another program."""
    return Next(s, (fx.OpenReport(),))


def receipt_arrived(s: Session, e: ev.ReceiptArrived, at: Moment) -> Next:
    return Next(replace(s, receipt_complete=s.receipt_complete or e.complete))
