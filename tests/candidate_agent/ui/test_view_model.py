"""Every phase has its screen, its rail and its words; pure."""

import json
from dataclasses import replace
from importlib import resources
from typing import Any

import pytest

from candidate_agent.session.states import LOCKED, Backlog, Phase, Session, Step, StepStatus
from candidate_agent.ui.bridge import TABLE
from candidate_agent.ui.screens.over import REASONS
from candidate_agent.ui.screens.problem import PROBLEMS
from candidate_agent.ui.view_model import view
from candidate_agent.ui.words import Live
from exam_protocol.catalogue import CHECKS
from exam_protocol.policy import Accommodations, Policy
from tests.candidate_agent.ui.states import (
    BASE,
    CAMERA,
    CHECKED,
    EXAM,
    LOOKS,
    NOW_US,
    OVER,
    PACKAGE,
    STATES,
    STOPS,
    TAKEN,
    WALL_MS,
)

TEXTS: dict[str, Any] = json.loads((resources.files("candidate_agent.ui") / "assets/locales/en.json").read_text())
KEYS = set(TEXTS) | {key.removesuffix("_other") for key in TEXTS}  # a plural is asked for without its ending
SCREENS = {
    Phase.IDLE: "joining",
    Phase.JOINING: "joining",
    Phase.CONSENTING: "consent",
    Phase.REFUSED: "refused",
    Phase.CHECKING: "checks",
    Phase.IDENTIFYING: "identity",
    Phase.WAITING: "identity",
    Phase.LOCKING: "joining",
    Phase.RUNNING: "exam",
    Phase.OFFLINE: "exam",
    Phase.PAUSED: "paused",
    Phase.FAILING: "over",
    Phase.UNLOCKING: "over",
    Phase.DONE: "over",
    Phase.ENDED: "over",
}


def draw(session: Session, live: Live | None = None, now_us: int = NOW_US, wall_ms: int = WALL_MS) -> dict[str, Any]:
    return view(session, now_us=now_us, wall_ms=wall_ms, live=live or Live())


