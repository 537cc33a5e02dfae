"""Handlers for what a candidate tries before the exam: a sound to hear, the rehearsal, a page of the settings. Pure.

None of it keeps anybody from going on; what came of it is a row of the checks like any other.
"""

from dataclasses import replace

from candidate_agent.session import consent
from candidate_agent.session import effects as fx
from candidate_agent.session import events as ev
from candidate_agent.session.checkin import checks_record, with_row
from candidate_agent.session.states import Session
from candidate_agent.session.step import Moment, Next
from exam_protocol.catalogue import CHECKS, SETTINGS_PAGE
from exam_protocol.records import CheckRow


def settings_asked(s: Session, e: ev.SettingsAsked, at: Moment) -> Next:
    if e.page not in SETTINGS_PAGE.values():
        return Next(s)
    return Next(replace(s, settings_shut=""), (fx.OpenSettings(e.page),))


def settings_shown(s: Session, e: ev.SettingsShown, at: Moment) -> Next:
    return Next(replace(s, settings_shut="" if e.opened else e.page))


def tone_asked(s: Session, e: ev.ToneAsked, at: Moment) -> Next:
    return Next(s) if s.tone == "playing" else Next(replace(s, tone="playing"), (fx.PlayTone(),))


def tone_played(s: Session, e: ev.TonePlayed, at: Moment) -> Next:
    return Next(replace(s, tone="played" if e.played else "failed"))


def speaker_answered(s: Session, e: ev.SpeakerAnswered, at: Moment) -> Next:
    """Only the candidate can say: no program hears what a person hears."""
    if s.tone != "played":
        return Next(s)
    outcome = "pass" if e.answer == "heard" else "warn"
    row = CheckRow("speaker", outcome, e.answer.replace("_", " "), CHECKS["speaker"].unit, "heard", "")
    answered = replace(with_row(s, row), tone="")
    return Next(answered, (checks_record(answered, at),))


def rehearsal_asked(s: Session, e: ev.RehearsalAsked, at: Moment) -> Next:
    """Not beside the checks: both would use the line and the devices."""
    if s.checks_running or s.rehearsing or not consent.may_rehearse(s):
        return Next(s)
    return Next(replace(s, rehearsing=True), (fx.Rehearse(),))


def rehearsal_stop_asked(s: Session, e: ev.RehearsalStopAsked, at: Moment) -> Next:
    return Next(s, (fx.StopRehearsal(),) if s.rehearsing else ())


def rehearsal_ended(s: Session, e: ev.RehearsalEnded, at: Moment) -> Next:
    ended = replace(s, rehearsing=False)
    if e.row is None:
        return Next(ended)
    told = with_row(ended, e.row)
    return Next(told, (checks_record(told, at),))


def rehearsal_gone(s: Session, e: ev.RehearsalEnded, at: Moment) -> Next:
    """The check-in was over before it."""
    return Next(replace(s, rehearsing=False))
