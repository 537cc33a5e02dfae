"""How a page says what comes by key: in its language where the catalogue has it whole, else as it came. In Chromium."""

import json
from typing import Any

import pytest
from playwright.sync_api import Browser

from candidate_agent.checks.base import row
from candidate_agent.ui.screens import check_words
from exam_protocol.records import CheckRow
from tests.screens import browser

pytestmark = pytest.mark.real
SAY = (
    'async (text) => { const texts = await import("./texts.js"); await texts.loadTexts("en"); return texts.say(text); }'
)
PROGRAMS = row("programs", "fail", 3.0, "", "close stays", names=("Zoom", "OBS"), staying=("<b>AnyDesk</b>",))
ROWS = [
    row("clock", "fail", 3600.0, "less than 2 s", "slow", away=30),
    row("displays", "warn", 2.0, "at most {most}, {good} or larger", "too_many", most=1, good="1366×768", size="1×1"),
    row("memory", "warn", "{total} GiB, {free} free", "", "little_free", total=8, free=0.5),
    row("permissions", "fail", "{granted} of {all}", "", "missing", missing=("screen", "input"), granted=2, all=4),
    PROGRAMS,
]


def said(running: Browser, *texts: Any) -> list[str]:
    with browser.page(running) as page:
        return [page.evaluate(SAY, text) for text in texts]


def test_in_english_a_page_says_what_the_record_says(running: Browser) -> None:
    remedies = said(running, *map(check_words.remedy, ROWS))
    assert remedies == [measured.remedy for measured in ROWS]
    values = [check_words.value(ROWS[2]), check_words.value(ROWS[3]), check_words.threshold(ROWS[1])]
    assert said(running, *values) == [ROWS[2].value, ROWS[3].value, ROWS[1].threshold]


def test_what_no_catalogue_has_or_what_lacks_a_value_is_said_as_it_came(running: Browser) -> None:
    strange = CheckRow("quiet", "warn", 1.0, "", "so", "Please be so kind.", "new", {"n": 1})
    lacking = CheckRow("clock", "warn", 1.0, "", "so", "Your clock is wrong.", "slow")
    half = CheckRow("clock", "warn", 1.0, "", "so", "Both together.", "slow unheard_of", {"away": 3})
    remedies = said(running, *map(check_words.remedy, (strange, lacking, half)))
    assert remedies == [strange.remedy, lacking.remedy, half.remedy]


def test_what_a_program_calls_itself_is_text(running: Browser) -> None:
    assert "<b>AnyDesk</b>" in said(running, check_words.remedy(PROGRAMS))[0]
    assert json.dumps(check_words.remedy(PROGRAMS))
