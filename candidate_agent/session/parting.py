"""Handlers between giving the computer back and closing the record: scratch paper and a short survey, where the exam
asks for them. Nobody is kept here: closing the window closes the record, and everything may be skipped. Pure.
"""

from dataclasses import replace

from candidate_agent.session import effects as fx
from candidate_agent.session import ending
from candidate_agent.session import events as ev
from candidate_agent.session.checkin import policy_of
from candidate_agent.session.states import Phase, Session, Step, StepStatus
from candidate_agent.session.step import Moment, Next, log
from exam_protocol.records import RestoreEntry, SurveyEntry, Track

STEP = "paper"
STATE_REASON = "after_exam"  # of the signed state "paused", which is what the server's version 1 knows
_ORDINARY = frozenset({"finished", "time_over"})  # whoever left, was ended or had bad luck is asked nothing more
_OPEN = (StepStatus.NOT_YET, StepStatus.TAKEN)


def computer_restored(s: Session, e: ev.ComputerRestored, at: Moment) -> Next:
    after = replace(
        s, lockdown_held=False, recording=False, restored=e.restored, restore_report=e.measures,
        ended_ms=s.ended_ms or at.wall_ms,
    )  # fmt: skip
    record = fx.Record(Track.LOG, RestoreEntry(e.restored, dict(e.measures), at.wall_ms))
    following = begin(after) if is_asked(after) else ending.close(after)
    return Next(following.session, (record, *following.effects))


def paper_is_open(s: Session) -> bool:
    return policy_of(s).scratch_paper and s.paper.status in _OPEN


def is_asked(s: Session) -> bool:
    return s.reason in _ORDINARY and (paper_is_open(s) or policy_of(s).survey)


def begin(s: Session) -> Next:
    after = replace(s, phase=Phase.PARTING, problem=None)
    camera = (fx.OpenCamera(),) if paper_is_open(s) else ()
    return Next(after, (fx.SignState("paused", STATE_REASON), *camera))


# --- scratch paper --------------------------------------------------------------------------------------------------


def sheets_left(s: Session) -> int:
    return max(0, policy_of(s).scratch_sheets_max - s.paper.attempt)


def capture_asked(s: Session, e: ev.CaptureAsked, at: Moment) -> Next:
    if e.step != STEP or not paper_is_open(s) or not sheets_left(s):
        return Next(s)
    return Next(replace(s, problem=None), (fx.CaptureStep(STEP, s.paper.attempt + 1),))


def captured(s: Session, e: ev.StepCaptured, at: Moment) -> Next:
    if e.step != STEP or not paper_is_open(s):
        return Next(s)
    return Next(replace(s, paper=replace(s.paper, status=StepStatus.TAKEN)))


def failed(s: Session, e: ev.StepFailed, at: Moment) -> Next:
    return Next(replace(s, problem=(e.code, e.text)), (log("step_failed", f"{e.step}: {e.code}", at),))


def confirmed(s: Session, e: ev.StepConfirmed, at: Moment) -> Next:
    """One sheet is sealed and sent; the next can be taken."""
    if e.step != STEP or s.paper.status is not StepStatus.TAKEN:
        return Next(s)
    sheet = s.paper.attempt + 1
    return Next(replace(s, paper=Step(StepStatus.NOT_YET, sheet)), (fx.SendStep(STEP, sheet),))


def paper_finished(s: Session, e: ev.PaperFinished, at: Moment) -> Next:
    """No more sheets, or none was used. A picture that is being looked at is sent or taken again first."""
    if not paper_is_open(s) or s.paper.status is StepStatus.TAKEN:
        return Next(s)
    sheets = s.paper.attempt
    after = replace(s, paper=Step(StepStatus.SENT if sheets else StepStatus.SKIPPED, sheets), problem=None)
    noted = log("scratch_paper", f"{sheets} sent, no more" if sheets else "none was used", at)
    following = Next(after, (fx.CloseCamera(),)) if policy_of(s).survey else ending.close(after)
    return Next(following.session, (noted, *following.effects))


# --- survey ---------------------------------------------------------------------------------------------------------


def survey_answered(s: Session, e: ev.SurveyAnswered, at: Moment) -> Next:
    """Sealed like everything else, and no part of any result. Nothing is recorded where nothing was answered."""
    if paper_is_open(s):
        return Next(s)
    entry = SurveyEntry(e.ease, e.understood, e.words, at.wall_ms)
    noted = (fx.Record(Track.LOG, entry),) if e.ease or e.understood or e.words else ()
    closed = ending.close(s)
    return Next(closed.session, (*noted, *closed.effects))


# --- the way out ----------------------------------------------------------------------------------------------------


def window_closed(s: Session, e: ev.WindowClosed, at: Moment) -> Next:
    noted = (log("scratch_paper", f"{s.paper.attempt} sent, window closed", at),) if paper_is_open(s) else ()
    closed = ending.close(s).then(fx.CloseWindow())
    return Next(closed.session, (*noted, *closed.effects))
