"""Calm lines for what the candidate can mend: with what to do, in every language, and never a word of blame."""

import json
from dataclasses import replace
from importlib.resources import files

import pytest

from candidate_agent.session import effects as fx
from candidate_agent.session import events as ev
from candidate_agent.session.machine import step
from candidate_agent.session.states import Phase, Session
from candidate_agent.session.step import Moment
from candidate_agent.ui.languages import NAMES
from candidate_agent.ui.screens.hints import hints
from candidate_agent.ui.view_model import view
from exam_protocol.records import LogEntry
from tests.candidate_agent.ui.states import EXAM, RECORDING

BLAME = ("cheat", "suspicio", "violat", "forbid", "must", "warning", "flag", "fraud", "verdächtig", "betrug", "trampa")


def shown(session: Session) -> list[str]:
    return [banner["id"] for banner in view(session, now_us=0, wall_ms=0, live=RECORDING)["banners"]]


def test_a_covered_camera_is_said_in_the_strip_with_what_to_do_until_it_is_over() -> None:
    session = replace(EXAM, hints=("CAMERA_COVERED",))
    assert shown(session) == ["hint-camera_covered"]
    assert [line["tone"] for line in hints(session)] == ["calm"]
    assert shown(replace(session, hints=())) == []


def test_of_the_camera_one_thing_is_said_at_a_time_and_the_room_beside_it() -> None:
    session = replace(EXAM, hints=("CAMERA_COVERED", "CAMERA_FROZEN", "NOISE_HIGH"))
    assert shown(session) == ["hint-camera_covered", "hint-noise_high"]


@pytest.mark.parametrize("phase", [Phase.PAUSED, Phase.UNLOCKING, Phase.DONE, Phase.WAITING])
def test_where_the_exam_is_not_shown_nothing_is_said(phase: Phase) -> None:
    assert hints(replace(EXAM, phase=phase, hints=("CAMERA_COVERED",))) == []


def test_that_the_candidate_was_told_is_on_record_once() -> None:
    first = step(EXAM, ev.HintsChanged(("CAMERA_DARK",)), Moment(1, 1))
    [told] = [effect.entry for effect in first.effects if isinstance(effect, fx.Record)]
    assert isinstance(told, LogEntry) and told.detail == "shown to the candidate: CAMERA_DARK"
    again = step(first.session, ev.HintsChanged(("CAMERA_DARK",)), Moment(2, 2))
    over = step(again.session, ev.HintsChanged(()), Moment(3, 3))
    assert again.effects == over.effects == () and over.session.hints == ()


@pytest.mark.parametrize("language", NAMES)
def test_no_hint_blames(language: str) -> None:
    path = files("candidate_agent.ui").joinpath("assets", "locales", f"{language}.json")
    texts = {key: words for key, words in json.loads(path.read_text("utf-8")).items() if key.startswith("mend.")}
    assert len(texts) == 8 and not [words for words in texts.values() if any(bad in words.lower() for bad in BLAME)]
