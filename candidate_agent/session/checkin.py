"""Handlers from the first click to admission. Pure."""

from dataclasses import replace

from candidate_agent.session import effects as fx
from candidate_agent.session import events as ev
from candidate_agent.session.states import Phase, Session, Step, StepStatus
from candidate_agent.session.step import Moment, Next, log
from exam_protocol.catalogue import CHECKS
from exam_protocol.policy import Policy
from exam_protocol.records import CheckRow, ChecksEntry, ConsentEntry, Track

STEPS = ("id_card", "room")
_OPEN_STEPS = (StepStatus.NOT_YET, StepStatus.TAKEN, StepStatus.ASKED_AGAIN)


def package_opened(s: Session, e: ev.PackageOpened, at: Moment) -> Next:
    policy = e.package.policy
    after = replace(
        s,
        phase=Phase.JOINING,
        package=e.package,
        language=e.language,
        id_card=_first(policy.id_card),
        room=_first(policy.room_scan),
        paper=_first(policy.scratch_paper),
    )
    return Next(after, (fx.Enrol(),))


def _first(asked: bool) -> Step:
    return Step() if asked else Step(StepStatus.SKIPPED)


def enrolled(s: Session, e: ev.Enrolled, at: Moment) -> Next:
    after = replace(
        s, phase=Phase.CONSENTING, candidate_name=e.candidate_name, accommodations=e.accommodations, problem=None
    )
    return Next(after, (fx.Connect(), fx.SignState("joined")))


def enrol_failed(s: Session, e: ev.EnrolFailed, at: Moment) -> Next:
    return Next(replace(s, problem=(e.code, e.text)))


def try_again(s: Session, e: ev.ContinueAsked, at: Moment) -> Next:
    return Next(replace(s, problem=None), (fx.Enrol(),))


def consent_given(s: Session, e: ev.ConsentGiven, at: Moment) -> Next:
    after = replace(s, phase=Phase.CHECKING, checks_running=True)
    return Next(after, (_consent(s, True, at), fx.OpenPreview(), fx.RunChecks()))


def consent_refused(s: Session, e: ev.ConsentRefused, at: Moment) -> Next:
    """The institution's alternative is shown; nothing is signed away until the candidate leaves."""
    after = replace(s, phase=Phase.REFUSED, reason="consent_refused")
    return Next(after, (_consent(s, False, at),))


def reconsider(s: Session, e: ev.ContinueAsked, at: Moment) -> Next:
    if s.reason != "consent_refused":
        return Next(s)
    return Next(replace(s, phase=Phase.CONSENTING, reason=""))


def _consent(s: Session, accepted: bool, at: Moment) -> fx.Record:
    version = s.package.integrity_version if s.package else ""
    return fx.Record(Track.LOG, ConsentEntry(accepted, version, s.language, at.wall_ms))


def check_measured(s: Session, e: ev.CheckMeasured, at: Moment) -> Next:
    rows = {row.code: row for row in s.checks}
    rows[e.row.code] = e.row
    ordered = sorted(rows.values(), key=_catalogue_order)
    return Next(replace(s, checks=tuple(ordered)))


_ORDER = {code: place for place, code in enumerate(CHECKS)}


def _catalogue_order(row: CheckRow) -> int:
    return _ORDER.get(row.code, len(_ORDER))


def checks_finished(s: Session, e: ev.ChecksFinished, at: Moment) -> Next:
    record = fx.Record(Track.LOG, ChecksEntry(s.checks, at.wall_ms))
    return Next(replace(s, checks_running=False), (record,))


def check_again(s: Session, e: ev.CheckAgainAsked, at: Moment) -> Next:
    """Devices are looked for again first: a camera may have been connected meanwhile."""
    if s.checks_running:
        return Next(s)
    return Next(replace(s, checks_running=True), (fx.OpenPreview(), fx.RunChecks(e.code)))


def blocking(rows: tuple[CheckRow, ...]) -> tuple[CheckRow, ...]:
    """Checks that keep the candidate from going on."""
    return tuple(row for row in rows if row.outcome == "fail" and row.code in CHECKS and CHECKS[row.code].blocks)


def checks_continued(s: Session, e: ev.ContinueAsked, at: Moment) -> Next:
    if s.checks_running or not s.checks or blocking(s.checks):
        return Next(s)
    return _identify_or_wait(s)


def _open_steps(s: Session) -> tuple[str, ...]:
    return tuple(name for name in STEPS if getattr(s, name).status in _OPEN_STEPS)


def _identify_or_wait(s: Session) -> Next:
    if _open_steps(s):
        return Next(replace(s, phase=Phase.IDENTIFYING))
    return Next(replace(s, phase=Phase.WAITING), (fx.SignState("waiting"),))


def _with_step(s: Session, name: str, step: Step) -> Session:
    return replace(s, id_card=step) if name == "id_card" else replace(s, room=step)


def step_asked(s: Session, name: str, reason: str) -> Session:
    """The proctor wants this step once more."""
    step: Step = getattr(s, name)
    return _with_step(
        replace(s, phase=Phase.IDENTIFYING), name, replace(step, status=StepStatus.ASKED_AGAIN, reason=reason)
    )


def capture_asked(s: Session, e: ev.CaptureAsked, at: Moment) -> Next:
    if e.step not in STEPS or getattr(s, e.step).status is StepStatus.SKIPPED:
        return Next(s)
    step: Step = getattr(s, e.step)
    after = _with_step(replace(s, problem=None), e.step, replace(step, attempt=step.attempt + 1))
    return Next(after, (fx.CaptureStep(e.step, step.attempt + 1),))


def step_captured(s: Session, e: ev.StepCaptured, at: Moment) -> Next:
    step: Step = getattr(s, e.step)
    return Next(_with_step(s, e.step, replace(step, status=StepStatus.TAKEN)))


def step_failed(s: Session, e: ev.StepFailed, at: Moment) -> Next:
    return Next(replace(s, problem=(e.code, e.text)), (log("step_failed", f"{e.step}: {e.code}", at),))


def step_confirmed(s: Session, e: ev.StepConfirmed, at: Moment) -> Next:
    if e.step not in STEPS or getattr(s, e.step).status is not StepStatus.TAKEN:
        return Next(s)
    step: Step = getattr(s, e.step)
    after = _with_step(s, e.step, replace(step, status=StepStatus.SENT, reason=""))
    moved = _identify_or_wait(after)
    return Next(moved.session, (fx.SendStep(e.step, step.attempt), *moved.effects))


def _approved(step: Step) -> Step:
    return replace(step, status=StepStatus.APPROVED) if step.status is StepStatus.SENT else step


def approve(s: Session) -> Session:
    return replace(s, id_card=_approved(s.id_card), room=_approved(s.room))


def policy_of(s: Session) -> Policy:
    return s.package.policy if s.package else Policy()
