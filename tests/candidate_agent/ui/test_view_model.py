"""Every phase has its screen, its rail and its words; pure."""

import json
from dataclasses import replace
from importlib import resources
from typing import Any

import pytest

from candidate_agent.session.states import LOCKED, Backlog, Phase, Session, Step, StepStatus
from candidate_agent.ui.bridge import TABLE
from candidate_agent.ui.removal import Removal
from candidate_agent.ui.screens.over import REASONS, REMOVALS, time_left
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
    REPORTS,
    STATES,
    STOPS,
    TAKEN,
    WALL_MS,
)

TEXTS: dict[str, Any] = json.loads((resources.files("candidate_agent.ui") / "assets/locales/en.json").read_text())
KEYS = set(TEXTS) | {key.removesuffix("_other") for key in TEXTS}  # a plural is asked for without its ending
SCREENS = {
    Phase.IDLE: "joining",
    Phase.OUTSIDE: "early",
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
    Phase.PARTING: "survey",
    Phase.DONE: "over",
    Phase.ENDED: "over",
}


def draw(session: Session, live: Live | None = None, now_us: int = NOW_US, wall_ms: int = WALL_MS) -> dict[str, Any]:
    return view(session, now_us=now_us, wall_ms=wall_ms, live=live or Live())


def keys_in(value: Any) -> set[str]:
    """That must be in the catalogue: what comes with its English as `text` need not."""
    if isinstance(value, dict):
        named = isinstance(value.get("key"), str) and "values" in value and "text" not in value
        own = {value["key"]} if named else set()
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
    assert {"id_card", "room"}.isdisjoint(entry["id"] for entry in drawn["stages"])


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


def test_offline_says_what_waits_and_since_when() -> None:
    (banner,) = draw(STATES["exam-offline-long"].session)["banners"]
    values = banner["more"]["values"]
    assert (values["count"], values["size"]["value"]) == (8_214, 61_900_000)
    assert values["since"] == {"as": "hour", "value": WALL_MS - 1_260_000}


def test_a_break_says_how_long_whether_it_is_recorded_and_whether_time_goes_on() -> None:
    drawn = draw(STATES["break"].session)
    assert (drawn["screen"], drawn["countdown"]["values"]["time"]["value"], drawn["late"]) == ("break", 340, False)
    assert [fact["key"] for fact in drawn["facts"]] == ["break.clock_runs", "break.recorded", "break.held"]
    unrecorded = draw(STATES["break-unrecorded"].session)
    assert [fact["key"] for fact in unrecorded["facts"]][:2] == ["break.clock_stands", "break.not_recorded"]
    assert unrecorded["banners"][0]["body"]["key"] == "problem.camera_missing.what"
    assert actions(drawn) == {"leave": True, "break-back": True}
    assert actions(draw(STATES["break-leave"].session)) == {"leave-confirm": True, "leave-stay": True}


def test_a_break_that_is_over_is_said_plainly() -> None:
    drawn = draw(STATES["break-late"].session)
    assert (drawn["late"], drawn["countdown"]["key"]) == (True, "break.late_by")
    assert drawn["countdown"]["values"]["time"]["value"] == 90


def test_the_clock_stands_still_in_a_break_where_the_policy_says_so() -> None:
    session = STATES["break-unrecorded"].session
    times = [draw(session, now_us=NOW_US + later)["clock"]["values"]["time"]["value"] for later in (0, 60_000_000)]
    assert times[0] == times[1]


def test_an_exam_without_breaks_offers_none() -> None:
    assert draw(EXAM)["breaks"] is None
    assert draw(STATES["exam-break"].session)["breaks"]["may"] is True


def test_every_part_of_a_report_is_shown_before_it_goes() -> None:
    from candidate_agent.session.reports import facts

    session = STATES["exam-report"].session
    shown = {part["id"]: part["rows"] for part in draw(session)["reports"]["parts"]}
    assert shown["server"][0]["value"] == PACKAGE.server_url
    assert shown["candidate"][0]["value"] == session.candidate_id != ""
    assert [row["value"] for row in shown["facts"]] == list(facts(session, NOW_US).values())


