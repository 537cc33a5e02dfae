"""What a restart must know of a sitting, and how a sitting goes on after one. Pure; the value is kept by `app`.

No exam address, no access code, nothing captured and nothing said is in it: only how far the sitting had come,
and the numbers of what was reported.
"""

from dataclasses import replace

from candidate_agent.session import effects as fx
from candidate_agent.session import events as ev
from candidate_agent.session import parting
from candidate_agent.session.checkin import policy_of, under_way
from candidate_agent.session.states import Kept, Phase, SentReport, Session, Step, StepStatus
from candidate_agent.session.step import Moment, Next

_AT_THE_DOOR = frozenset({Phase.IDLE, Phase.OUTSIDE, Phase.JOINING, Phase.CONSENTING, Phase.REFUSED})
_ENDING = frozenset({Phase.FAILING, Phase.UNLOCKING, Phase.PARTING, Phase.DONE, Phase.ENDED})


def kept(s: Session) -> Kept | None:
    """None until the session has begun or gone on: what was kept before is then still to be read."""
    if s.phase in (Phase.IDLE, Phase.OUTSIDE, Phase.JOINING):
        return None
    return Kept(
        s.phase, s.reason, _kept(s.id_card), _kept(s.room), s.warnings_delivered, s.began_ms, profile=s.profile,
        consent_at=s.consent_at, consent_read=s.consent_read, breaks=s.breaks_taken, break_began_ms=s.break_began_ms,
        consent_declined=s.consent_declined,
        ended_ms=s.ended_ms, messages=s.messages_before + len(s.chat), restored=s.restored,
        measures=s.restore_report, paper=_kept(s.paper), language=s.language, reports=_on_disk(s.reports),
    )  # fmt: skip


def _on_disk(reports: tuple[SentReport, ...]) -> tuple[SentReport, ...]:
    """One without a number may not have come into the record before the program ended: then it is shown as such."""
    return tuple(report if report.number or report.failed else replace(report, lost=True) for report in reports)


def _kept(step: Step) -> Step:
    """A picture that was not sent is gone with the memory it was in; why a proctor asked again is not for the disk."""
    status = StepStatus.NOT_YET if step.status is StepStatus.TAKEN else step.status
    return Step(status, step.attempt, misses=step.misses)


def resumed(s: Session, e: ev.Resumed, at: Moment) -> Next:
    """After a crash: check-in goes on where it was, a sitting waits to be admitted again, an end stays an end."""
    gone_on = _gone_on(s, e, at)
    return Next(replace(gone_on.session, back_in=gone_on.session.phase), gone_on.effects)


def _gone_on(s: Session, e: ev.Resumed, at: Moment) -> Next:
    was = e.kept.phase
    noted = (
        fx.Connect(), *_follow(e.kept.reports),
        fx.RaiseFlag("RESTARTED", f"The program was restarted during: {was.value}."),
    )  # fmt: skip
    known = _remembered(s, e, at)
    if was is Phase.REFUSED and e.kept.reason == "admission_refused":
        return Next(replace(known, phase=was, reason=e.kept.reason), noted)
    if was in _AT_THE_DOOR:
        return Next(replace(known, phase=Phase.CONSENTING), (*noted, fx.SignState("joined")))
    if was is Phase.CHECKING:
        again = replace(known, phase=Phase.CHECKING, checks_running=True, measuring=under_way())
        return Next(again, (*noted, fx.OpenPreview(), fx.RunChecks()))
    if was is Phase.IDENTIFYING:
        return Next(replace(known, phase=was), (*noted, fx.OpenPreview()))
    if was in (Phase.PARTING, Phase.UNLOCKING) and parting.is_asked(known):
        going_on = parting.begin(replace(known, restored=is_whole(known.restore_report)))
        return Next(going_on.session, (*noted, *going_on.effects))
    if was in _ENDING:
        whole = is_whole(known.restore_report)
        over = replace(known, phase=_end_of(e.kept), restored=whole, reason=e.kept.reason or "interrupted")
        return Next(over, (*noted, fx.SignState("ended", over.reason), fx.SignEnd(over.reason, whole), fx.Drain()))
    waiting = replace(known, phase=Phase.WAITING, id_card=_sent(known.id_card), room=_sent(known.room))
    return Next(waiting, (*noted, fx.OpenPreview(), fx.SignState("waiting", "restarted")))


def _follow(reports: tuple[SentReport, ...]) -> tuple[fx.Effect, ...]:
    waiting = tuple(report.report_id for report in reports if report.number and not report.received)
    return (fx.FollowReports(waiting),) if waiting else ()


def _remembered(s: Session, e: ev.Resumed, at: Moment) -> Session:
    """The exam's time has gone on meanwhile, and warnings that were given stay given, as breaks stay taken."""
    began_ms = e.kept.began_ms + _stood_ms(s, e.kept, at)
    away_us = max(0, at.wall_ms - began_ms) * 1000
    return replace(
        s, candidate_name=e.candidate_name, accommodations=e.accommodations, problem=None,
        id_card=_known(s.id_card, e.kept.id_card), room=_known(s.room, e.kept.room),
        profile=e.kept.profile,
        warnings_delivered=e.kept.warnings, began_ms=began_ms, breaks_taken=e.kept.breaks, candidate_id=e.candidate_id,
        began_us=at.now_us - away_us if e.kept.began_ms else 0,
        consent_at=e.kept.consent_at, consent_read=e.kept.consent_read, ended_ms=e.kept.ended_ms,
        consent_declined=e.kept.consent_declined,
        messages_before=e.kept.messages, restore_report=put_back_since(e.kept.measures),
        paper=_paper(s.paper, e.kept.paper), reports=e.kept.reports,
        reason=e.kept.reason if e.kept.phase in _ENDING else "",
    )  # fmt: skip


def _stood_ms(s: Session, was: Kept, at: Moment) -> int:
    """The program ended in a break in which the exam's time stands still."""
    policy = policy_of(s)
    if not was.break_began_ms or not policy.break_stops_clock:
        return 0
    return max(0, min(at.wall_ms - was.break_began_ms, policy.break_s * 1000))


def put_back_since(measures: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """The program goes on only once everything in the undo log is put back; what was on the clipboard was in memory
    alone, and what was not put back then is gone."""
    return tuple((name, said if name == "clipboard" else "put back") for name, said in measures)


def is_whole(measures: tuple[tuple[str, str], ...]) -> bool:
    return not any(said.startswith("could not") for _, said in measures)


def _paper(fresh: Step, kept: Step) -> Step:
    """Also that none was used is known again."""
    return kept if kept.attempt or kept.status is StepStatus.SKIPPED else fresh


def _known(fresh: Step, kept: Step) -> Step:
    return kept if kept.attempt or kept.status is StepStatus.DECLINED else fresh


def _end_of(kept: Kept) -> Phase:
    return Phase.DONE if kept.reason == "finished" else Phase.ENDED


def _sent(step: Step) -> Step:
    return step if step.status in (StepStatus.SKIPPED, StepStatus.DECLINED) else replace(step, status=StepStatus.SENT)
