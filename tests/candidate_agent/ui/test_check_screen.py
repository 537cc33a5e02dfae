"""The check screen: what needs a hand first, hints in words from what was measured, and only what may be pressed."""

from dataclasses import replace
from typing import Any

import pytest

from candidate_agent.capture.preview import SILENCE_DBFS
from candidate_agent.checks import light, microphone
from candidate_agent.session.states import Phase
from candidate_agent.ui.bridge import TABLE
from candidate_agent.ui.screens import devices
from candidate_agent.ui.words import Live
from exam_protocol.catalogue import CHECKS, SETTINGS_PAGE
from tests.candidate_agent.ui.states import BASE, CAMERA, FINE, STATES, STOPS, row, with_rows
from tests.candidate_agent.ui.test_view_model import KEYS, draw

CHECKING = replace(BASE, phase=Phase.CHECKING, checks=FINE)


def shown(name: str) -> dict[str, Any]:
    return draw(STATES[name].session, STATES[name].live)


def groups(drawn: dict[str, Any]) -> dict[str, str]:
    return {entry["id"]: entry["group"] for entry in drawn["rows"]}


def buttons(drawn: dict[str, Any], code: str) -> dict[str, bool]:
    [entry] = [entry for entry in drawn["tries"] if entry["id"] == code]
    return {button["id"]: button["enabled"] for button in entry["buttons"]}


def told(drawn: dict[str, Any], code: str) -> str:
    return str(next(entry["told"]["key"] for entry in drawn["tries"] if entry["id"] == code))


def test_what_needs_a_hand_what_a_person_decides_and_what_is_fine_are_apart() -> None:
    at = groups(draw(replace(CHECKING, checks=STOPS)))
    assert [code for code, group in at.items() if group == "hand"] == ["displays"]
    assert {at["light"], at["programs"]} == {"look"} and at["disk"] == "fine"


def test_rows_are_live_while_all_is_measured_and_one_that_is_checked_again_stays_in_its_place() -> None:
    running = shown("checks-running")
    assert groups(running)["displays"] == "fine" and groups(running)["power"] == "now"
    assert (running["measured"], running["total"]) == (6, len(FINE))
    again = shown("checks-again")
    [displays] = [entry for entry in again["rows"] if entry["id"] == "displays"]
    assert (displays["group"], displays["verdict"], displays["again"]) == ("hand", "measuring", False)


def test_settings_are_offered_where_the_check_has_a_page_and_where_to_look_is_said_when_they_stay_shut() -> None:
    rows = {entry["id"]: entry for entry in shown("checks-devices")["rows"]}
    assert (rows["camera"]["settings"], rows["microphone"]["settings"]) == ("camera", "microphone")
    assert rows["camera"]["where"]["key"] == "settings.camera.where" and rows["microphone"]["where"] is None
    assert rows["displays"]["settings"] == "", "it is fine"
    assert {f"settings.{page}.where" for page in SETTINGS_PAGE.values()} - KEYS == set()


@pytest.mark.parametrize("name", [name for name in STATES if name.startswith("checks")])
def test_each_button_of_what_may_be_tried_is_in_the_table_of_the_bridge(name: str) -> None:
    for entry in shown(name)["tries"]:
        for button in entry["buttons"]:
            TABLE[button["act"]](button["data"])


def test_the_question_comes_when_the_sound_was_played_and_stands_answered_afterwards() -> None:
    assert buttons(draw(CHECKING), "speaker") == {"play-tone": True}
    assert buttons(draw(replace(CHECKING, tone="playing")), "speaker") == {"play-tone": False}
    assert told(shown("checks-tone"), "speaker") == "speaker.played"
    assert list(buttons(shown("checks-tone"), "speaker")) == [
        "speaker-heard", "speaker-not-heard", "speaker-skip", "play-tone"
    ]  # fmt: skip
    assert told(shown("checks-rehearsed"), "speaker") == "speaker.heard"
    assert "speaker-settings" in buttons(shown("checks-not-heard"), "speaker")


