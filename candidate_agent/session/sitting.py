"""Handlers from admission to the moment the exam is over: lockdown, line, lease, time, leaving. Pure."""

from dataclasses import replace

from candidate_agent.session import effects as fx
from candidate_agent.session import events as ev
from candidate_agent.session.checkin import policy_of
from candidate_agent.session.profile import STORE
from candidate_agent.session.states import EXAM_VISIBLE, LOCKED, Phase, Session
from candidate_agent.session.step import Moment, Next, cover, exam_phase, give_back, log

LEASE_LAPSED = "lease_lapsed"
PAUSED_BY_PROCTOR = "paused_by_proctor"
SECOND_AGENT = "second_agent"


def recording_started(s: Session, e: ev.RecordingStarted, at: Moment) -> Next:
    """That all of it is only stored is said where no check has said it: the policy alone may say so."""
    only_stored = policy_of(s).profile == STORE and not s.profile
    said = (log("profile", f"{STORE}: as the exam's policy says", at),) if only_stored else ()
    return Next(replace(s, recording=True), (*said, fx.ApplyLockdown()))


def lockdown_applied(s: Session, e: ev.LockdownApplied, at: Moment) -> Next:
    """Exam content is shown here and in `show_again`, nowhere else."""
    held = replace(s, lockdown_held=True)
    if not lease_lives(held, at) or held.access is None:
        return cover(held, LEASE_LAPSED)
    running = replace(_begun(held, at), phase=exam_phase(held))
    return Next(running, (fx.ShowExam(held.access), fx.SignState("running")))


def _begun(s: Session, at: Moment) -> Session:
    """The exam's time counts from when it was first shown."""
    return s if s.began_us else replace(s, began_us=at.now_us, began_ms=at.wall_ms)


def lockdown_failed(s: Session, e: ev.LockdownFailed, at: Moment) -> Next:
    return _failing(s, "lockdown_failed", e, at)


def recording_failed(s: Session, e: ev.RecordingFailed, at: Moment) -> Next:
    return _failing(s, "recording_failed", e, at)


def _failing(s: Session, reason: str, e: ev.LockdownFailed | ev.RecordingFailed, at: Moment) -> Next:
    out = give_back(replace(s, problem=(e.code, e.text)), Phase.FAILING, reason)
    return Next(out.session, (*out.effects, log(reason, e.code, at)))


def lease_lives(s: Session, at: Moment) -> bool:
    return s.lease_until_us > at.now_us


def lease_renewed(s: Session, e: ev.LeaseRenewed, at: Moment) -> Next:
    """A lease is as long as the policy's offline allowance; 0 there means to the end of the exam window."""
    allowance_s = policy_of(s).offline_allowance_s or max(total_s(s), _window_left_s(s, at))
    renewed = replace(s, lease_until_us=at.now_us + max(e.valid_s, allowance_s) * 1_000_000)
    if renewed.phase is Phase.PAUSED and renewed.reason == LEASE_LAPSED:
        return show_again(renewed, at)
    return Next(renewed)


def _window_left_s(s: Session, at: Moment) -> int:
    return (s.package.closes_ms - at.wall_ms) // 1000 if s.package else 0


def total_s(s: Session) -> int:
    return policy_of(s).duration_s + s.accommodations.extra_time_s


def show_again(s: Session, at: Moment) -> Next:
    if s.access is None or not s.lockdown_held or not lease_lives(s, at):
        return Next(s)
    shown = replace(_begun(s, at), phase=exam_phase(s), reason="", words="")
    return Next(shown, (fx.ShowExam(s.access), fx.SignState("running")))


def link_up(s: Session, e: ev.LinkUp, at: Moment) -> Next:
    """That another program was connected is no problem any more once the server has us."""
    problem = None if s.problem and s.problem[0] == SECOND_AGENT else s.problem
    up = replace(s, link_up=True, link_since_us=at.now_us, problem=problem)
    if s.phase is Phase.OFFLINE:
        return Next(replace(up, phase=Phase.RUNNING), (log("link_up", _away(s, at), at),))
    return Next(up)


def _away(s: Session, at: Moment) -> str:
    return f"{(at.now_us - s.link_since_us) // 1_000_000} s"


def link_down(s: Session, e: ev.LinkDown, at: Moment) -> Next:
    if not s.link_up:
        return Next(s)
    down = replace(s, link_up=False, link_since_us=at.now_us, watchers=(), place=0, waiting=0)
    flag = fx.RaiseFlag("LINK_LOST", "The line to the server was lost; recording goes on.")
    if s.phase is Phase.RUNNING:
        return Next(replace(down, phase=Phase.OFFLINE), (flag,))
    return Next(down, (flag,) if s.phase in LOCKED else ())


def link_refused(s: Session, e: ev.LinkRefused, at: Moment) -> Next:
    """Before the exam it stops us; during it the exam goes on as offline and the candidate is told."""
    return Next(replace(s, problem=(e.code, e.text), link_up=False), (log("link_refused", e.code, at),))


def ticked(s: Session, e: ev.Ticked, at: Moment) -> Next:
    if time_is_over(s, at):
        return give_back(s, Phase.UNLOCKING, "time_over")
    if s.phase in EXAM_VISIBLE and not lease_lives(s, at):
        return cover(s, LEASE_LAPSED)
    return Next(s)


def time_is_over(s: Session, at: Moment) -> bool:
    return bool(s.began_us) and used_us(s, at.now_us) >= total_s(s) * 1_000_000


def used_us(s: Session, now_us: int) -> int:
    """Of the exam's time, once it was shown."""
    return now_us - s.began_us - stood_us(s, now_us)


def stood_us(s: Session, now_us: int) -> int:
    """How long the exam's time has stood still in the break that runs: never longer than a break may be."""
    policy = policy_of(s)
    if not s.break_began_us or not policy.break_stops_clock:
        return 0
    return min(now_us - s.break_began_us, policy.break_s * 1_000_000)


def leave_asked(s: Session, e: ev.LeaveAsked, at: Moment) -> Next:
    return Next(replace(s, leave_asked=True))


def leave_withdrawn(s: Session, e: ev.LeaveWithdrawn, at: Moment) -> Next:
    return Next(replace(s, leave_asked=False))


def leave_confirmed(s: Session, e: ev.LeaveConfirmed, at: Moment) -> Next:
    """The second deliberate step: nobody is kept."""
    if not s.leave_asked:
        return Next(s)
    out = give_back(s, Phase.UNLOCKING, "left_by_candidate")
    return Next(out.session, (*out.effects, fx.RaiseFlag("EXIT_EARLY", "The candidate left before the end.")))


def finished(s: Session, e: ev.ExamFinished, at: Moment) -> Next:
    """The candidate handed in; the window asked twice, with the exam in sight."""
    return give_back(s, Phase.UNLOCKING, "finished")


def window_closed(s: Session, e: ev.WindowClosed, at: Moment) -> Next:
    return give_back(s, Phase.UNLOCKING, "window_closed")
