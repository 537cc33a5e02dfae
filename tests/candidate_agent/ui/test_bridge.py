"""Only what is in the table becomes an event; everything else is ignored and counted."""

from typing import Any

import pytest

from candidate_agent.session import events
from candidate_agent.session.events import Event
from candidate_agent.ui.bridge import MAX_MESSAGE, MAX_TEXT, TABLE, Bridge

REPORT = {
    "report_id": "r1", "about": "problem", "text": " White page. ", "minutes_ago": 5, "unusable": True,
    "parts": ["server", "picture"],
}  # fmt: skip
GOOD: list[tuple[str, dict[str, Any], Event]] = [
    ("language", {"language": "de"}, events.LanguageChosen("de")),
    ("consent", {}, events.ConsentGiven()),
    ("consent_read", {"item": "webcam"}, events.ConsentRead("webcam")),
    ("consent_decline", {"item": "compare"}, events.ConsentDeclined("compare")),
    ("consent_turn", {"item": "screen"}, events.ConsentTurned("screen")),
    ("texts", {"shown": True}, events.TextsAsked(True)),
    ("refuse", {}, events.ConsentRefused()),
    ("check_again", {"code": ""}, events.CheckAgainAsked("")),
    ("check_again", {"code": "light"}, events.CheckAgainAsked("light")),
    ("open_settings", {"page": "camera"}, events.SettingsAsked("camera")),
    ("play_tone", {}, events.ToneAsked()),
    ("speaker", {"answer": "not_heard"}, events.SpeakerAnswered("not_heard")),
    ("rehearse", {}, events.RehearsalAsked()),
    ("rehearse_stop", {}, events.RehearsalStopAsked()),
    ("continue", {}, events.ContinueAsked()),
    ("close_program", {"name": "OBS Studio"}, events.CloseProgramAsked("OBS Studio")),
    ("capture", {"step": "id_card"}, events.CaptureAsked("id_card")),
    ("retake", {"step": "room"}, events.CaptureAsked("room")),
    ("capture", {"step": "room", "manner": "desk_only"}, events.CaptureAsked("room", "desk_only")),
    ("capture_next", {"step": "room"}, events.CaptureNextAsked("room")),
    ("capture_stop", {"step": "room"}, events.CaptureStopAsked("room")),
    ("decline_step", {"step": "room"}, events.StepDeclined("room")),
    ("reopen_step", {"step": "room"}, events.StepReopened("room")),
    ("confirm_step", {"step": "room"}, events.StepConfirmed("room")),
    ("say", {"text": " hello ", "message_id": "m1"}, events.CandidateSaid("hello", "m1")),
    ("read_chat", {}, events.ChatRead()),
    ("acknowledge", {"command_id": "c1"}, events.NoticeAcknowledged("c1")),
    ("raise_hand", {"raised": True}, events.HandRaised(True)),
    ("leave", {}, events.LeaveAsked()),
    ("leave_withdrawn", {}, events.LeaveWithdrawn()),
    ("leave_confirmed", {}, events.LeaveConfirmed()),
    ("finish", {}, events.ExamFinished()),
    ("close", {}, events.WindowClosed()),
    ("break", {}, events.BreakAsked()),
    ("back", {}, events.BackAsked()),
    ("report", REPORT, events.ReportWritten("r1", "problem", "White page.", 5, True, ("server", "picture"))),
    ("report", {**REPORT, "text": "", "parts": []}, events.ReportWritten("r1", "problem", "", 5, True, ())),
    ("screenshot", {}, events.ScreenshotAsked()),
    ("drop_screenshot", {}, events.ScreenshotDropped()),
    ("live_panel", {"shown": True}, events.LivePanelShown(True)),
    ("cue", {"kind": "sound", "on": False}, events.CueChosen("sound", False)),
    ("capture", {"step": "paper"}, events.CaptureAsked("paper")),
    ("paper_finished", {}, events.PaperFinished()),
    ("survey", {}, events.SurveyAnswered(0, 0, "")),
    ("survey", {"ease": 5, "understood": 1, "words": " fine "}, events.SurveyAnswered(5, 1, "fine")),
    ("open_receipt", {}, events.OpenReceiptAsked()),
    ("own_data", {}, events.OwnDataAsked()),
    ("open_report", {}, events.OpenReportAsked()),
]
BAD: list[tuple[object, object]] = [
    ("nothing", {}),
    ("__class__", {}),
    (None, {}),
    (3, {}),
    ("consent_read", {}),
    ("consent_decline", {}),
    ("consent_turn", {"item": 3}),
    ("texts", {"shown": "yes"}),
    ("consent", None),
    ("consent", []),
    ("language", {"language": "tlh"}),
    ("language", {"language": "../en"}),
    ("close_program", {}),
    ("close_program", {"name": 7}),
    ("speaker", {"answer": "deafening"}),
    ("open_settings", {}),
    ("capture", {}),
    ("capture", {"step": "kitchen"}),
    ("capture", {"step": "room", "manner": "roof"}),
    ("capture", {"step": ["id_card"]}),
    ("say", {"text": "", "message_id": "m"}),
    ("say", {"text": "   ", "message_id": "m"}),
    ("say", {"text": "x" * (MAX_TEXT + 1), "message_id": "m"}),
    ("say", {"text": "hi"}),
    ("raise_hand", {"raised": 1}),
    ("survey", {"ease": 6}),
    ("survey", {"ease": True}),
    ("survey", {"understood": "5"}),
    ("survey", {"words": "x" * (MAX_TEXT + 1)}),
    ("survey", {"words": ["x"]}),
    ("acknowledge", {"command_id": 7}),
    ("language", {"language": "x" * 21}),
    ("report", {**REPORT, "about": "love"}),
    ("report", {**REPORT, "minutes_ago": -1}),
    ("report", {**REPORT, "minutes_ago": True}),
    ("report", {**REPORT, "minutes_ago": 10**9}),
    ("report", {**REPORT, "parts": ["server", "clipboard"]}),
    ("report", {**REPORT, "parts": [{}]}),
    ("report", {**REPORT, "text": "x" * (MAX_TEXT + 1)}),
    ("report", {**REPORT, "text": None}),
    ("report", {**REPORT, "unusable": "no"}),
    ("live_panel", {"shown": 1}),
    ("cue", {"kind": "smell", "on": True}),
    ("cue", {"kind": "sound"}),
]


