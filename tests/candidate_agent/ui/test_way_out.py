"""The emergency exit in the real window: two deliberate steps, whatever pages do, with and without a session."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from candidate_agent.platforms.macos import combinations as macos
from candidate_agent.platforms.portable import combinations
from candidate_agent.ui import languages
from candidate_agent.ui.texts import catalogue
from candidate_agent.ui.way_out import SHORTCUT
from tests.candidate_agent.ui import stage

ROOT = Path(__file__).parents[3]
LEFT = ["LeaveAsked", "LeaveConfirmed"]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    home = tmp_path_factory.mktemp("home")
    with stage.screen(1280, 800) as display, (home / "window.log").open("w") as log:
        environment = {**os.environ, **stage.SWITCHES, "DISPLAY": display, "HOME": str(home), "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-m", "tests.candidate_agent.ui.play_way_out"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            timeout=110,
        )
    assert done.returncode == 0, (home / "window.log").read_text(errors="replace")[-3000:]
    results: dict[str, Any] = json.loads(done.stdout)
    return results


@pytest.fixture
def seen(played: dict[str, Any], request: pytest.FixtureRequest) -> Any:
    result = played[request.param]
    assert not (isinstance(result, dict) and "error" in result), result["error"]
    return result


def real(test: Any) -> Any:
    return pytest.mark.real(pytest.mark.slow(test))


def scene(*names: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("seen", names, indirect=True)


def test_its_shortcut_is_no_attempt_of_anything_and_reaches_the_window_on_every_system() -> None:
    assert SHORTCUT == "Ctrl+Shift+F9"
    assert combinations.combination("F9", ctrl=True, alt=False, super_=False, shift=True) == ""
    assert macos.combination(0x65, macos.CTRL | macos.SHIFT) is None


def test_its_words_are_those_of_the_page_and_the_help_names_the_shortcut() -> None:
    assert {"leave.title", "leave.what", "leave.confirm", "leave.stay"} <= set(catalogue("en"))
    assert all(SHORTCUT in catalogue(language)["help.keys"] for language in languages.NAMES)


@real
@scene("before_the_exam")
def test_before_the_exam_it_is_not_there(seen: Any) -> None:
    assert seen is None


@real
@scene("opened_over_the_exam")
def test_opened_it_has_the_keyboard_and_escape_gives_it_back_to_the_exam(seen: Any) -> None:
    assert seen["seen"] == {"focus": "stay", "whole": True, "stay": "Stay in the exam", "leave": "Leave now"}
    assert (seen["answer"], seen["events"]) == ("onetwo", [])


@real
@scene("enter_at_once_stays")
def test_one_step_alone_leaves_nothing(seen: Any) -> None:
    assert seen == []


@real
@scene("two_steps_leave", "the_pointer_works_too", "with_a_notice_open", "while_the_exam_is_paused")
def test_two_steps_leave_from_every_view_of_the_exam(seen: Any) -> None:
    assert seen == LEFT


@real
@scene("with_pages_that_hang")
def test_it_needs_no_page_that_answers(seen: Any) -> None:
    assert seen == {"hung": 2, "left": LEFT}


@real
@scene("with_pages_that_died")
def test_it_needs_no_page_at_all(seen: Any) -> None:
    assert seen == {"died": 2, "left": LEFT}


@real
@scene("with_a_page_that_takes_the_focus", "with_a_page_that_loads_itself_anew", "with_a_flood_of_dialogs")
def test_a_page_cannot_keep_it_away(seen: Any) -> None:
    assert seen == LEFT


@real
@scene("with_a_list_open")
def test_an_open_list_cannot_keep_it_away(seen: Any) -> None:
    assert seen["popped"] and seen["left"] == LEFT


@real
@scene("a_session_that_follows_is_left_in_peace")
def test_a_session_that_follows_ends_in_order(seen: Any) -> None:
    assert seen == {"left": LEFT, "let_go": 0}


@real
@scene("a_session_that_does_not_follow")
def test_where_the_session_does_not_follow_the_window_lets_go_by_itself(seen: Any) -> None:
    assert seen == {"left": LEFT, "keyboard": True, "visible": False}
