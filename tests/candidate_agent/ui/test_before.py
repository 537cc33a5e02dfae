"""What is shown before the exam: countdown, stages of consent, place in line, what was arranged. Pure."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from candidate_agent.session.consent import captured
from candidate_agent.session.states import Phase, Session, Step, StepStatus
from candidate_agent.ui.view_model import view
from candidate_agent.ui.words import Live, text
from exam_protocol.catalogue import FLAGS
from exam_protocol.policy import Accommodations, Policy
from tests.candidate_agent.ui.states import BASE, CHECKED, EARLY, GRANTED, NOW_US, PACKAGE, STATES, WALL_MS
from tests.candidate_agent.ui.test_view_model import KEYS


def draw(session: Session, wall_ms: int = WALL_MS) -> dict[str, Any]:
    return view(session, now_us=NOW_US, wall_ms=wall_ms, live=Live())


def ids(entries: list[dict[str, Any]]) -> list[str]:
    return [entry["id"] for entry in entries]


def with_policy(**changes: Any) -> Session:
    return replace(BASE, package=msgspec.structs.replace(PACKAGE, policy=Policy(**changes)))


def details(session: Session) -> list[str]:
    return [text["key"] for text in draw(session)["detail"]]


# --- too early, too late ----------------------------------------------------------------------------------------------


def test_the_countdown_runs_to_the_opening_in_whole_seconds_and_never_below_zero() -> None:
    assert PACKAGE.opens_ms - WALL_MS == 1_800_000
    lefts = [draw(EARLY, WALL_MS + ms)["left"]["value"] for ms in (0, 1, 1_799_001, 1_800_000, 1_900_000)]
    assert lefts == [1800, 1800, 1, 0, 0]


def test_the_window_names_both_ends_and_the_institutions_zone() -> None:
    assert draw(EARLY)["window"] == {
        "opens_ms": PACKAGE.opens_ms, "closes_ms": PACKAGE.closes_ms, "zone": "Asia/Tokyo",
    }  # fmt: skip


def test_only_what_the_policy_asks_for_is_to_be_had_ready() -> None:
    assert ids(draw(EARLY)["ready"]) == ["id_card", "place", "room", "display", "power", "line", "phone"]
    few = with_policy(id_card=False, room_scan=False, max_displays=2)
    assert ids(draw(replace(few, phase=Phase.OUTSIDE))["ready"]) == ["place", "power", "line", "phone"]


def test_after_the_window_there_is_a_contact_and_no_countdown() -> None:
    drawn = draw(EARLY, PACKAGE.closes_ms + 1)
    assert (drawn["screen"], drawn["contact"], drawn["clock"]) == ("closed", {"text": PACKAGE.contact}, None)


# --- consent ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", captured(Policy()))
def test_each_stage_says_what_why_who_sees_it_and_for_how_long(name: str) -> None:
    drawn = draw(replace(BASE, consent_at=name))
    assert (drawn["part"], drawn["kind"]) == (name, "captured")
    assert drawn["detail"] and drawn["why"] and drawn["who"]["values"]["institution"] == PACKAGE.institution
    assert drawn["keep"]["values"]["count"] == 90
    assert "consent-refuse" in ids(drawn["actions"])


def test_only_the_last_stage_can_be_agreed_to_and_enter_does_not_do_it() -> None:
    buttons = {name: ids(draw(STATES[name].session)["actions"]) for name in STATES if name.startswith("consent")}
    assert [name for name, found in buttons.items() if "consent-accept" in found] == ["consent-statement"]
    last = draw(STATES["consent-statement"].session)
    assert (last["enter"], draw(BASE)["enter"]) == ("", "consent-next")
    assert last["actions"][-1]["careful"] is True


def test_a_stage_can_be_gone_back_from_by_its_button_and_to_by_its_name() -> None:
    drawn = draw(STATES["consent-webcam"].session)
    back = next(entry for entry in drawn["actions"] if entry["id"] == "consent-back")
    assert (back["act"], back["data"]) == ("consent_turn", {"item": "screen"})
    assert [entry["id"] for entry in drawn["stages"] if entry["open"]] == ["screen"]
    assert "consent-back" not in ids(draw(BASE)["actions"])


def test_an_exam_page_that_may_use_the_camera_itself_is_said_so() -> None:
    assert "consent.webcam.page" in details(replace(with_policy(page_camera=True), consent_at="webcam"))
    assert "consent.webcam.page" not in details(replace(BASE, consent_at="webcam"))


@pytest.mark.parametrize("name", captured(Policy()))
def test_the_rehearsal_is_told_at_each_sensor_that_it_records_and_nowhere_else(name: str) -> None:
    told = "consent.rehearsal" in details(replace(BASE, consent_at=name))
    assert told == (name in {"screen", "webcam", "audio"})


def test_that_lines_of_the_document_are_read_here_is_told_only_where_the_policy_asks_for_it() -> None:
    assert "consent.id_card.zone" in details(replace(with_policy(read_mrz=True), consent_at="id_card"))
    assert "consent.id_card.zone" not in details(replace(BASE, consent_at="id_card"))


def test_what_is_read_again_says_everything_that_was_agreed_to() -> None:
    session = with_policy(read_mrz=True, page_microphone=True)
    again = draw(replace(session, phase=Phase.CHECKING, reread_in=Phase.CHECKING))["captures"]
    assert {entry["id"]: [text["key"] for text in entry["detail"]] for entry in again} == {
        name: details(replace(session, consent_at=name)) for name in captured(Policy())
    }


@pytest.mark.parametrize("name", ["webcam", "audio"])
def test_what_the_computer_looks_and_listens_for_is_said_before_the_agreement_and_when_it_is_read_again(
    name: str,
) -> None:
    said, without = text(f"consent.{name}.findings"), with_policy(findings=False)
    assert said in draw(replace(BASE, consent_at=name))["detail"]
    assert said not in draw(replace(without, consent_at=name))["detail"]
    reread = {entry["id"]: entry["detail"] for entry in draw(STATES["reread"].session)["captures"]}
    assert said in reread[name] and said not in reread["screen"]


def test_biometrics_are_named_as_off_before_the_agreement_and_when_it_is_read_again() -> None:
    for name in ("consent-never", "reread"):
        assert draw(STATES[name].session)["biometrics"] == {"key": "consent.biometrics.body", "values": {}}


COMPARING = replace(STATES["consent-compare"].session)


def test_comparing_is_a_question_of_its_own_with_a_yes_and_a_no_of_equal_weight() -> None:
    drawn = draw(COMPARING)
    buttons = {entry["id"]: (entry["act"], entry["data"], entry["kind"]) for entry in drawn["actions"]}
    assert buttons["consent-compare"] == ("consent_read", {"item": "compare"}, "secondary")
    assert buttons["consent-no-compare"] == ("consent_decline", {"item": "compare"}, "secondary")
    assert drawn["enter"] == "" and "consent-next" not in buttons
    assert drawn["keep"] == text("consent.compare.keep") and drawn["who"] == text("consent.compare.who")


@pytest.mark.parametrize(("code", "key"), [("FACE_CHANGED", "face"), ("VOICE_SECOND", "voice")])
def test_only_what_the_policy_names_is_said_to_be_compared_and_that_it_stays_here(code: str, key: str) -> None:
    said = details(replace(with_policy(opt_in_findings=(code,)), consent_at="compare", consent_read=()))
    assert said == ["consent.compare.detail", f"consent.compare.{key}", "consent.compare.stays"]


@pytest.mark.parametrize(("declined", "key"), [((), "yes"), (("compare",), "no")])
def test_what_was_answered_is_said_before_the_agreement_and_when_it_is_read_again(
    declined: tuple[str, ...], key: str
) -> None:
    never = replace(STATES["consent-never-compared"].session, consent_declined=declined)
    assert draw(never)["biometrics"] == text(f"consent.compared.{key}")
    again = draw(replace(never, phase=Phase.CHECKING, reread_in=Phase.CHECKING))
    assert again["biometrics"] == text(f"consent.compared.{key}")
    assert ("compare" in [entry["id"] for entry in again["captures"]]) == (key == "yes")
    summary = draw(replace(never, consent_at="statement", consent_read=(*never.consent_read, "never")))["summary"]
    assert (text("consent.compare.name") in summary) == (key == "yes")


def test_what_was_agreed_to_can_be_read_again_from_every_later_step_of_check_in() -> None:
    for phase in (Phase.CHECKING, Phase.IDENTIFYING, Phase.WAITING):
        session = replace(CHECKED, phase=phase)
        assert draw(session)["texts"]
        drawn = draw(replace(session, reread_in=phase))
        assert (drawn["screen"], drawn["texts"], ids(drawn["actions"])) == ("reread", False, ["reread-back"])
        assert drawn["rail"] == draw(session)["rail"]
    assert not draw(BASE)["texts"]


def test_that_a_picture_cannot_be_taken_back_is_said_before_it_is_sent() -> None:
    assert draw(STATES["identity-look"].session)["note"]["key"] == "step.final"
    assert draw(STATES["room-look"].session)["note"]["key"] == "step.final"
    assert draw(STATES["identity"].session)["note"] is None


# --- waiting ----------------------------------------------------------------------------------------------------------


def test_a_place_in_line_is_shown_only_while_the_server_tells_it() -> None:
    session = STATES["waiting-place"].session
    assert draw(session)["place"]["values"] == {"place": 2, "count": 5}
    assert draw(replace(session, place=0, waiting=0))["place"] is None
    assert draw(replace(session, link_up=False))["place"] is None


def test_who_comes_back_into_a_running_exam_is_told_that_its_time_goes_on() -> None:
    assert draw(STATES["waiting-again"].session)["time"]["key"] == "waiting.time.again"
    assert draw(STATES["waiting-place"].session)["time"]["key"] == "waiting.time"


def test_all_is_approved_only_where_something_was() -> None:
    skipped = Step(StepStatus.SKIPPED)
    nothing = replace(CHECKED, phase=Phase.WAITING, id_card=skipped, room=skipped)
    assert (draw(nothing)["title"]["key"], draw(nothing)["steps"]) == ("waiting.title.looking", [])
    approved = replace(nothing, id_card=Step(StepStatus.APPROVED, 1))
    assert draw(approved)["title"]["key"] == "waiting.title.approved"


# --- accommodations ---------------------------------------------------------------------------------------------------


def test_what_was_arranged_is_named_before_the_exam_and_in_every_later_view() -> None:
    session = replace(BASE, accommodations=GRANTED)
    drawn = draw(session)
    assert ids(drawn["arranged"]) == ["extra", "breaks", "size", "programs", "muted"]
    extra, _, _, programs, muted = drawn["arranged"]
    assert (extra["body"]["values"]["time"]["value"], extra["body"]["values"]["total"]["value"]) == (1800, 9000)
    assert programs["names"] == [{"text": "NVDA"}]
    assert [name["key"] for name in muted["names"]] == ["flag.FOCUS_LOST", "flag.MICROPHONE_MUTED"]
    assert drawn["text_size"] == 125
    assert ids(draw(replace(STATES["exam"].session, accommodations=GRANTED))["arranged"]) == ids(drawn["arranged"])


def test_nothing_is_said_to_whom_nothing_was_granted() -> None:
    assert draw(replace(BASE, accommodations=Accommodations()))["arranged"] == []


def test_every_flag_that_can_be_muted_has_words_for_the_candidate() -> None:
    assert {f"flag.{code}" for code in FLAGS} - KEYS == set()