def test_a_report_shows_its_number_and_whether_the_server_has_it() -> None:
    sent = draw(STATES["exam-reported"].session)["reports"]["sent"]
    assert [(entry["number"], entry["state"]) for entry in sent] == [
        ("R-7F3A-21", "received"), ("R-03BC-9E", "kept"), ("", "failed"),
    ]  # fmt: skip


def test_a_picture_of_the_screen_is_offered_only_while_the_exam_holds_it() -> None:
    assert draw(EXAM)["reports"]["picture"]["offered"] is True
    assert draw(CHECKED)["reports"]["picture"]["offered"] is False


@pytest.mark.parametrize("phase", [Phase.JOINING, Phase.UNLOCKING, Phase.DONE, Phase.ENDED, Phase.REFUSED])
def test_nothing_can_be_reported_where_nothing_can_be_recorded(phase: Phase) -> None:
    assert draw(replace(EXAM, phase=phase))["reports"] is None


def test_support_hours_are_moments_that_the_page_shows_in_local_time() -> None:
    values = draw(EXAM)["reports"]["hours"]["values"]
    since_ms, until_ms = values["since"]["value"], values["until"]["value"]
    assert (since_ms % 86_400_000, until_ms - since_ms) == (8 * 3_600_000, 8 * 3_600_000)
    assert abs(since_ms - WALL_MS) < 86_400_000


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
    upload = draw(sent, Live(drained_bytes=9))["upload"]
    assert (upload["share"], upload["state"]) == (0.99, "asking")
    upload = draw(replace(sent, receipt_complete=True), Live(drained_bytes=9))["upload"]
    assert (upload["share"], upload["state"]) == (1.0, "receipt")


def test_the_bar_follows_bytes_and_the_time_is_said_only_while_it_can_be_known() -> None:
    sending = replace(OVER, phase=Phase.DONE, reason="finished", backlog=Backlog(10, 3000))
    drawn = draw(sending, Live(drained_bytes=1000, left_s=170.0))
    assert drawn["upload"]["share"] == 0.25
    assert drawn["upload"]["time"] == {"key": "over.time.minutes", "values": {"count": 3}}
    assert drawn["note"]["key"] == "over.close.safe" and actions(drawn) == {"close": True}
    assert draw(sending, Live(drained_bytes=1000))["upload"]["time"]["key"] == "over.time.unknown"
    away = draw(replace(sending, link_up=False), Live(drained_bytes=1000, left_s=170.0))["upload"]
    assert (away["state"], away["time"]) == ("waiting", None)


@pytest.mark.parametrize(
    ("left_s", "key", "count"),
    [(0, "soon", None), (49, "soon", None), (51, "minutes", 1), (5999, "minutes", 100), (6001, "hours", 2)],
)
def test_the_time_left_is_as_rough_as_the_guess(left_s: float, key: str, count: int | None) -> None:
    said = time_left(left_s)
    assert (said["key"], said["values"].get("count")) == (f"over.time.{key}", count)


def test_the_end_names_each_measure_that_was_put_back() -> None:
    drawn = draw(STATES["over-not-restored"].session)
    assert drawn["restored"] is False
    last = drawn["measures"][-1]
    assert (last["name"]["key"], last["fine"], last["outcome"]["key"]) == (
        "measure.notifications", False, "outcome.left",
    )  # fmt: skip


def test_the_end_says_when_how_long_and_how_much_was_said_and_no_more() -> None:
    session = replace(OVER, phase=Phase.DONE, began_ms=WALL_MS, ended_ms=WALL_MS + 72 * 60_000, messages_before=2)
    assert [row["key"] for row in draw(session)["summary"]] == [
        "over.summary.began", "over.summary.long", "over.summary.messages",
    ]  # fmt: skip
    assert [row["values"].get("count") for row in draw(session)["summary"][1:]] == [72, 2 + len(session.chat)]
    assert draw(replace(session, began_ms=0))["summary"] == []