def test_a_rehearsal_shows_how_far_it_is_and_can_only_be_stopped() -> None:
    drawn = shown("checks-rehearsing")
    [entry] = [entry for entry in drawn["tries"] if entry["id"] == "rehearsal"]
    assert (entry["progress"]["share"], entry["progress"]["label"]["values"]) == (0.6, {"count": 12})
    assert buttons(drawn, "rehearsal") == {"rehearse-stop": True}
    assert not any(action["enabled"] for action in drawn["actions"])
    assert not any(entry["again"] for entry in drawn["rows"])
    assert drawn["devices"]["note"]["key"] == "rehearsal.note", "“it is not recorded” would not be true now"


@pytest.mark.parametrize("outcome", ["pass", "warn", "fail", "person", "unmeasured"])
def test_each_end_of_a_rehearsal_has_its_sentence_and_holds_nobody(outcome: str) -> None:
    remedy = "" if outcome == "pass" else "Not everything arrived."
    drawn = draw(replace(CHECKING, checks=(*FINE, row("rehearsal", outcome, 40.0, remedy))))
    [entry] = [entry for entry in drawn["tries"] if entry["id"] == "rehearsal"]
    assert entry["told"] == ({"text": remedy} if remedy else {"key": "rehearsal.pass", "values": {}})
    assert all(action["enabled"] for action in drawn["actions"])
    assert not CHECKS["rehearsal"].blocks and not CHECKS["speaker"].blocks


@pytest.mark.parametrize(
    ("mean", "behind", "word"),
    [(2, 0, "black"), (30, 0, "dark"), (50, 0, "dim"), (120, 90, "backlit"), (230, 0, "bright"), (120, 0, "fine")],
)
def test_the_light_has_a_word_for_each_brightness(mean: float, behind: float, word: str) -> None:
    assert light.word(mean, behind) == word and word in devices.LIGHT and f"light.{word}" in KEYS
    assert (light.judge(mean, behind).outcome == "pass") is (word == "fine"), "the hint agrees with the check"


@pytest.mark.parametrize(
    ("dbfs", "word"), [(-20.0, "heard"), (-47.0, "faint"), (-70.0, "quiet"), (SILENCE_DBFS, "silent")]
)
def test_the_meter_says_in_words_how_loud_somebody_is(dbfs: float, word: str) -> None:
    hint = draw(CHECKING, replace(CAMERA, voice_dbfs=dbfs))["devices"]["microphone"]["hint"]
    assert hint["body"]["key"] == f"voice.{word}" and hint["fine"] is (word == "heard")


def test_the_meter_agrees_with_the_check_of_the_microphone() -> None:
    assert (devices.HEARD_DBFS, devices.FAINT_DBFS) == (microphone.SPEECH_DBFS, microphone.QUIET_DBFS)


def test_a_camera_or_a_microphone_that_gives_nothing_now_is_said_although_its_row_is_fine() -> None:
    gone = draw(CHECKING, Live(previews=frozenset({"camera"})))["devices"]
    assert not gone["camera"]["has_picture"] and gone["camera"]["hints"][0]["body"]["key"] == "camera.none"
    assert gone["microphone"]["share"] is None and gone["microphone"]["hint"]["body"]["key"] == "voice.none"


@pytest.mark.parametrize(
    ("chosen", "key"),
    [("", None), ("standard", "checks.profile.most"), ("low", "checks.profile.low"), ("store", "checks.profile.store")],
)
def test_what_the_line_means_for_the_recording_is_said_once_it_was_measured(chosen: str, key: str | None) -> None:
    said = draw(replace(CHECKING, profile=chosen))["profile"]
    assert (said and said["key"]) == key


def test_a_camera_that_another_program_uses_is_said_with_what_to_do() -> None:
    rows = with_rows(row("camera", "fail", "no picture", "Another program uses the camera. Please close it."))
    [camera] = [entry for entry in draw(replace(CHECKING, checks=rows))["rows"] if entry["id"] == "camera"]
    assert camera["group"] == "hand" and "close it" in camera["remedy"]["text"]
