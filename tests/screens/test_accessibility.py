"""Every screen in every language, looked at by axe and by rules of our own, in a real browser (WCAG 2.2 AA)."""

from importlib import resources
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.candidate_agent.ui.states import STATES
from tests.screens.browser import LANGUAGES, draw, page

pytestmark = pytest.mark.real
AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_COLOUR = ["color-contrast", "link-in-text-block"]  # half of axe's time
ALL = {"runOnly": RULES}
COLOURS = {"runOnly": {"type": "rule", "values": OF_COLOUR}}
BUT_COLOURS = {**ALL, "rules": {rule: {"enabled": False} for rule in OF_COLOUR}}
IN_COLOUR = ("en", "ar")
"""A colour hangs on the kind of a part, not on its words: it is looked at once in each direction of writing."""
LOOKS = {"light": {}, "dark": {"scheme": "dark"}, "more contrast": {"contrast": "more"}}


def violations(opened: Page, rules: object = ALL) -> list[str]:
    """One line for each rule that a part of the page breaks."""
    found: list[dict[str, Any]] = opened.evaluate(
        "rules => axe.run(document, {...rules, resultTypes: ['violations']}).then(told => told.violations)", rules
    )
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary'][:160]}" for rule in found for node in rule["nodes"]
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_screen_breaks_a_rule_of_axe(running: Browser, language: str) -> None:
    rules = ALL if language in IN_COLOUR else BUT_COLOURS
    with page(running) as opened:
        opened.evaluate(AXE)
        found = []
        for name in STATES:
            draw(opened, name, language)
            found += [f"{name}: {line}" for line in violations(opened, rules)]
        assert found == []


@pytest.mark.parametrize("look", ["dark", "more contrast"])
def test_nor_in_other_colours(running: Browser, look: str) -> None:
    with page(running, **LOOKS[look]) as opened:  # type: ignore[arg-type]
        opened.evaluate(AXE)
        found = []
        for name in STATES:
            draw(opened, name)
            found += [f"{name}: {line}" for line in violations(opened, COLOURS)]
        assert found == []


def test_axe_would_find_a_button_without_a_name_and_words_that_are_too_pale(running: Browser) -> None:
    with page(running) as opened:
        opened.evaluate(AXE)
        draw(opened, next(iter(STATES)))
        opened.evaluate("document.querySelector('main').append(document.createElement('button'))")
        opened.evaluate("document.getElementById('title').style.color = '#bbb'")
        assert any("button-name" in line for line in violations(opened, BUT_COLOURS))
        assert any("color-contrast" in line for line in violations(opened, COLOURS))
        assert {"button-name", "color-contrast"} <= {line.partition(":")[0] for line in violations(opened)}
