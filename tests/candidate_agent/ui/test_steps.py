"""Identity picture and room scan on the screen: one hint, an outline, a verdict, the other ways; pure."""

from dataclasses import replace
from typing import Any

import pytest

from candidate_agent.capture.card_judge import HINTS
from candidate_agent.capture.card_watch import NO_PICTURE, STANDS_STILL
from candidate_agent.capture.scan_plan import HAND, SEGMENTS, TIMED, TURNED
from candidate_agent.ui.screens import steps
from tests.candidate_agent.ui.states import STATES
from tests.candidate_agent.ui.test_view_model import KEYS, actions, draw


def drawn(name: str) -> dict[str, Any]:
    return draw(STATES[name].session, STATES[name].live)


def test_the_screens_know_every_hint_and_manner_that_capture_can_say() -> None:
    assert set(steps.HINTS) == {*HINTS, NO_PICTURE, STANDS_STILL}
    assert set(steps.MANNERS) == {TURNED, TIMED, HAND} and steps.SEGMENTS == SEGMENTS
    wanted = {f"hint.{hint}" for hint in steps.HINTS} | {f"id_card.verdict.{hint}" for hint in HINTS}
    assert wanted | {f"room.verdict.{manner}" for manner in steps.MANNERS} <= KEYS


@pytest.mark.parametrize("hint", ["no_card", "glare", "good", "no_picture"])
def test_the_shutter_is_offered_whatever_the_hint_says(hint: str) -> None:
    seen = drawn(f"identity-hint-{hint}")
    assert actions(seen) == {"capture-id_card": True}
    assert seen["hint"]["tone"] == ("fine" if hint == "good" else "look")
    assert ("ready" in seen["actions"][0]["kind"]) is (hint == "good")


def test_the_outline_is_told_in_thousandths_and_only_where_there_is_one() -> None:
    assert drawn("identity-hint-good")["outline"]["points"][0] == [688, 479]
    assert drawn("identity-hint-no_card")["outline"] is None


def test_after_three_tries_the_candidate_is_told_of_a_person_and_can_send() -> None:
    seen = drawn("identity-look-person")
    assert seen["person"]["key"] == "id_card.person" and actions(seen)["confirm-id_card"]
    assert drawn("identity-look-glare")["person"] is None


def test_a_camera_that_fails_says_what_to_do_and_the_button_stays() -> None:
    seen = drawn("identity-trouble")
    assert seen["trouble"]["key"] == "problem.camera_busy.do" and actions(seen) == {"capture-id_card": True}


def test_the_document_number_is_nowhere_in_what_was_read() -> None:
    zone = drawn("identity-zone")["zone"]
    assert [fact["id"] for fact in zone["facts"]] == ["name", "kind", "until"]
    assert drawn("identity-zone-none")["zone"]["facts"] == []


def test_a_room_has_other_ways_and_each_is_a_button() -> None:
    ways = {way["id"]: way["action"] for way in drawn("room")["ways"]}
    assert ways["desk"]["data"] == {"step": "room", "manner": "desk_only"}
    assert (ways["decline"]["act"], ways["decline"]["data"]) == ("decline_step", {"step": "room"})
    assert actions(drawn("waiting-declined")) == {"reopen-room": True}


def test_a_scan_can_be_stopped_and_hurried_in_each_part() -> None:
    for name, forward in (("room-turning", "next-room"), ("room-desk", "next-room-picture"),
                          ("room-by-hand", "next-room-picture")):  # fmt: skip
        assert actions(drawn(name)) == {"stop-room": True, forward: True}
    assert drawn("room-turning")["ring"] == {"covered": [0, 1, 2], "here": 2, "of": 8}
    assert drawn("room-by-hand")["ring"] is None


def test_a_scan_by_hand_is_shown_again_by_hand() -> None:
    retake = next(entry for entry in drawn("room-look-desk")["actions"] if entry["act"] == "retake")
    assert retake["data"] == {"step": "room", "manner": "desk_only"}


def test_what_is_said_of_a_room_is_as_good_as_what_was_seen() -> None:
    whole = replace(
        STATES["room-look-turned"].session, room=replace(STATES["room-look-turned"].session.room, covered=8)
    )
    assert draw(whole, STATES["room-look-turned"].live)["verdict"]["tone"] == "fine"
    assert drawn("room-look-turned")["verdict"]["tone"] == drawn("room-look-timed")["verdict"]["tone"] == "look"
