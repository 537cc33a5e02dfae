"""The session machine: one table, (phase, event) -> handler, and `step`. Pure; called by `driver` and by nobody else.

Each rule declares the phases it may lead to; `docs/session.md` is drawn from the table, and a step that ends elsewhere
is a failed assertion. An event without a rule for the phase becomes a record in the session log, never a crash.
"""

from dataclasses import dataclass

from candidate_agent.session import (
    adapting,
    breaks,
    checkin,
    consent,
    devices,
    ending,
    opening,
    parting,
    programs,
    reports,
    resuming,
    sitting,
    talk,
    trying,
)
from candidate_agent.session import events as ev
from candidate_agent.session.states import BEFORE_EXAM, LOCKED, OVER, Phase, Session
from candidate_agent.session.step import Handler, Moment, Next, keep, log

P = Phase


@dataclass(frozen=True, slots=True)
class Rule:
    phases: frozenset[Phase]
    event: type
    handler: Handler
    targets: frozenset[Phase] = frozenset()  # besides staying


def _rule(phases: Phase | frozenset[Phase], event: type, handler: Handler, *targets: Phase) -> Rule:
    return Rule(frozenset([phases]) if isinstance(phases, Phase) else phases, event, handler, frozenset(targets))


_ALL = frozenset(Phase)
_EXAM = frozenset({P.RUNNING, P.OFFLINE})
_LEAVABLE = frozenset({P.RUNNING, P.OFFLINE, P.PAUSED, P.LOCKING})
_REPORTING = BEFORE_EXAM | LOCKED - {P.FAILING}  # as long as something can be added to the record
_GIVING_BACK = frozenset({P.UNLOCKING, P.FAILING})
_SETTLED = frozenset({P.DONE, P.ENDED})

