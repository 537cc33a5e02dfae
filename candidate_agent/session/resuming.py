"""What a restart must know of a sitting, and how a sitting goes on after one. Pure; the value is kept by `app`.

No exam address, no access code, nothing captured and nothing said is in it: only how far the sitting had come.
"""

from dataclasses import replace

from candidate_agent.session import effects as fx
from candidate_agent.session import events as ev
from candidate_agent.session.states import Kept, Phase, Session, Step, StepStatus
from candidate_agent.session.step import Moment, Next

_AT_THE_DOOR = frozenset({Phase.IDLE, Phase.JOINING, Phase.CONSENTING, Phase.REFUSED})
_CHECKING_IN = frozenset({Phase.CHECKING, Phase.IDENTIFYING})
_ENDING = frozenset({Phase.FAILING, Phase.UNLOCKING, Phase.DONE, Phase.ENDED})


def kept(s: Session) -> Kept | None:
    """None until the session has begun or gone on: what was kept before is then still to be read."""
    if s.phase in (Phase.IDLE, Phase.JOINING):
        return None
    return Kept(s.phase, s.reason, _kept(s.id_card), _kept(s.room), s.warnings_delivered, s.began_ms, s.language)


def _kept(step: Step) -> Step:
    """A picture that was not sent is gone with the memory it was in; why a proctor asked again is not for the disk."""
    status = StepStatus.NOT_YET if step.status is StepStatus.TAKEN else step.status
    return Step(status, step.attempt)


def resumed(s: Session, e: ev.Resumed, at: Moment) -> Next:
    """After a crash: check-in goes on where it was, a sitting waits to be admitted again, an end stays an end."""
    was = e.kept.phase
    noted = (fx.Connect(), fx.RaiseFlag("RESTARTED", f"The program was restarted during: {was.value}."))
    known = _remembered(s, e, at)
    if was is Phase.REFUSED and e.kept.reason == "admission_refused":
        return Next(replace(known, phase=was, reason=e.kept.reason), noted)
    if was in _AT_THE_DOOR:
        return Next(replace(known, phase=Phase.CONSENTING), (*noted, fx.SignState("joined")))
    if was in _CHECKING_IN:
        again = replace(known, phase=Phase.CHECKING, checks_running=True)
        return Next(again, (*noted, fx.OpenPreview(), fx.RunChecks()))
    if was in _ENDING:
        over = replace(known, phase=_end_of(e.kept), restored=True, reason=e.kept.reason or "interrupted")
        return Next(over, (*noted, fx.SignState("ended", over.reason), fx.SignEnd(over.reason, True), fx.Drain()))
    waiting = replace(known, phase=Phase.WAITING, id_card=_sent(known.id_card), room=_sent(known.room))
    return Next(waiting, (*noted, fx.OpenPreview(), fx.SignState("waiting", "restarted")))


def _remembered(s: Session, e: ev.Resumed, at: Moment) -> Session:
    """The exam's time has gone on meanwhile, and warnings that were given stay given."""
    away_us = max(0, at.wall_ms - e.kept.began_ms) * 1000
    return replace(
        s, candidate_name=e.candidate_name, accommodations=e.accommodations, problem=None,
        id_card=_known(s.id_card, e.kept.id_card), room=_known(s.room, e.kept.room),
        warnings_delivered=e.kept.warnings, began_ms=e.kept.began_ms,
        began_us=at.now_us - away_us if e.kept.began_ms else 0,
    )  # fmt: skip


def _known(fresh: Step, kept: Step) -> Step:
    return kept if kept.attempt else fresh


def _end_of(kept: Kept) -> Phase:
    return Phase.DONE if kept.reason == "finished" else Phase.ENDED


def _sent(step: Step) -> Step:
    return step if step.status is StepStatus.SKIPPED else replace(step, status=StepStatus.SENT)
