"""The one door from our own page into the session: a name and a small object, looked up in a table, never called by
name. Whatever does not fit the table is ignored and counted. `windows` calls `act` on the GUI thread, so `post`
must not block.
"""

import json
from collections.abc import Callable, Collection, Mapping
from typing import Any

from candidate_agent.session import events, reports
from candidate_agent.session.events import Event
from candidate_agent.ui import languages

MAX_TEXT = 2000
MAX_MESSAGE = 16_384
MAX_MINUTES_AGO = 24 * 60
HEARD = ("heard", "not_heard", "skipped")
MANNERS = ("", "desk_only")
STEPS = ("id_card", "room", "paper")

Post = Callable[[Event], None]


class Malformed(ValueError):
    """The page sent what it never should."""


def _text(data: Mapping[str, Any], name: str, limit: int = 100) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > limit:
        raise Malformed(name)
    return value.strip()


def _optional(data: Mapping[str, Any], name: str) -> str:
    return _text(data, name) if data.get(name) else ""


def _step(data: Mapping[str, Any]) -> str:
    step = _text(data, "step")
    if step not in STEPS:
        raise Malformed("step")
    return step


def _one_of(data: Mapping[str, Any], name: str, allowed: Collection[str]) -> str:
    value = _text(data, name)
    if value not in allowed:
        raise Malformed(name)
    return value


def _flag(data: Mapping[str, Any], name: str) -> bool:
    value = data.get(name)
    if not isinstance(value, bool):
        raise Malformed(name)
    return value


def _report(data: Mapping[str, Any]) -> Event:
    minutes_ago, parts, text = data.get("minutes_ago"), data.get("parts"), data.get("text")
    if type(minutes_ago) is not int or not 0 <= minutes_ago <= MAX_MINUTES_AGO:
        raise Malformed("minutes_ago")
    if not isinstance(parts, list) or not set(map(str, parts)) <= set(reports.PARTS):
        raise Malformed("parts")
    if not isinstance(text, str) or len(text) > MAX_TEXT:
        raise Malformed("text")
    about = _one_of(data, "about", (reports.PROBLEM, *reports.PLACES))
    return events.ReportWritten(
        _text(data, "report_id"), about, text.strip(), minutes_ago, _flag(data, "unusable"), tuple(parts)
    )


def _manner(data: Mapping[str, Any]) -> str:
    manner = _optional(data, "manner")
    if manner not in MANNERS:
        raise Malformed("manner")
    return manner


def _survey(data: Mapping[str, Any]) -> Event:
    return events.SurveyAnswered(_rating(data, "ease"), _rating(data, "understood"), _words(data, "words"))


def _rating(data: Mapping[str, Any], name: str) -> int:
    """1 to 5; 0 where left out."""
    value = data.get(name, 0)
    if type(value) is not int or not 0 <= value <= 5:
        raise Malformed(name)
    return value


def _words(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name, "")
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        raise Malformed(name)
    return value.strip()


def _language(data: Mapping[str, Any]) -> str:
    language = _text(data, "language", 20)
    if language not in languages.NAMES:
        raise Malformed("language")
    return language


TABLE: dict[str, Callable[[Mapping[str, Any]], Event]] = {
    "language": lambda data: events.LanguageChosen(_language(data)),
    "consent": lambda data: events.ConsentGiven(),
    "consent_read": lambda data: events.ConsentRead(_text(data, "item")),
    "consent_decline": lambda data: events.ConsentDeclined(_text(data, "item")),
    "consent_turn": lambda data: events.ConsentTurned(_text(data, "item")),
    "texts": lambda data: events.TextsAsked(_flag(data, "shown")),
    "refuse": lambda data: events.ConsentRefused(),
    "check_again": lambda data: events.CheckAgainAsked(_optional(data, "code")),
    "open_settings": lambda data: events.SettingsAsked(_text(data, "page", 40)),
    "play_tone": lambda data: events.ToneAsked(),
    "speaker": lambda data: events.SpeakerAnswered(_one_of(data, "answer", HEARD)),
    "rehearse": lambda data: events.RehearsalAsked(),
    "rehearse_stop": lambda data: events.RehearsalStopAsked(),
    "continue": lambda data: events.ContinueAsked(),
    "close_program": lambda data: events.CloseProgramAsked(_text(data, "name")),
    "capture": lambda data: events.CaptureAsked(_step(data), _manner(data)),
    "retake": lambda data: events.CaptureAsked(_step(data), _manner(data)),
    "capture_next": lambda data: events.CaptureNextAsked(_step(data)),
    "capture_stop": lambda data: events.CaptureStopAsked(_step(data)),
    "confirm_step": lambda data: events.StepConfirmed(_step(data)),
    "decline_step": lambda data: events.StepDeclined(_step(data)),
    "reopen_step": lambda data: events.StepReopened(_step(data)),
    "say": lambda data: events.CandidateSaid(_text(data, "text", MAX_TEXT), _text(data, "message_id")),
    "read_chat": lambda data: events.ChatRead(),
    "acknowledge": lambda data: events.NoticeAcknowledged(_text(data, "command_id")),
    "raise_hand": lambda data: events.HandRaised(_flag(data, "raised")),
    "leave": lambda data: events.LeaveAsked(),
    "leave_withdrawn": lambda data: events.LeaveWithdrawn(),
    "leave_confirmed": lambda data: events.LeaveConfirmed(),
    "finish": lambda data: events.ExamFinished(),
    "close": lambda data: events.WindowClosed(),
    "break": lambda data: events.BreakAsked(),
    "back": lambda data: events.BackAsked(),
    "report": _report,
    "screenshot": lambda data: events.ScreenshotAsked(),
    "drop_screenshot": lambda data: events.ScreenshotDropped(),
    "live_panel": lambda data: events.LivePanelShown(_flag(data, "shown")),
    "cue": lambda data: events.CueChosen(_one_of(data, "kind", ("sound", "visual")), _flag(data, "on")),
    "paper_finished": lambda data: events.PaperFinished(),
    "survey": _survey,
    "open_receipt": lambda data: events.OpenReceiptAsked(),
    "own_data": lambda data: events.OwnDataAsked(),
    "open_report": lambda data: events.OpenReportAsked(),
}


class Bridge:
    """`post` takes an event into the inbox, on the GUI thread, without blocking. `ignored` counts what did not fit."""

    def __init__(self, post: Post) -> None:
        self._post = post
        self.ignored = 0

    def act(self, name: object, data: object) -> bool:
        """True when it became an event."""
        try:
            event = _event(name, data)
        except Malformed:
            self.ignored += 1
            return False
        self._post(event)
        return True

    def act_json(self, name: object, text: object) -> bool:
        try:
            data = _parsed(text)
        except Malformed:
            self.ignored += 1
            return False
        return self.act(name, data)


def _event(name: object, data: object) -> Event:
    make = TABLE.get(name) if isinstance(name, str) else None
    if make is None or not isinstance(data, dict):
        raise Malformed("name")
    return make(data)


def _parsed(text: object) -> object:
    if not isinstance(text, str) or len(text) > MAX_MESSAGE:
        raise Malformed("size")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Malformed("json") from error
