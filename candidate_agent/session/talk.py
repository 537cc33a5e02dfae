"""Handlers for words in both directions: chat, interventions and every other command of a proctor. Pure.

A command is recorded before it is acted on, and always answered: delivered, then read, acknowledged or done; or refused
with a code.
"""

from dataclasses import replace

from candidate_agent.session import effects as fx
from candidate_agent.session import events as ev
from candidate_agent.session.checkin import approve, policy_of, step_asked
from candidate_agent.session.ending import end_before_exam
from candidate_agent.session.sitting import PAUSED_BY_PROCTOR, show_again
from candidate_agent.session.states import BEFORE_EXAM, EXAM_VISIBLE, LOCKED, OVER, ChatLine, Notice, Phase, Session
from candidate_agent.session.step import Moment, Next, answer, cover, give_back
from exam_protocol import messages as m
from exam_protocol.policy import ExamAccess
from exam_protocol.records import ChatEntry, CommandEntry, Track

_WARNINGS = ("warning", "final")
_SAID = (m.ChatBody, m.InterventionBody, m.PauseBody, m.ResumeBody)  # what the candidate is to notice
_SEALED = frozenset({Phase.DONE, Phase.ENDED})  # the record has its signed end: nothing can be added


def command_arrived(s: Session, e: ev.CommandArrived, at: Moment) -> Next:
    """Records, acts, answers. What does not fit the moment is answered `refused: not_now`."""
    outcome = _act(s, e, at)
    noted = fx.Record(Track.CONTROL, _entry(e, at))
    if isinstance(outcome, str):
        return Next(s, (noted, answer(e.command_id, "refused", at, outcome)))
    return Next(outcome.session, (noted, answer(e.command_id, "delivered", at), *outcome.effects, *_cue(s, e)))


def _cue(s: Session, e: ev.CommandArrived) -> tuple[fx.Effect, ...]:
    return (fx.PlayCue(),) if s.cue_sound and isinstance(e.body, _SAID) else ()


def _entry(e: ev.CommandArrived, at: Moment) -> CommandEntry:
    body = e.body
    text = getattr(body, "text", "") or getattr(body, "reason", "")
    code = getattr(body, "code", "") or getattr(body, "step", "") or str(getattr(body, "sequence", ""))
    level = getattr(body, "level", "") or getattr(body, "decision", "") or getattr(body, "severity", "")
    kind = str(type(body).__struct_config__.tag)
    return CommandEntry(e.command_id, kind, e.proctor, text, code, level, e.document_hash, at.wall_ms)


def _act(s: Session, e: ev.CommandArrived, at: Moment) -> Next | str:
    match e.body:
        case m.ChatBody(text=text):
            line = ChatLine(e.proctor_name, text, at.wall_ms, e.command_id)
            return Next(replace(s, chat=(*s.chat, line), unread=s.unread + 1))
        case m.AdmitBody(access=access):
            return _admit(s, access)
        case m.RefuseBody(reason=reason):
            return _refuse_admission(s, reason)
        case m.AskAgainBody(step=step, reason=reason):
            return _ask_again(s, step, reason)
        case m.InterventionBody():
            return _intervene(s, e.command_id, e.body)
        case m.PauseBody(reason=reason):
            return cover(replace(s, words=reason), PAUSED_BY_PROCTOR) if s.phase in EXAM_VISIBLE else "not_now"
        case m.ResumeBody():
            return _resume(s, at)
        case m.EndBody():
            return _end(s, e.body)
        case m.FlagDecisionBody():
            return _decide(s, e.body)
        case m.RaiseFlagBody(text=text, severity=severity):
            return "not_now" if s.phase in _SEALED else Next(s, (fx.RaiseFlag("PROCTOR_RAISED", text, severity),))
    return "unknown_command"


def _admit(s: Session, access: ExamAccess) -> Next | str:
    if s.phase is not Phase.WAITING:
        return "not_now"
    admitted = replace(approve(s), phase=Phase.LOCKING, access=access)
    return Next(admitted, (fx.SignState("admitted"), fx.StartRecording()))


