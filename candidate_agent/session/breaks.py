"""Handlers for breaks: the exam is covered and the computer stays held. Pure.

A break is PAUSED with the reason `break`, which console and server know how to show. How many there are, how long they
may be, whether they are recorded and whether the exam's time goes on stands in the policy. Being late is told, and
leads to nothing else.
"""

from dataclasses import replace

from candidate_agent.session import effects as fx
from candidate_agent.session import events as ev
from candidate_agent.session import sitting
from candidate_agent.session.checkin import policy_of
from candidate_agent.session.states import Phase, Session
from candidate_agent.session.step import Moment, Next, cover, log

ON_BREAK = "break"


def allowed(s: Session) -> int:
    return policy_of(s).breaks + s.accommodations.extra_breaks


def left(s: Session) -> int:
    return max(0, allowed(s) - s.breaks_taken)


def on_break(s: Session) -> bool:
    return s.phase is Phase.PAUSED and s.reason == ON_BREAK


def over_us(s: Session) -> int:
    """When the break that runs should be over, monotonic."""
    return s.break_began_us + policy_of(s).break_s * 1_000_000


def break_asked(s: Session, e: ev.BreakAsked, at: Moment) -> Next:
    if not left(s):
        return Next(s)
    begun = replace(
        s, breaks_taken=s.breaks_taken + 1, break_began_us=at.now_us, break_began_ms=at.wall_ms, break_overrun=False,
        break_returning=False, leave_asked=False,
    )  # fmt: skip
    covered = cover(begun, ON_BREAK).then(log("break_began", f"{begun.breaks_taken} of {allowed(s)}", at))
    if policy_of(s).record_breaks:
        return covered
    return Next(replace(covered.session, recording=False), (*covered.effects, fx.PauseRecording()))


def back_asked(s: Session, e: ev.BackAsked, at: Moment) -> Next:
    """What is recorded in the exam runs again before the exam is shown again."""
    if not on_break(s) or s.break_returning:
        return Next(s)
    if s.recording:
        return _back(s, at)
    return Next(replace(s, break_returning=True, problem=None), (fx.ResumeRecording(),))


def recording_started(s: Session, e: ev.RecordingStarted, at: Moment) -> Next:
    started = replace(s, recording=True, break_returning=False)
    return _back(started, at) if on_break(s) else Next(started)


def recording_failed(s: Session, e: ev.RecordingFailed, at: Moment) -> Next:
    """A camera that was unplugged in the break: the candidate is told, and may try again."""
    if not on_break(s):
        return sitting.recording_failed(s, e, at)
    failed = replace(s, break_returning=False, problem=(e.code, e.text))
    return Next(failed, (log("recording_failed", e.code, at),))


def _back(s: Session, at: Moment) -> Next:
    """The exam as it was left, or covered for want of a lease."""
    took = log("break_ended", f"{(at.now_us - s.break_began_us) // 1_000_000} s", at)
    stood_us = sitting.stood_us(s, at.now_us)
    over = replace(
        s, break_began_us=0, break_began_ms=0, break_overrun=False, problem=None,
        began_us=s.began_us + stood_us, began_ms=s.began_ms + stood_us // 1000,
    )  # fmt: skip
    shown = sitting.show_again(over, at)
    if shown.session.phase is not Phase.PAUSED:
        return shown.then(took)
    return Next(replace(over, reason=sitting.LEASE_LAPSED), (fx.SignState("paused", sitting.LEASE_LAPSED), took))


def ticked(s: Session, e: ev.Ticked, at: Moment) -> Next:
    out = sitting.ticked(s, e, at)
    if not on_break(out.session) or s.break_overrun or at.now_us < over_us(s):
        return out
    flag = fx.RaiseFlag("BREAK_OVERRUN", "The break is over, and the candidate is not back yet.")
    return Next(replace(out.session, break_overrun=True), (*out.effects, flag))
