"""Where the keyboard is when rows work, move and go: on the button that was pressed, or else at the heading."""

import pytest
from playwright.sync_api import Browser, Page

from tests.screens.browser import draw, page

pytestmark = pytest.mark.real
_TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


def focused(opened: Page) -> str:
    return str(opened.evaluate("document.activeElement.id"))


def test_who_checks_again_is_on_the_same_button_when_it_is_done(running: Browser) -> None:
    with page(running) as opened:
        draw(opened, "checks-stop")
        opened.focus("#check-again-displays")
        draw(opened, "checks-again")
        opened.evaluate(_TWO_FRAMES)  # in which Chromium takes the focus from a disabled button
        draw(opened, "checks-again")
        draw(opened, "checks-stop")
        assert focused(opened) == "check-again-displays"


def test_where_the_row_is_fine_and_folded_away_the_heading_is_next(running: Browser) -> None:
    with page(running) as opened:
        draw(opened, "checks-stop")
        opened.focus("#check-again-displays")
        draw(opened, "checks-fine")
        assert focused(opened) == "title"


def test_who_went_on_meanwhile_is_not_called_back(running: Browser) -> None:
    with page(running) as opened:
        draw(opened, "checks-stop")
        opened.focus("#check-again-displays")
        draw(opened, "checks-again")
        opened.focus("#chat-input")
        draw(opened, "checks-stop")
        assert focused(opened) == "chat-input"