def _refuse_admission(s: Session, reason: str) -> Next | str:
    if s.phase not in BEFORE_EXAM:
        return "not_now"
    refused = replace(s, phase=Phase.REFUSED, reason="admission_refused", words=reason)
    return Next(refused, (fx.CloseCamera(), fx.SignState("ended", "admission_refused")))


def _ask_again(s: Session, step: str, reason: str) -> Next | str:
    if s.phase not in (Phase.WAITING, Phase.IDENTIFYING) or step not in ("id_card", "room"):
        return "not_now"
    return Next(step_asked(s, step, reason))


def _intervene(s: Session, command_id: str, body: m.InterventionBody) -> Next | str:
    if s.phase in OVER:
        return "not_now"
    notice = Notice(command_id, body.code, body.level, body.text)
    warned = s.warnings_delivered + (body.level in _WARNINGS)
    return Next(replace(s, notices=(*s.notices, notice), warnings_delivered=warned))


def _resume(s: Session, at: Moment) -> Next | str:
    if s.phase is not Phase.PAUSED or s.reason != PAUSED_BY_PROCTOR:
        return "not_now"
    shown = show_again(s, at)
    return shown if shown.effects else "not_now"


def _end(s: Session, body: m.EndBody) -> Next | str:
    if s.phase in OVER:
        return "not_now"
    if s.warnings_delivered < policy_of(s).warnings_before_end and not body.override_reason.strip():
        return "not_enough_warnings"
    if s.phase in BEFORE_EXAM:
        return end_before_exam(replace(s, words=body.reason), "ended_by_proctor")
    if s.phase not in LOCKED or s.phase is Phase.FAILING:
        return "not_now"
    return give_back(replace(s, words=body.reason), Phase.UNLOCKING, "ended_by_proctor")


def _decide(s: Session, body: m.FlagDecisionBody) -> Next | str:
    """Recorded beside the flag, and nothing else: a decision changes nothing for the candidate."""
    if s.phase in _SEALED:
        return "not_now"
    return "reason_missing" if body.decision == "dismissed" and not body.reason.strip() else Next(s)


def candidate_said(s: Session, e: ev.CandidateSaid, at: Moment) -> Next:
    line = ChatLine("candidate", e.text, at.wall_ms, e.message_id)
    record = fx.Record(Track.CONTROL, ChatEntry("candidate", e.text, e.message_id, at.wall_ms))
    return Next(replace(s, chat=(*s.chat, line)), (record,))


def chat_read(s: Session, e: ev.ChatRead, at: Moment) -> Next:
    theirs = [line for line in s.chat if line.sender != "candidate"]
    unread = theirs[len(theirs) - s.unread :]
    return Next(replace(s, unread=0), tuple(answer(line.message_id, "read", at) for line in unread))


def notice_acknowledged(s: Session, e: ev.NoticeAcknowledged, at: Moment) -> Next:
    if not any(notice.command_id == e.command_id for notice in s.notices):
        return Next(s)
    rest = tuple(notice for notice in s.notices if notice.command_id != e.command_id)
    return Next(replace(s, notices=rest), (answer(e.command_id, "acknowledged", at),))


def hand_raised(s: Session, e: ev.HandRaised, at: Moment) -> Next:
    flags = (fx.RaiseFlag("HELP_REQUEST", "The candidate raised a hand."),) if e.raised and not s.hand_raised else ()
    return Next(replace(s, hand_raised=e.raised), flags)


def live_panel_shown(s: Session, e: ev.LivePanelShown, at: Moment) -> Next:
    return Next(replace(s, live_panel_open=e.shown))


def cue_chosen(s: Session, e: ev.CueChosen, at: Moment) -> Next:
    """Kept for this session alone."""
    return Next(replace(s, cue_sound=e.on) if e.kind == "sound" else replace(s, cue_visual=e.on))


def watchers_changed(s: Session, e: ev.WatchersChanged, at: Moment) -> Next:
    return Next(replace(s, watchers=e.proctors))


def place_changed(s: Session, e: ev.PlaceChanged, at: Moment) -> Next:
    return Next(replace(s, place=e.place, waiting=e.waiting))


def language_chosen(s: Session, e: ev.LanguageChosen, at: Moment) -> Next:
    return Next(replace(s, language=e.language))