TABLE: tuple[Rule, ...] = (
    # check-in
    _rule(P.IDLE, ev.PackageOpened, checkin.package_opened, P.JOINING, P.OUTSIDE),
    _rule(P.OUTSIDE, ev.Ticked, opening.ticked, P.JOINING),
    _rule(P.JOINING, ev.Enrolled, checkin.enrolled, P.CONSENTING),
    _rule(P.JOINING, ev.EnrolFailed, checkin.enrol_failed, P.OUTSIDE),
    _rule(P.JOINING, ev.ContinueAsked, checkin.try_again),
    _rule(P.JOINING, ev.Resumed, resuming.resumed, P.CONSENTING, P.CHECKING, P.IDENTIFYING, P.WAITING, P.REFUSED,
          P.PARTING, P.DONE, P.ENDED),
    _rule(P.CONSENTING, ev.ConsentRead, consent.read),
    _rule(P.CONSENTING, ev.ConsentDeclined, consent.declined),
    _rule(P.CONSENTING, ev.ConsentTurned, consent.turned),
    _rule(consent.REREADABLE, ev.TextsAsked, consent.texts_asked),
    _rule(P.CONSENTING, ev.ConsentGiven, checkin.consent_given, P.CHECKING),
    _rule(P.CONSENTING, ev.ConsentRefused, checkin.consent_refused, P.REFUSED),
    _rule(P.REFUSED, ev.ContinueAsked, checkin.reconsider, P.CONSENTING),
    _rule(P.CHECKING, ev.CheckMeasured, checkin.check_measured),
    _rule(P.CHECKING, ev.DeviceChanged, devices.changed_in_checks),
    _rule(frozenset({P.IDENTIFYING, P.WAITING}), ev.DeviceChanged, devices.changed_after_checks),
    _rule(P.CHECKING, ev.ChecksFinished, checkin.checks_finished),
    _rule(P.CHECKING, ev.CheckAgainAsked, checkin.check_again),
    _rule(P.CHECKING, ev.ContinueAsked, checkin.checks_continued, P.IDENTIFYING, P.WAITING),
    _rule(P.IDENTIFYING, ev.CaptureAsked, checkin.capture_asked),
    _rule(P.IDENTIFYING, ev.StepCaptured, checkin.step_captured),
    _rule(P.IDENTIFYING, ev.StepFailed, checkin.step_failed),
    _rule(P.IDENTIFYING, ev.StepConfirmed, checkin.step_confirmed, P.WAITING),
    # tried by the candidate
    _rule(BEFORE_EXAM, ev.SettingsAsked, trying.settings_asked),
    _rule(_ALL, ev.SettingsShown, trying.settings_shown),
    _rule(P.CHECKING, ev.ToneAsked, trying.tone_asked),
    _rule(_ALL, ev.TonePlayed, trying.tone_played),
    _rule(P.CHECKING, ev.SpeakerAnswered, trying.speaker_answered),
    _rule(P.CHECKING, ev.RehearsalAsked, trying.rehearsal_asked),
    _rule(P.CHECKING, ev.RehearsalStopAsked, trying.rehearsal_stop_asked),
    _rule(P.CHECKING, ev.RehearsalEnded, trying.rehearsal_ended),
    _rule(_ALL - {P.CHECKING}, ev.RehearsalEnded, trying.rehearsal_gone),
    _rule(P.IDENTIFYING, ev.ZoneLookedFor, checkin.zone_looked_for),
    _rule(P.IDENTIFYING, ev.CaptureNextAsked, checkin.capture_next),
    _rule(P.IDENTIFYING, ev.CaptureStopAsked, checkin.capture_stop),
    _rule(P.IDENTIFYING, ev.StepDeclined, checkin.step_declined, P.WAITING),
    _rule(frozenset({P.IDENTIFYING, P.WAITING}), ev.StepReopened, checkin.step_reopened, P.IDENTIFYING),
    # programs
    _rule(_ALL, ev.ProgramsSeen, programs.programs_seen),
    _rule(BEFORE_EXAM | _EXAM | {P.PAUSED}, ev.CloseProgramAsked, programs.close_asked),
    _rule(_ALL, ev.CloseProgramEnded, programs.close_ended),
    # words
    _rule(BEFORE_EXAM - {P.WAITING}, ev.CommandArrived, talk.command_arrived, P.REFUSED, P.ENDED),
    _rule(P.WAITING, ev.CommandArrived, talk.command_arrived, P.IDENTIFYING, P.LOCKING, P.REFUSED, P.ENDED),
    _rule(_EXAM, ev.CommandArrived, talk.command_arrived, P.PAUSED, P.UNLOCKING),
    _rule(P.PAUSED, ev.CommandArrived, talk.command_arrived, P.RUNNING, P.OFFLINE, P.UNLOCKING),
    _rule(P.LOCKING, ev.CommandArrived, talk.command_arrived, P.UNLOCKING),
    _rule(OVER | _GIVING_BACK | {P.PARTING}, ev.CommandArrived, talk.command_arrived),
    _rule(_ALL - {P.IDLE, P.JOINING, P.OUTSIDE}, ev.CandidateSaid, talk.candidate_said),
    _rule(_ALL, ev.ChatRead, talk.chat_read),
    _rule(_ALL, ev.NoticeAcknowledged, talk.notice_acknowledged),
    _rule(_ALL, ev.HandRaised, talk.hand_raised),
    _rule(_ALL, ev.WatchersChanged, talk.watchers_changed),
    _rule(_ALL, ev.PlaceChanged, talk.place_changed),
    _rule(_ALL, ev.LanguageChosen, talk.language_chosen),
    _rule(_ALL, ev.LivePanelShown, talk.live_panel_shown),
    _rule(_ALL, ev.CueChosen, talk.cue_chosen),
    # reports
    _rule(_REPORTING, ev.ReportWritten, reports.written),
    _rule(_ALL, ev.ReportKept, reports.kept),
    _rule(_ALL, ev.ReportReceived, reports.received),
    _rule(_ALL, ev.ScreenshotAsked, reports.screenshot_asked),
    _rule(_ALL, ev.ScreenshotTaken, reports.screenshot_taken),
    _rule(_ALL, ev.ScreenshotDropped, reports.screenshot_dropped),
    # breaks
    _rule(_EXAM, ev.BreakAsked, breaks.break_asked, P.PAUSED),
    _rule(P.PAUSED, ev.BackAsked, breaks.back_asked, P.RUNNING, P.OFFLINE),
    _rule(P.PAUSED, ev.RecordingStarted, breaks.recording_started, P.RUNNING, P.OFFLINE),
    _rule(P.PAUSED, ev.RecordingFailed, breaks.recording_failed, P.FAILING),
    # the sitting
    _rule(P.LOCKING, ev.RecordingStarted, sitting.recording_started),
    _rule(P.LOCKING, ev.LockdownApplied, sitting.lockdown_applied, P.RUNNING, P.OFFLINE, P.PAUSED),
    _rule(LOCKED - {P.FAILING}, ev.LockdownFailed, sitting.lockdown_failed, P.FAILING),
    _rule(LOCKED - {P.FAILING, P.PAUSED}, ev.RecordingFailed, sitting.recording_failed, P.FAILING),
    _rule(_ALL - {P.PAUSED}, ev.LeaseRenewed, sitting.lease_renewed),
    _rule(P.PAUSED, ev.LeaseRenewed, sitting.lease_renewed, P.RUNNING, P.OFFLINE),
    _rule(_ALL - {P.OFFLINE}, ev.LinkUp, sitting.link_up),
    _rule(P.OFFLINE, ev.LinkUp, sitting.link_up, P.RUNNING),
    _rule(_ALL - {P.RUNNING}, ev.LinkDown, sitting.link_down),
    _rule(P.RUNNING, ev.LinkDown, sitting.link_down, P.OFFLINE),
    _rule(_ALL, ev.LinkRefused, sitting.link_refused),
    _rule(_ALL - _EXAM - {P.PAUSED, P.OUTSIDE}, ev.Ticked, keep),
    _rule(_EXAM, ev.Ticked, sitting.ticked, P.PAUSED, P.UNLOCKING),
    _rule(P.PAUSED, ev.Ticked, breaks.ticked, P.UNLOCKING),
    _rule(_EXAM, ev.ExamFinished, sitting.finished, P.UNLOCKING),
    _rule(_LEAVABLE | BEFORE_EXAM, ev.LeaveAsked, sitting.leave_asked),
    _rule(_LEAVABLE | BEFORE_EXAM, ev.LeaveWithdrawn, sitting.leave_withdrawn),
    _rule(_LEAVABLE, ev.LeaveConfirmed, sitting.leave_confirmed, P.UNLOCKING),
    _rule(_LEAVABLE, ev.WindowClosed, sitting.window_closed, P.UNLOCKING),
    # the end
    _rule(BEFORE_EXAM, ev.LeaveConfirmed, ending.left_before_exam, P.ENDED),
    _rule(P.REFUSED, ev.LeaveConfirmed, ending.left_after_refusal, P.ENDED),
    _rule(BEFORE_EXAM | {P.DONE, P.ENDED, P.IDLE, P.JOINING, P.OUTSIDE}, ev.WindowClosed, ending.closed),
    _rule(P.REFUSED, ev.WindowClosed, ending.closed_after_refusal, P.ENDED),
    _rule(_GIVING_BACK, ev.WindowClosed, keep),
    _rule(P.UNLOCKING, ev.ComputerRestored, parting.computer_restored, P.PARTING, P.DONE, P.ENDED),
    _rule(P.FAILING, ev.ComputerRestored, parting.computer_restored, P.ENDED),
    _rule(P.PARTING, ev.CaptureAsked, parting.capture_asked),
    _rule(P.PARTING, ev.StepCaptured, parting.captured),
    _rule(P.PARTING, ev.StepFailed, parting.failed),
    _rule(P.PARTING, ev.StepConfirmed, parting.confirmed),
    _rule(P.PARTING, ev.PaperFinished, parting.paper_finished, P.DONE, P.ENDED),
    _rule(P.PARTING, ev.SurveyAnswered, parting.survey_answered, P.DONE, P.ENDED),
    _rule(P.PARTING, ev.WindowClosed, parting.window_closed, P.DONE, P.ENDED),
    _rule(_SETTLED, ev.OpenReceiptAsked, ending.receipt_opened),
    _rule(_SETTLED, ev.OwnDataAsked, ending.data_asked),
    _rule(_ALL, ev.BacklogChanged, adapting.backlog_changed),
    _rule(_ALL, ev.EncoderOverloaded, adapting.encoder_overloaded),
    _rule(_ALL, ev.LineProbed, adapting.line_probed),
    _rule(_ALL, ev.HintsChanged, devices.hints_changed),
    _rule(_ALL, ev.ReceiptArrived, ending.receipt_arrived),
    _rule(OVER, ev.OpenReportAsked, ending.report_asked),
    _rule(_ALL, ev.FlagRaised, keep),
)  # fmt: skip

