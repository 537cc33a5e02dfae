"""The emergency exit as it is drawn: nothing is cut off in any language, size of window or size of letters, and a
screen reader gets a dialog with name, words and buttons."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from candidate_agent.ui import languages
from candidate_agent.ui.texts import Texts
from candidate_agent.ui.way_out_look import DARK, LIGHT, style

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def drawn() -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.candidate_agent.ui.way_out_pictures"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        timeout=110,
        check=True,
    )
    seen: dict[str, Any] = json.loads(done.stdout)
    return seen


def test_no_word_is_cut_off(drawn: dict[str, Any]) -> None:
    assert len(drawn) == 3 * len(languages.NAMES) * 2
    assert {at: seen["faults"] for at, seen in drawn.items() if seen["faults"]} == {}


@pytest.mark.parametrize("language", languages.NAMES)
def test_a_screen_reader_gets_a_dialog_with_name_words_and_buttons(drawn: dict[str, Any], language: str) -> None:
    texts, panel = Texts(language), drawn[f"small {language} 100"]["tree"]
    title, what = texts.say("leave.title"), texts.say("leave.what")
    buttons = [part for part in panel["children"] if part["role"] == "Button"]
    assert (panel["role"], panel["name"], panel["description"]) == ("Dialog", title, what)
    assert [part["name"] for part in buttons] == [texts.say("leave.stay"), texts.say("leave.confirm")]
    assert all(part["focusable"] and part["description"] == what for part in buttons)


def test_letters_grow_with_those_of_the_page() -> None:
    assert "font-size: 16px" in style(LIGHT, 1.0) and "font-size: 32px" in style(LIGHT, 2.0)
    assert style(LIGHT, 1.0) != style(DARK, 1.0)
