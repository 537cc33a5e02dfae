"""The one door from our own page into the session: a name and a small object, looked up in a table, never called by
name. Whatever does not fit the table is ignored and counted. `windows` calls `act` on the GUI thread, so `post`
must not block.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from candidate_agent.session import events
from candidate_agent.session.events import Event

MAX_TEXT = 2000
MAX_MESSAGE = 16_384
STEPS = ("id_card", "room")

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


def _raised(data: Mapping[str, Any]) -> bool:
    raised = data.get("raised")
    if not isinstance(raised, bool):
        raise Malformed("raised")
    return raised


TABLE: dict[str, Callable[[Mapping[str, Any]], Event]] = {
    "language": lambda data: events.LanguageChosen(_text(data, "language", 20)),
    "consent": lambda data: events.ConsentGiven(),
    "refuse": lambda data: events.ConsentRefused(),
    "check_again": lambda data: events.CheckAgainAsked(_optional(data, "code")),
    "continue": lambda data: events.ContinueAsked(),
    "close_program": lambda data: events.CloseProgramAsked(_text(data, "name")),
    "capture": lambda data: events.CaptureAsked(_step(data)),
    "retake": lambda data: events.CaptureAsked(_step(data)),
    "confirm_step": lambda data: events.StepConfirmed(_step(data)),
    "say": lambda data: events.CandidateSaid(_text(data, "text", MAX_TEXT), _text(data, "message_id")),
    "read_chat": lambda data: events.ChatRead(),
    "acknowledge": lambda data: events.NoticeAcknowledged(_text(data, "command_id")),
    "raise_hand": lambda data: events.HandRaised(_raised(data)),
    "leave": lambda data: events.LeaveAsked(),
    "leave_withdrawn": lambda data: events.LeaveWithdrawn(),
    "leave_confirmed": lambda data: events.LeaveConfirmed(),
    "finish": lambda data: events.ExamFinished(),
    "close": lambda data: events.WindowClosed(),
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