@pytest.mark.parametrize(("name", "data", "event"), GOOD, ids=lambda value: value if isinstance(value, str) else "")
def test_what_the_page_may_do_becomes_its_event(name: str, data: dict[str, Any], event: Event) -> None:
    posted: list[Event] = []
    assert Bridge(posted.append).act(name, data)
    assert posted == [event]


def test_every_name_of_the_table_is_tried() -> None:
    assert {name for name, _, _ in GOOD} == set(TABLE)


@pytest.mark.parametrize(("name", "data"), BAD)
def test_what_does_not_fit_is_ignored_and_counted(name: object, data: object) -> None:
    posted: list[Event] = []
    bridge = Bridge(posted.append)
    assert not bridge.act(name, data)
    assert (posted, bridge.ignored) == ([], 1)


@pytest.mark.parametrize("text", ["", "{", "[" * 9000, "x" * (MAX_MESSAGE + 1), None, 7, '"consent"'])
def test_malformed_json_is_ignored_and_counted(text: object) -> None:
    bridge = Bridge(lambda event: pytest.fail(f"posted {event}"))
    assert not bridge.act_json("consent", text)
    assert bridge.ignored == 1


def test_text_of_2000_characters_is_still_said() -> None:
    posted: list[Event] = []
    assert Bridge(posted.append).act("say", {"text": "x" * MAX_TEXT, "message_id": "m"})
    assert len(posted) == 1