def test_how_the_program_is_removed_is_said_once_nothing_is_left_to_send() -> None:
    sending = replace(OVER, phase=Phase.DONE, reason="finished", backlog=Backlog(10, 3000))
    live = Live(removal=Removal("deb", "/home/ada/.local/state/candidate-agent"))
    assert [line["key"] for line in draw(sending, live)["removal"]] == ["removal.later"]
    sent = replace(sending, backlog=Backlog(), receipt_complete=True)
    assert [line["key"] for line in draw(sent, live)["removal"]] == ["removal.deb", "removal.folder", "removal.stays"]
    assert draw(sent)["removal"] == []
    assert {f"removal.{way}" for way in REMOVALS} <= KEYS


def test_the_receipt_is_opened_only_where_it_is_and_a_copy_only_once_at_a_time() -> None:
    done = replace(OVER, phase=Phase.DONE, reason="finished", receipt_complete=True)
    assert draw(done)["receipt"] is None
    drawn = draw(done, Live(receipt_path="r.html", own_data="saving", own_data_path="d.zip"))
    assert drawn["receipt"]["open"]["act"] == "open_receipt"
    assert (drawn["own_data"]["save"]["enabled"], drawn["own_data"]["path"]) == (False, "")
    assert draw(done, Live(own_data="saved", own_data_path="d.zip"))["own_data"]["path"] == "d.zip"


def test_paper_is_taken_looked_at_and_sent_and_can_be_left_out() -> None:
    def buttons(name: str) -> dict[str, bool]:
        return actions(draw(STATES[name].session, STATES[name].live))

    assert buttons("paper") == {"paper-none": True, "capture-paper": True}
    assert buttons("paper-look") == {"retake-paper": True, "confirm-paper": True}
    assert buttons("paper-next") == {"paper-done": True, "capture-paper": True}
    full = replace(STATES["paper-next"].session, paper=Step(StepStatus.NOT_YET, 20))
    assert actions(draw(full, CAMERA)) == {"paper-done": True, "capture-paper": False}


def test_after_the_exam_neither_rail_nor_clock_is_shown_and_messages_stay_open() -> None:
    for name in ("paper", "survey"):
        drawn = draw(STATES[name].session, STATES[name].live)
        assert (drawn["rail"], drawn["clock"], drawn["chat"]["shown"]) == ([], None, True)


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


def test_the_panel_says_that_the_computer_looks_by_itself_while_it_does() -> None:
    def said(*, findings: bool, recording: bool) -> Any:
        session = replace(STATES["exam"].session, package=_with_policy(Policy(findings=findings)), recording=recording)
        return draw(session)["captured"]["findings"]

    assert said(findings=True, recording=True)
    assert not said(findings=True, recording=False) and not said(findings=False, recording=True)


def test_the_last_screen_gives_the_numbers_of_what_was_reported() -> None:
    told = draw(replace(OVER, phase=Phase.DONE, reports=REPORTS))["reported"]
    assert [(one["number"], one["state"]) for one in told][:2] == [("R-7F3A-21", "received"), ("R-03BC-9E", "kept")]
    assert draw(replace(OVER, phase=Phase.UNLOCKING, reports=REPORTS))["reported"] == []


def test_who_comes_back_is_told_on_the_first_page_that_nothing_is_lost() -> None:
    def banners(phase: Phase) -> list[str]:
        drawn = view(
            replace(CHECKED, phase=phase, back_in=Phase.IDENTIFYING), now_us=NOW_US, wall_ms=WALL_MS, live=Live()
        )
        return [entry["id"] for entry in drawn["banners"] if entry["id"] == "back"]

    assert (banners(Phase.IDENTIFYING), banners(Phase.WAITING)) == (["back"], [])


def test_a_device_that_fails_in_the_waiting_room_is_said_with_what_to_do() -> None:
    state = STATES["waiting-back"]
    drawn = view(state.session, now_us=NOW_US, wall_ms=WALL_MS, live=state.live)
    [problem] = [entry for entry in drawn["banners"] if entry["id"] == "problem"]
    assert (problem["body"]["key"], problem["more"]["key"]) == (
        "problem.camera_missing.what", "problem.camera_missing.do"
    )  # fmt: skip
