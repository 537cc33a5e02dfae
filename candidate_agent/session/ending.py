"""Handlers for what comes after the exam, and for ends before it began. Pure."""

from dataclasses import replace

from candidate_agent.session import effects as fx
from candidate_agent.session import events as ev
from candidate_agent.session.states import Phase, Session
from candidate_agent.session.step import Moment, Next


def close(s: Session) -> Next:
    """The computer is given back and nothing more is asked for: the record gets its signed end, the rest is sent."""
    after = replace(s, phase=Phase.DONE if s.reason == "finished" else Phase.ENDED)
    return Next(after, _closing(s.reason, bool(s.restored)))


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
    """Before the exam the session stays open: the candidate may come back and go on. After it the rest is kept and sent
    by the next start or by `candidate-agent send`."""
    return Next(s, (fx.CloseCamera(), fx.CloseWindow()))


def closed_after_refusal(s: Session, e: ev.WindowClosed, at: Moment) -> Next:
    return end_before_exam(s, s.reason).then(fx.CloseWindow())


def report_asked(s: Session, e: ev.OpenReportAsked, at: Moment) -> Next:
    """Only once nothing holds the computer any more: it opens another program."""
    return Next(s, (fx.OpenReport(),))


def receipt_arrived(s: Session, e: ev.ReceiptArrived, at: Moment) -> Next:
    return Next(replace(s, receipt_complete=s.receipt_complete or e.complete))


def receipt_opened(s: Session, e: ev.OpenReceiptAsked, at: Moment) -> Next:
    return Next(s, (fx.OpenReceipt(),))


def data_asked(s: Session, e: ev.OwnDataAsked, at: Moment) -> Next:
    return Next(s, (fx.SaveOwnData(),))
