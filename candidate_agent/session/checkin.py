"""Handlers from the first click to admission. Pure."""

from dataclasses import replace

from candidate_agent.session import consent, opening
from candidate_agent.session import effects as fx
from candidate_agent.session import events as ev
from candidate_agent.session.profile import profile_for
from candidate_agent.session.states import Phase, Session, Step, StepStatus
from candidate_agent.session.step import Moment, Next, log
from exam_protocol.catalogue import ASKED, CHECKS
from exam_protocol.policy import Policy
from exam_protocol.records import CheckRow, ChecksEntry, ConsentEntry, Track

STEPS = ("id_card", "room")
GOOD = "good"  # of an identity picture, as the judge says it
TRIES = 3  # identity pictures; then a person looks
DESK_ONLY = "desk_only"
_UNREADABLE = "Three pictures of the identity document could not be judged as readable."
_DECLINED = "The candidate does not want to show the room and asks a person to decide."
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
        asked_us=at.now_us,
        paper=_first(policy.scratch_paper),
    )
    if not e.has_sat and not opening.is_open(e.package, at.wall_ms):
        return Next(opening.outside(after, at.wall_ms))
    return Next(after, (fx.Enrol(),))


def _first(asked: bool) -> Step:
    return Step() if asked else Step(StepStatus.SKIPPED)


def enrolled(s: Session, e: ev.Enrolled, at: Moment) -> Next:
    after = replace(
        s,
        phase=Phase.CONSENTING,
        candidate_name=e.candidate_name,
        candidate_id=e.candidate_id,
        accommodations=e.accommodations,
        problem=None,
    )
    return Next(after, (fx.Connect(), fx.SignState("joined")))


def enrol_failed(s: Session, e: ev.EnrolFailed, at: Moment) -> Next:
    failed = replace(s, problem=(e.code, e.text))
    return Next(replace(failed, phase=Phase.OUTSIDE) if opening.is_too_early(s, e.code, at) else failed)


def try_again(s: Session, e: ev.ContinueAsked, at: Moment) -> Next:
    return Next(replace(s, problem=None, asked_us=at.now_us), (fx.Enrol(),))


def consent_given(s: Session, e: ev.ConsentGiven, at: Moment) -> Next:
    after = replace(s, phase=Phase.CHECKING, checks_running=True, measuring=under_way())
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
    items = consent.agreed(s) if accepted else (consent.stage(s),)
    return fx.Record(Track.LOG, ConsentEntry(accepted, version, s.language, at.wall_ms, items))


def check_measured(s: Session, e: ev.CheckMeasured, at: Moment) -> Next:
    measured = replace(with_row(s, e.row), measuring=s.measuring - {e.row.code})
    return _fitted(measured, e.row, at)


def with_row(s: Session, row: CheckRow) -> Session:
    rows = {known.code: known for known in s.checks} | {row.code: row}
    return replace(s, checks=tuple(sorted(rows.values(), key=_catalogue_order)))


def under_way(only: str = "") -> frozenset[str]:
    """Codes of what is measured now. What a person is asked for, or begins, is not."""
    return frozenset({only} if only else CHECKS.keys() - ASKED)


def _fitted(s: Session, row: CheckRow, at: Moment) -> Next:
    """The recording is made to fit what was measured, and that is on record."""
    profile = profile_for(s.checks, policy_of(s).profile)
    if not profile or profile == s.profile:
        return Next(s)
    return Next(replace(s, profile=profile), (log("profile", f"{profile}: {row.code} {row.value} {row.unit}", at),))


_ORDER = {code: place for place, code in enumerate(CHECKS)}


def _catalogue_order(row: CheckRow) -> int:
    return _ORDER.get(row.code, len(_ORDER))


def checks_finished(s: Session, e: ev.ChecksFinished, at: Moment) -> Next:
    return Next(replace(s, checks_running=False, measuring=frozenset()), (checks_record(s, at),))


def checks_record(s: Session, at: Moment) -> fx.Record:
    return fx.Record(Track.LOG, ChecksEntry(s.checks, at.wall_ms))


def check_again(s: Session, e: ev.CheckAgainAsked, at: Moment) -> Next:
    """Devices are looked for again first: a camera may have been connected meanwhile."""
    if s.checks_running or s.rehearsing:
        return Next(s)
    running = replace(s, checks_running=True, measuring=under_way(e.code), settings_shut="")
    return Next(running, (fx.OpenPreview(), fx.RunChecks(e.code)))


