"""Every part of the console, looked at by axe in a real browser (WCAG 2.2 AA), in light and dark; the recording around
a flag has its own in test_evidence."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from exam_protocol import records as r
from tests.console import pictures
from tests.console.conftest import holds, sign_in
from tests.console.relay import Relay
from tests.console.sitting import Candidate
from tests.console.test_app import film
from tests.screens.test_accessibility import AXE, violations

pytestmark = pytest.mark.real


def busy(relay: Relay, candidate: Candidate) -> None:
    """Something in every part: pictures, sheets of paper, two displays, flags, words, a warning, another candidate."""
    now_ms = relay.institution.now_ms()
    for step, attempt in (("id_card", 1), ("room", 1), ("paper", 1), ("paper", 2)):
        data = pictures.jpeg(pictures.face(320, 240, 20 * attempt))
        candidate.entry(r.Track.IDENTITY, r.PictureEntry(step, attempt, 0, 1, "image/jpeg", data, now_ms))
    rows = (r.CheckRow("displays", "pass", 1.0, "displays", "at most 1", ""),)
    candidate.entry(r.Track.LOG, r.ChecksEntry(rows, now_ms))
    for at, (code, severity) in enumerate(
        (("DISPLAY_ADDED", "high"), ("FACE_ABSENT", "medium"), ("LINK_SLOW", "technical"))
    ):
        candidate.entry(r.Track.FLAGS, r.FlagEntry(code, severity, f"Reason {at}.", 1, at * 10, at * 10 + 5))
    candidate.entry(r.Track.CONTROL, r.ChatEntry("candidate", "May I ask something?", "m1", now_ms))
    given = r.CommandEntry(
        "w1", "intervention", relay.institution.proctor_id, "Please look here.", "LOOK_AT_SCREEN", "warning", b"h" * 32,
        now_ms,
    )  # fmt: skip
    candidate.entry(r.Track.CONTROL, given)
    film(candidate, r.Track.SCREEN, range(2))
    film(candidate, r.Track.SCREEN_2, range(2))
    film(candidate, r.Track.WEBCAM_SMALL, range(2), width=240, height=180)
    candidate.check()
    other = Candidate(relay.institution, "Boris with a very long name " + "x" * 30)
    relay.add(other)
    other.start()
    other.link(False, lost_s=30)


def parts(console: Page, relay: Relay, candidate: Candidate) -> Iterator[str]:
    """Goes from one part to the next and names it."""
    candidate.state("waiting")
    console.click("#tab-checkin")
    yield "before anything arrived"
    busy(relay, candidate)
    console.wait_for_selector("#pictures-paper .picture:nth-child(2) img")
    console.click("#checks-summary")
    yield "check-in"
    candidate.state("paused", "after_exam")
    console.wait_for_selector("#pane-state:has-text('After the exam')")
    console.locator("#paper").scroll_into_view_if_needed()
    yield "scratch paper"
    console.click("#pictures-paper .picture >> nth=0")
    yield "a picture"
    console.click("#picture-close")
    candidate.state("running")
    console.wait_for_selector("#displays:visible")
    console.check("#display-2")
    yield "display switch"
    for name in ("flags", "chat", "interventions"):
        console.click(f"#tab-{name}")
        yield name
    console.click("#grow-button")
    yield "enlarged"
    console.click("#grow-button")
    for opener, dialog in (
        ("#pause-button", "reason"),
        ("#raise-flag-button", "reason"),
        ("#shortcuts-button", "shortcuts"),
    ):
        console.click(opener)
        yield opener
        console.click(f"#{dialog}-cancel" if dialog == "reason" else "#shortcuts-close")
    console.click("#end-button")
    console.fill("#end-reason", "A second person types.")
    console.fill("#end-override", "They do not leave.")
    yield "ending, why"
    console.click("#end-next")
    yield "ending, second look"
    console.click("#end-cancel")
    candidate.state("ended", "finished")
    console.wait_for_selector("#grid-over .tile")
    console.click("#tab-flags")
    yield "over"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_part_of_the_console_breaks_a_rule_of_axe(
    console: Page, relay: Relay, candidate: Candidate, scheme: str
) -> None:
    console.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    console.evaluate(AXE)
    found = [f"{name}: {line}" for name in parts(console, relay, candidate) for line in violations(console)]
    assert found == []


def test_nor_do_the_pages_before_it(page: Page, relay: Relay) -> None:
    page.goto(f"{relay.url}/console/")
    page.wait_for_selector("body[data-phase=sign_in]")
    page.evaluate(AXE)
    found = violations(page)
    sign_in(page, relay)
    page.evaluate(AXE)
    found += violations(page)
    relay.on_duty = False
    assert found == []


def test_two_displays_are_chosen_by_words_that_are_large_enough_to_hit(
    console: Page, relay: Relay, candidate: Candidate
) -> None:
    busy(relay, candidate)
    console.wait_for_selector("#displays:visible")
    holds(console, "document.querySelectorAll('#displays label').length === 2")
    sizes = console.evaluate(
        "[...document.querySelectorAll('#displays label')].map((one) => one.getBoundingClientRect().height)"
    )
    assert min(sizes) >= 24