def keys_in(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {value["key"]} if isinstance(value.get("key"), str) and "values" in value else set()
        return own.union(*(keys_in(part) for part in value.values()))
    return set().union(*(keys_in(part) for part in value)) if isinstance(value, list) else set()


def actions(drawn: dict[str, Any]) -> dict[str, bool]:
    return {entry["id"]: entry["enabled"] for entry in drawn["actions"]}


@pytest.mark.parametrize("phase", Phase, ids=lambda phase: phase.value)
def test_each_phase_has_its_screen_with_and_without_a_package(phase: Phase) -> None:
    assert draw(Session(phase=phase))["screen"] == SCREENS[phase]
    assert draw(replace(EXAM, phase=phase, id_card=Step(), room=Step()))["screen"] == SCREENS[phase]


@pytest.mark.parametrize("name", STATES)
def test_a_view_is_json_and_all_its_words_exist(name: str) -> None:
    drawn = draw(STATES[name].session, STATES[name].live)
    assert json.loads(json.dumps(drawn)) == drawn
    assert keys_in(drawn) - KEYS == set()


@pytest.mark.parametrize("name", STATES)
def test_each_button_is_in_the_table_of_the_bridge(name: str) -> None:
    for entry in draw(STATES[name].session, STATES[name].live)["actions"]:
        TABLE[entry["act"]](entry["data"])


def test_every_problem_says_what_happened_what_it_means_and_what_to_do() -> None:
    wanted = {f"problem.{code}.{part}" for code in PROBLEMS for part in ("what", "means", "do")}
    assert wanted - KEYS == set()
    assert {f"over.reason.{reason}" for reason in REASONS} - KEYS == set()
    assert {f"check.{code}" for code in CHECKS} - KEYS == set()


def test_the_access_code_is_in_no_view() -> None:
    from exam_protocol.policy import ExamAccess

    session = replace(EXAM, access=ExamAccess("https://exam.example/start", "S3CRET99", ()))
    assert all("S3CRET99" not in json.dumps(draw(replace(session, phase=phase))) for phase in Phase)


def test_the_rail_has_six_steps_and_marks_where_we_are() -> None:
    rail = draw(replace(BASE, phase=Phase.CHECKING))["rail"]
    assert [step["id"] for step in rail] == ["consent", "system", "you", "room", "waiting", "exam"]
    assert [step["state"] for step in rail] == ["done", "now", "todo", "todo", "todo", "todo"]


def test_a_step_that_the_policy_does_not_ask_for_is_not_on_the_rail_nor_in_the_consent() -> None:
    session = replace(BASE, package=_with_policy(Policy(id_card=False, room_scan=False)))
    drawn = draw(session)
    assert [step["id"] for step in drawn["rail"]] == ["consent", "system", "waiting", "exam"]
    assert {"id_card", "room"}.isdisjoint(entry["id"] for entry in drawn["captures"])


def _with_policy(policy: Policy) -> Any:
    import msgspec

    return msgspec.structs.replace(PACKAGE, policy=policy)


def test_a_step_asked_for_again_comes_back_with_its_reason_before_anything_else() -> None:
    session = replace(
        CHECKED,
        phase=Phase.WAITING,
        id_card=Step(StepStatus.SENT, 1),
        room=Step(StepStatus.ASKED_AGAIN, 1, "Too dark."),
    )
    drawn = draw(session, CAMERA)
    assert (drawn["screen"], drawn["again"]) == ("room", {"text": "Too dark."})
    assert actions(drawn) == {"capture-room": True}


def test_a_taken_picture_is_looked_at_before_it_is_sent() -> None:
    drawn = draw(replace(CHECKED, id_card=Step(StepStatus.TAKEN, 1)), TAKEN)
    assert actions(drawn) == {"retake-id_card": True, "confirm-id_card": True}
    assert drawn["picture"] == "id_card"


def test_no_picture_can_be_taken_before_the_camera_shows_one() -> None:
    assert actions(draw(CHECKED)) == {"capture-id_card": False}
    assert actions(draw(CHECKED, replace(CAMERA, capturing="id_card"))) == {"capture-id_card": False}


@pytest.mark.parametrize(
    ("rows", "running", "goes_on"),
    [((), True, False), ((), False, False), (LOOKS, False, True), (LOOKS, True, False), (STOPS, False, False)],
)
def test_only_a_failure_that_blocks_keeps_a_candidate_from_going_on(rows: Any, running: bool, goes_on: bool) -> None:
    drawn = draw(replace(BASE, phase=Phase.CHECKING, checks=rows, checks_running=running))
    assert actions(drawn)["checks-continue"] is goes_on


def test_a_check_that_did_not_pass_shows_value_unit_and_remedy() -> None:
    rows = {row["id"]: row for row in draw(replace(BASE, phase=Phase.CHECKING, checks=STOPS))["rows"]}
    assert rows["displays"]["value"] == {"as": "number", "value": 2}
    assert (rows["displays"]["unit"], rows["displays"]["verdict"]) == ("displays", "fail")
    assert "second display" in rows["displays"]["remedy"]["text"]
    assert rows["disk"]["remedy"] is None


def test_the_clock_counts_to_the_opening_then_down_with_the_extra_time() -> None:
    assert draw(BASE)["clock"]["values"]["time"]["value"] == 1800
    assert draw(BASE, wall_ms=PACKAGE.opens_ms)["clock"]["key"] == "clock.open"
    assert draw(EXAM)["clock"]["values"]["time"]["value"] == 7200 - 2850
    extra = replace(EXAM, accommodations=Accommodations(extra_time_s=600))
    assert draw(extra)["clock"]["values"]["time"]["value"] == 7200 + 600 - 2850
    assert draw(EXAM, now_us=NOW_US + 10**11)["clock"]["values"]["time"]["value"] == 0


def test_offline_says_that_the_exam_goes_on_and_keeps_the_strip() -> None:
    drawn = draw(STATES["exam-offline"].session)
    assert TEXTS[drawn["banners"][0]["body"]["key"]].startswith(
        "Your line is gone. Your exam goes on and nothing is lost."
    )
    assert (drawn["screen"], drawn["link"]["state"], drawn["link"]["waiting"]) == ("exam", "lost", 214)


def test_a_notice_stays_until_it_is_acknowledged() -> None:
    session = STATES["exam-warning"].session
    assert [entry["level"] for entry in draw(session)["notices"]] == ["warning"]
    read = tuple(replace(notice, acknowledged=True) for notice in session.notices)
    assert draw(replace(session, notices=read))["notices"] == []


def test_a_pause_can_be_left_in_two_steps() -> None:
    paused = replace(EXAM, phase=Phase.PAUSED)
    assert actions(draw(paused)) == {"leave": True}
    assert actions(draw(replace(paused, leave_asked=True))) == {"leave-confirm": True, "leave-stay": True}


@pytest.mark.parametrize(
    "phase", sorted(LOCKED - {Phase.FAILING}, key=lambda phase: phase.value), ids=lambda phase: phase.value
)
def test_messages_stay_open_as_long_as_somebody_can_answer(phase: Phase) -> None:
    assert draw(replace(EXAM, phase=phase))["chat"]["shown"]


def test_upload_is_complete_only_with_the_receipt() -> None:
    sent = replace(OVER, phase=Phase.DONE, reason="finished", backlog=Backlog(0, 0))
    assert draw(sent, Live(drained_records=9))["upload"]["share"] == 0.99
    assert draw(replace(sent, receipt_complete=True), Live(drained_records=9))["upload"]["share"] == 1.0


def test_the_end_names_each_measure_that_was_put_back() -> None:
    drawn = draw(STATES["over-not-restored"].session)
    assert drawn["restored"] is False
    assert drawn["measures"][-1] == {"name": {"key": "measure.screen_saver", "values": {}}, "outcome": "not put back"}


def test_what_may_pass_can_be_tried_again_and_what_cannot_is_closed() -> None:
    def buttons(code: str) -> list[str]:
        session = replace(BASE, phase=Phase.JOINING, problem=(code, ""))
        return [entry["id"] for entry in draw(session)["actions"]]

    assert buttons("server_unreachable") == ["close", "try-again"]
    assert buttons("code_used") == ["close"]


def test_an_unknown_problem_keeps_its_sentence_and_its_code() -> None:
    drawn = draw(STATES["problem-unknown"].session)
    assert (drawn["title"], drawn["code"]) == ({"text": "Something odd happened."}, "odd")


def test_the_refused_screen_leads_to_the_alternative_and_a_contact() -> None:
    drawn = draw(replace(BASE, phase=Phase.REFUSED))
    assert drawn["alternative"] == {"text": PACKAGE.alternative}
    assert drawn["contact"] == {"text": PACKAGE.contact}
