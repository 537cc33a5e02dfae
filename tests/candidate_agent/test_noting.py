"""Muted flags stay unsaid; what is recorded in words is noted for the candidate, too."""

from candidate_agent.session import events as ev
from exam_protocol.records import FlagEntry
from tests.candidate_agent.hands_desk import Desk


async def test_a_flag_that_an_accommodation_mutes_is_neither_recorded_nor_told() -> None:
    desk = Desk()
    desk.hands.noting.muted = frozenset({"MICROPHONE_MUTED"})
    desk.hands.raise_flag("MICROPHONE_MUTED", "The microphone may be muted.")
    desk.hands.raise_flag("CAMERA_LOST", "The camera gives no picture.")
    assert [entry.code for entry in desk.recorded if isinstance(entry, FlagEntry)] == ["CAMERA_LOST"]
    assert [type(event) for event in desk.posted] == [ev.FlagRaised]


async def test_what_is_recorded_in_words_can_be_copied_for_the_candidate() -> None:
    desk = Desk()
    desk.hands.raise_flag("CAMERA_LOST", "The camera gives no picture.")
    (noted,) = desk.hands.noting.diary.entries()
    assert (noted["track"], noted["code"], noted["reason"]) == ("flags", "CAMERA_LOST", "The camera gives no picture.")
