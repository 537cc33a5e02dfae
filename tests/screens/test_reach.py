"""What nobody may lose: each control by keyboard, seen when it has the focus, and no words cut off at 200 % text."""

import pytest
from playwright.sync_api import Browser, Page

from tests.candidate_agent.ui.states import STATES
from tests.screens.browser import LANGUAGES, draw, page, shut

pytestmark = pytest.mark.real
ONE_OF_MANY = "input:not([type=radio]:not(:checked))"  # the Tab key stops once at a group of radio buttons
PARTS = 4  # so that none takes long
CONTROLS = f"button:not(:disabled), a[href], {ONE_OF_MANY}, textarea, select, summary, [tabindex='0']"
_REACHED = """wanted => {
  const at = document.activeElement;
  return {at: at.id || at.textContent.trim().slice(0, 40) || at.tagName, outline: getComputedStyle(at).outlineStyle,
    left: [...document.querySelectorAll(wanted)].filter(e => e.checkVisibility() && !e.__reached).length,
    first: (at.__reached ? false : (at.__reached = true)) && at.matches(wanted)};
}"""
_UNTOUCHED = "document.activeElement.blur(); for (const e of document.querySelectorAll('*')) delete e.__reached"
_AHEAD = "performance.now = () => Performance.prototype.now.call(performance) + 60_000"
_CUT = """() => [...document.querySelectorAll('p, h1, h2, span, button, li, dt, dd, label, summary')]
  .filter(e => e.checkVisibility() && !e.closest('.unseen') && getComputedStyle(e).overflowX !== 'visible'
    && !['auto', 'scroll'].includes(getComputedStyle(e).overflowX)
    && e.clientWidth > 1 && e.scrollWidth > e.clientWidth + 1)
  .map(e => (e.id || e.className || e.tagName) + ': ' + e.textContent.trim().slice(0, 40))"""
_SMALL = """wanted => [...document.querySelectorAll(wanted)].filter(e => e.checkVisibility() && !e.matches('.skip'))
  .map(e => [e, e.getBoundingClientRect()]).filter(([e, r]) => r.width < 24 || r.height < 24)
  .map(([e, r]) => `${e.id || e.tagName}: ${Math.round(r.width)} x ${Math.round(r.height)}`)"""


def unreached(opened: Page) -> list[str]:
    """Goes through the page by the Tab key, as far as there are controls that were not reached yet."""
    found = []
    opened.evaluate(_UNTOUCHED)
    for _ in range(80):
        opened.keyboard.press("Tab")
        told = opened.evaluate(_REACHED, CONTROLS)
        if told["first"] and told["outline"] == "none":
            found.append(f"{told['at']} does not show that it has the focus")
        if not told["left"]:
            return found
    return [*found, f"{told['left']} controls are not reached by the Tab key"]


@pytest.mark.parametrize("part", range(PARTS))
def test_each_control_is_reached_by_keyboard_and_shows_its_focus(running: Browser, part: int) -> None:
    found = []
    with page(running) as opened:
        for name in list(STATES)[part::PARTS]:
            shut(opened)
            draw(opened, name)
            found += [f"{name}: {line}" for line in unreached(opened)]
    assert found == []


@pytest.mark.parametrize("language", sorted({"en", "de", "ar"} & set(LANGUAGES)))
def test_at_200_percent_text_on_a_small_screen_no_word_is_cut_off(running: Browser, language: str) -> None:
    found = []
    with page(running, 1024, 600) as opened:
        for name in STATES:
            draw(opened, name, language)
            opened.evaluate("document.documentElement.style.fontSize = '200%'")
            if opened.evaluate("document.documentElement.scrollWidth > innerWidth + 1"):
                found.append(f"{name}: wider than the screen")
            found += [f"{name}: {line}" for line in opened.evaluate(_CUT)]
    assert found == []


def test_nothing_to_click_is_smaller_than_24_pixels(running: Browser) -> None:
    found = []
    with page(running, 1024, 600) as opened:
        for name in STATES:
            draw(opened, name)
            found += [f"{name}: {line}" for line in opened.evaluate(_SMALL, CONTROLS)]
    assert found == []


def test_a_double_click_on_next_does_not_agree(running: Browser) -> None:
    with page(running) as opened:
        draw(opened, "consent-never")
        at = opened.locator("#consent-next").bounding_box()
        assert at is not None
        middle = (at["x"] + at["width"] / 2, at["y"] + at["height"] / 2)
        opened.mouse.click(*middle)
        opened.evaluate(_AHEAD)  # however late the second click comes on a busy machine, it is a quick one
        draw(opened, "consent-statement")
        opened.mouse.click(*middle)
        assert opened.evaluate("at => document.elementFromPoint(...at)?.id", middle) == "consent-accept"
        assert [name for name, _ in opened.evaluate("acts")] == ["consent_read"]
        opened.evaluate("delete performance.now")
        draw(opened, "consent-never")
        draw(opened, "consent-statement")
        opened.wait_for_timeout(500)
        opened.mouse.click(*middle)
        assert [name for name, _ in opened.evaluate("acts")] == ["consent_read", "consent"]


def test_the_bar_alone_needs_no_more_room_than_it_has_over_the_exam(running: Browser) -> None:
    with page(running, 1280, 48) as opened:
        draw(opened, "exam")
        assert opened.evaluate("document.documentElement.scrollHeight") == 48
