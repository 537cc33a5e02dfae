"""The readiness report, looked at by axe in a real browser, in light and dark; and that it fits on one printed page."""

from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser

from candidate_agent.ui.readiness_page import html
from candidate_agent.ui.texts import Texts
from tests.candidate_agent.ui.test_readiness import AT, LIGHT, QUIET, with_checks
from tests.screens.browser import LANGUAGES
from tests.screens.test_accessibility import AXE, violations

pytestmark = pytest.mark.real
FACTS = with_checks(LIGHT, QUIET)
A4_PX = (794, 1123)  # at 96 to the inch


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_report_breaks_no_rule_of_axe(running: Browser, scheme: Any) -> None:
    found = []
    with running.new_context(color_scheme=scheme) as context:
        opened = context.new_page()
        for language in LANGUAGES:
            opened.set_content(html(FACTS, Texts(language), AT))
            opened.evaluate(AXE)
            found += [f"{language}: {line}" for line in violations(opened)]
    assert found == []


def test_it_is_one_printed_page_also_with_many_checks(running: Browser) -> None:
    facts = replace(FACTS, checks=(*FACTS.checks, *FACTS.checks), steps=tuple((f"step {n}", n) for n in range(12)))
    with running.new_context(viewport={"width": A4_PX[0], "height": A4_PX[1]}) as context:
        opened = context.new_page()
        opened.emulate_media(media="print")
        opened.set_content(html(facts, Texts("en"), AT))
        assert opened.evaluate("document.documentElement.scrollHeight") <= A4_PX[1]
