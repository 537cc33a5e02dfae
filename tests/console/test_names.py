"""What a screen reader meets: every control has a name, every dialog a title, no id twice, no jump in the headings."""

import pytest
from playwright.sync_api import Page

from exam_protocol import records as r
from tests.console.relay import Relay
from tests.console.sitting import Candidate

pytestmark = pytest.mark.real

NAMELESS = """() => [...document.querySelectorAll(
  "button, a, input, textarea, [role=meter], [role=img], dialog, nav, main > section")]
  .filter((one) => {
    const by = one.getAttribute("aria-labelledby");
    const name = one.getAttribute("aria-label") || (by && document.getElementById(by)) || one.textContent.trim()
      || one.labels?.length || one.title;
    return !name;
  }).map((one) => one.outerHTML.slice(0, 100))"""
TWICE = """() => { const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  return ids.filter((id, at) => ids.indexOf(id) !== at); }"""
WIDER = """() => document.documentElement.scrollWidth > document.documentElement.clientWidth"""
CUT_OFF = """() => [...document.querySelectorAll("button, a.button")].filter((one) => one.getClientRects().length)
  .filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.id || one.className)"""


def test_every_control_of_the_console_has_a_name(console: Page, candidate: Candidate) -> None:
    candidate.state("running")
    candidate.entry(r.Track.FLAGS, r.FlagEntry("FOCUS_LOST", "low", "Another window.", 1, 10, 15))
    candidate.entry(r.Track.CONTROL, r.ChatEntry("candidate", "Hello", "m1", 1))
    console.click("#tab-flags")
    console.wait_for_selector(".flag")
    assert console.evaluate(NAMELESS) == []
    assert console.evaluate(TWICE) == []


def test_the_gates_have_names_and_announce_their_errors(page: Page, relay: Relay) -> None:
    page.goto(f"{relay.url}/console/")
    page.wait_for_selector("#gate-sign-in:visible")
    assert page.evaluate(NAMELESS) == []
    assert page.get_attribute("#sign-in-error", "role") == "alert"
    assert page.get_attribute("html", "lang") == "en"


@pytest.mark.parametrize("width", [640, 1280, 1920])
def test_at_every_width_nothing_is_cut_off_and_the_page_does_not_scroll_sideways(
    console: Page, candidate: Candidate, width: int
) -> None:
    """640: what is left of 1280 at 200 % zoom."""
    console.set_viewport_size({"width": width, "height": 800 if width > 640 else 480})
    candidate.state("running")
    for tab in ("checkin", "flags", "chat", "interventions"):
        console.click(f"#tab-{tab}")
        assert console.evaluate(WIDER) is False
        assert console.evaluate(CUT_OFF) == []
