"""The browser, the relay and the steps that most tests of the console begin with."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.console.relay import PASSWORD, Relay
from tests.console.sitting import PASSPHRASE, Candidate, Institution

CHROMIUM = "/usr/bin/chromium"
CHROMIUM_ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required",
]  # fmt: skip
DEADLINE_S = 10.0

T = TypeVar("T")


def until(what: Callable[[], T | None], deadline_s: float = DEADLINE_S) -> T:
    """The first true value of `what`; fails after the deadline."""
    end = time.monotonic() + deadline_s
    while not (value := what()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)
    return value


def holds(page: Page, expression: str) -> None:
    """Waits until an expression of the page is true. (Playwright's own waiting would need `unsafe-eval`.)"""
    until(lambda: page.evaluate(expression))


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def institution() -> Institution:
    return Institution()


@pytest.fixture(scope="package")
def one_relay(institution: Institution) -> Iterator[Relay]:
    relay = Relay(institution)
    relay.start()
    yield relay
    relay.stop()


@pytest.fixture
def relay(one_relay: Relay) -> Relay:
    """One server for all tests, empty at the start of each."""
    one_relay.reset()
    return one_relay


@contextmanager
def clean_page(context: BrowserContext) -> Iterator[Page]:
    """A test fails if the page logged an error or broke its content security policy."""
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    page.set_default_timeout(DEADLINE_S * 1000)
    yield page
    page.close()
    assert [line for line in errors if not _expected(line)] == []


def new_context(browser: Browser) -> BrowserContext:
    return browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh profile."""
    context = new_context(browser)
    with clean_page(context) as page:
        yield page
    context.close()


@pytest.fixture(scope="package")
def profile(browser: Browser, one_relay: Relay) -> Iterator[BrowserContext]:
    """A profile that signed in and opened its keys."""
    context = new_context(browser)
    with clean_page(context) as page:
        sign_in(page, one_relay)
        open_keys(page, one_relay.institution)
        page.wait_for_selector("body[data-phase=console]")
    yield context
    context.close()


def _expected(line: str) -> bool:
    """Chromium reports a refused line and a wrong password as errors of its own."""
    return "WebSocket connection to" in line or "401 (Unauthorized)" in line


def sign_in(page: Page, relay: Relay) -> None:
    page.goto(f"{relay.url}/console/")
    page.fill("#proctor-id", relay.institution.proctor_id)
    page.fill("#password", PASSWORD)
    page.click("#sign-in-button")
    page.wait_for_selector("body[data-phase=keys]")


def open_keys(page: Page, institution: Institution) -> None:
    file = {"name": "proctor.key.json", "mimeType": "application/json", "buffer": institution.key_file}
    page.set_input_files("#key-file", [file])  # type: ignore[list-item]
    page.fill("#key-passphrase", PASSPHRASE)
    page.click("#open-key-button")


@pytest.fixture
def console(profile: BrowserContext, relay: Relay) -> Iterator[Page]:
    """Signed in, keys opened, nobody there yet."""
    with clean_page(profile) as page:
        page.goto(f"{relay.url}/console/")
        page.wait_for_selector("body[data-phase=console]")
        yield page


@pytest.fixture
def candidate(relay: Relay, console: Page) -> Candidate:
    """One candidate who waits for admission, opened in the console."""
    candidate = Candidate(relay.institution, "Amira Haddad")
    relay.add(candidate)
    candidate.start()
    candidate.state("waiting")
    console.click(f".tile[data-session='{candidate.session_hex}'] .tile-open")
    console.wait_for_selector(f"#pane[data-session='{candidate.session_hex}'][data-trust=verified][data-state=waiting]")
    return candidate
