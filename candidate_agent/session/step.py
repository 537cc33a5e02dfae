"""What every handler takes and gives: the moment, the next session, the orders; and what many handlers share. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from candidate_agent.session.effects import Effect, HideExam, Record, RestoreComputer, SignState, StopRecording
from candidate_agent.session.events import Event
from candidate_agent.session.states import EXAM_VISIBLE, Phase, Session
from exam_protocol.records import LogEntry, ResultEntry, Track


@dataclass(frozen=True, slots=True)
class Moment:
    now_us: int  # monotonic
    wall_ms: int


@dataclass(frozen=True, slots=True)
class Next:
    session: Session
    effects: tuple[Effect, ...] = ()

    def then(self, *effects: Effect) -> "Next":
        return Next(self.session, self.effects + effects)


Handler = Callable[[Session, Any, Moment], Next]


def log(event: str, detail: str, at: Moment) -> Record:
    return Record(Track.LOG, LogEntry(event, detail, at.wall_ms))


def answer(command_id: str, outcome: str, at: Moment, code: str = "") -> Record:
    return Record(Track.CONTROL, ResultEntry(command_id, outcome, code, at.wall_ms))


def keep(session: Session, _event: Event, _at: Moment) -> Next:
    return Next(session)


def give_back(session: Session, phase: Phase, reason: str) -> Next:
    """The one way out of every locked state. Recording ends first: the desktop behind the exam is nobody's business."""
    after = replace(session, phase=phase, reason=reason, leave_asked=False, access=None, notices=())
    return Next(after, (HideExam(forget=True), StopRecording(), RestoreComputer()))


def exam_phase(session: Session) -> Phase:
    return Phase.RUNNING if session.link_up else Phase.OFFLINE


def cover(session: Session, reason: str) -> Next:
    """Hides the exam and keeps the lockdown: paused by the proctor, or the lease lapsed."""
    after = replace(session, phase=Phase.PAUSED, reason=reason)
    covering = (HideExam(forget=False),) if session.phase in EXAM_VISIBLE else ()
    return Next(after, (*covering, SignState("paused", reason)))
