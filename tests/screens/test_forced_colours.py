# ruff: noqa: E501  (JavaScript and sentences that stand in one line read better than broken)
"""Windows' high contrast and less motion, emulated: what a background or a movement said is still there to be seen."""

import pytest
from playwright.sync_api import Browser, Page

from tests.candidate_agent.ui.states import STATES
from tests.screens.browser import draw, page

pytestmark = pytest.mark.real
PARTS = 4  # so that none takes long
_LOST = """() => {
  const style = (e, part) => getComputedStyle(e, part);
  const canvas = style(document.body).backgroundColor;
  const filled = (e) => style(e).backgroundColor !== canvas && !/^rgba\\(.*, 0\\)$/.test(style(e).backgroundColor);
  const framed = (e) => parseFloat(style(e).borderTopWidth) > 0 && style(e).borderTopStyle !== 'none' && style(e).borderTopColor !== canvas;
  const rules = {
    'button, select, textarea, .fold, .card, .check, .notice': (e) => framed(e) || filled(e) || parseFloat(style(e).borderBottomWidth) > 0 || style(e).textDecorationLine === 'underline',
    '[aria-pressed=true], button[aria-expanded=true], .stages .now, .badge, .lamp.on, .busy span, .rail .now .dot': filled,
    '.track-bar': framed,
    '.track-bar span': filled,
    '.arc.seen, .outline .line': (e) => style(e).stroke !== 'none' && style(e).stroke !== canvas,
    'svg.icon': (e) => filled(e.closest('button, .dot, .badge') ?? e) || style(e).color !== canvas,
  };
  return Object.entries(rules).flatMap(([wanted, holds]) => [...document.querySelectorAll(wanted)]
    .filter(e => e.checkVisibility() && !holds(e)).map(e => `${wanted}: ${e.id || e.getAttribute('class') || e.textContent}`));
}"""
_MOVING = """() => [...document.querySelectorAll('*')].flatMap(e => [null, '::before', '::after'].map(part => [e, getComputedStyle(e, part)]))
  .filter(([, s]) => (s.animationName !== 'none' && parseFloat(s.animationDuration) > .01) || s.transitionDuration.split(', ').some(d => parseFloat(d) > .01))
  .map(([e]) => `moves: ${e.id || e.className}`).concat(document.getAnimations().map(() => 'an animation runs'))"""


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_is_lost_in_forced_colours_and_nothing_moves(running: Browser, part: int) -> None:
    found = []
    with page(running, forced_colors="active", reduced_motion="reduce") as opened:
        for name in list(STATES)[part::PARTS]:
            draw(opened, name)
            found += [f"{name}: {line}" for line in opened.evaluate(_LOST) + opened.evaluate(_MOVING)]
    assert found == []


def test_the_focus_is_drawn_in_forced_colours(running: Browser) -> None:
    with page(running, forced_colors="active") as opened:
        draw(opened, "checks-stop")
        opened.keyboard.press("Tab")
        assert opened.evaluate("document.activeElement.tagName") != "H1"
        assert float(opened.evaluate(_focus("outlineWidth")).removesuffix("px")) >= 2
        assert opened.evaluate(_focus("outlineColor")) != opened.evaluate(
            "getComputedStyle(document.body).backgroundColor"
        )


def test_it_would_find_what_is_lost_and_what_moves(running: Browser) -> None:
    with page(running, forced_colors="active", reduced_motion="no-preference") as opened:
        _without_our_rules(opened)
        draw(opened, "exam")
        assert any("lamp on" in line for line in opened.evaluate(_LOST))
        draw(opened, "joining")
        assert any("animation" in line for line in opened.evaluate(_MOVING))


def _focus(property_: str) -> str:
    return f"getComputedStyle(document.activeElement).{property_}"


def _without_our_rules(opened: Page) -> None:
    opened.evaluate("[...document.styleSheets].find(sheet => sheet.href.endsWith('forced.css')).disabled = true")