def blocking(rows: tuple[CheckRow, ...]) -> tuple[CheckRow, ...]:
    """Checks that keep the candidate from going on."""
    return tuple(row for row in rows if row.outcome == "fail" and row.code in CHECKS and CHECKS[row.code].blocks)


def checks_continued(s: Session, e: ev.ContinueAsked, at: Moment) -> Next:
    if s.checks_running or s.rehearsing or not s.checks or blocking(s.checks):
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
    manner = DESK_ONLY if e.step == "room" and e.manner == DESK_ONLY else ""
    return Next(after, (fx.CaptureStep(e.step, step.attempt + 1, manner),))


def capture_next(s: Session, e: ev.CaptureNextAsked, at: Moment) -> Next:
    return Next(s, (fx.DirectCapture(e.step, stop=False),))


def capture_stop(s: Session, e: ev.CaptureStopAsked, at: Moment) -> Next:
    return Next(s, (fx.DirectCapture(e.step, stop=True),))


def step_captured(s: Session, e: ev.StepCaptured, at: Moment) -> Next:
    """An identity picture that cannot be read three times is a person's matter: told once, and nothing waits for it."""
    step: Step = getattr(s, e.step)
    if step.status is StepStatus.DECLINED:
        return Next(s)  # it was declined while the last picture came
    missed = e.step == "id_card" and e.verdict not in ("", GOOD)
    misses = step.misses + missed
    taken = replace(step, status=StepStatus.TAKEN, verdict=e.verdict, covered=e.covered, misses=misses)
    told = missed and misses == TRIES
    return Next(_with_step(s, e.step, taken), (fx.RaiseFlag("ID_UNREADABLE", _UNREADABLE),) if told else ())


def zone_looked_for(s: Session, e: ev.ZoneLookedFor, at: Moment) -> Next:
    """Whether the check digits agree is recorded; what stands in the zone is not."""
    said = {"right": "check digits right", "wrong": f"check digits wrong: {e.detail}", "none": "no zone was read"}
    return Next(s, (log("mrz_read", said.get(e.outcome, f"not read here: {e.detail}"), at),))


def step_failed(s: Session, e: ev.StepFailed, at: Moment) -> Next:
    return Next(replace(s, problem=(e.code, e.text)), (log("step_failed", f"{e.step}: {e.code}", at),))


def step_confirmed(s: Session, e: ev.StepConfirmed, at: Moment) -> Next:
    if e.step not in STEPS or getattr(s, e.step).status is not StepStatus.TAKEN:
        return Next(s)
    step: Step = getattr(s, e.step)
    after = _with_step(s, e.step, replace(step, status=StepStatus.SENT, reason=""))
    moved = _identify_or_wait(after)
    how = (log("room_scan", _manner(step), at),) if e.step == "room" and step.verdict else ()
    return Next(moved.session, (*how, fx.SendStep(e.step, step.attempt), *moved.effects))


def _manner(step: Step) -> str:
    """How the room was shown, for the proctor: recorded before the pictures."""
    return f"turned, {step.covered} of 8 directions" if step.verdict == "turned" else step.verdict


def step_declined(s: Session, e: ev.StepDeclined, at: Moment) -> Next:
    """Only the room can be declined: the proctor is asked, sees it in the record, and may admit, ask or refuse."""
    if e.step != "room" or s.room.status not in _OPEN_STEPS:
        return Next(s)
    after = replace(s, problem=None, room=replace(s.room, status=StepStatus.DECLINED, reason="", verdict=""))
    moved = _identify_or_wait(after)
    said = (log("room_declined", "", at), fx.DirectCapture("room", stop=True), fx.RaiseFlag("HELP_REQUEST", _DECLINED))
    return Next(moved.session, (*said, *moved.effects))


def step_reopened(s: Session, e: ev.StepReopened, at: Moment) -> Next:
    if e.step != "room" or s.room.status is not StepStatus.DECLINED:
        return Next(s)
    after = replace(s, phase=Phase.IDENTIFYING, room=replace(s.room, status=StepStatus.NOT_YET))
    return Next(after, (log("room_reopened", "", at),))


def _approved(step: Step) -> Step:
    return replace(step, status=StepStatus.APPROVED) if step.status is StepStatus.SENT else step


def approve(s: Session) -> Session:
    return replace(s, id_card=_approved(s.id_card), room=_approved(s.room))


def policy_of(s: Session) -> Policy:
    return s.package.policy if s.package else Policy()
