"""A candidate whose pictures are only stored for now: said in the tile and under the pictures, never a dead picture."""

import pytest
from playwright.sync_api import Page

from exam_protocol import records as r
from tests.console import pictures
from tests.console.conftest import holds
from tests.console.relay import Relay
from tests.console.sitting import Candidate

pytestmark = pytest.mark.real

STORED = "Stored on the candidate's computer, sent later"


def profile(candidate: Candidate, detail: str) -> None:
    candidate.entry(r.Track.LOG, r.LogEntry("profile", detail, candidate.institution.now_ms()))


def webcam(candidate: Candidate, *, age_s: float) -> None:
    encoder = pictures.H264(240, 180)
    at_us = candidate.now_us() - int(age_s * 1e6)
    media = encoder.encode(pictures.time_code(7, 240, 180, (200, 60, 20)), at_us, key=True)
    candidate.media(r.Track.WEBCAM_SMALL, media, key=True, at_us=at_us)


def says(console: Page, selector: str, words: str) -> None:
    holds(console, f"document.querySelector({selector!r}).textContent.includes({words!r})")


def test_what_is_only_stored_is_said_in_place_of_a_picture_and_what_comes_later_says_how_old_it_is(
    console: Page, relay: Relay
) -> None:
    candidate = Candidate(relay.institution, "Amira Haddad", age_s=600)
    relay.add(candidate)
    candidate.start()
    console.click(f".tile[data-session='{candidate.session_hex}'] .tile-open")
    tile = f".tile[data-session='{candidate.session_hex}']"
    candidate.state("running")
    profile(candidate, "from low to store: the oldest record that waits is 18 s old")
    says(console, f"{tile} .tile-cover", STORED)
    says(console, "#screen-caption", STORED)
    says(console, "#webcam-caption", STORED)
    says(console, "#pane-facts", "stored on the candidate's computer, sent later since")
    profile(candidate, "from store to low: the line has taken at least 190 kbit/s each time it was asked")
    webcam(candidate, age_s=300)
    says(console, f"{tile} .tile-words", "Pictures of 5 min ago")
    assert console.inner_text(f"{tile} .tile-cover") == ""