_BY_KEY: dict[tuple[Phase, type], Rule] = {(phase, rule.event): rule for rule in TABLE for phase in rule.phases}


def step(session: Session, event: ev.Event, at: Moment) -> Next:
    """The next session and the orders that follow from one fact. Never raises on an event of the vocabulary."""
    rule = _BY_KEY.get((session.phase, type(event)))
    if rule is None:
        return Next(session, (log("out_of_turn", f"{type(event).__name__} in {session.phase.value}", at),))
    result = rule.handler(session, event, at)
    assert result.session.phase in rule.targets | {session.phase}, (session.phase, event, result.session.phase)
    return result


def diagram() -> str:
    """The table as a Mermaid state diagram: one arrow per pair of phases, labelled with the events that lead there."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for rule in TABLE:
        for source in sorted(rule.phases, key=lambda phase: phase.value):
            for target in sorted(rule.targets - {source}, key=lambda phase: phase.value):
                arrows.setdefault((source.value, target.value), []).append(rule.event.__name__)
    lines = [f"    {a} --> {b}: {', '.join(dict.fromkeys(events))}" for (a, b), events in arrows.items()]
    return "\n".join(["stateDiagram-v2", "    [*] --> idle", *lines, "    done --> [*]", "    ended --> [*]"]) + "\n"
