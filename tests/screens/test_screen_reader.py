# ruff: noqa: E501  (JavaScript and sentences that stand in one line read better than broken)
"""What a screen reader says of every screen, read from the browser's accessibility tree; and what it says by itself."""

import pytest
from playwright.sync_api import Browser, Page

from tests.candidate_agent.ui.states import STATES
from tests.screens.browser import LANGUAGES, draw, fresh, page
from tests.screens.tree import Node, faults, live, of_role, tree

pytestmark = pytest.mark.real
PARTS = 4  # so that none takes long
IN_TURN = [(name, LANGUAGES[place % len(LANGUAGES)]) for place, name in enumerate(STATES)]


@pytest.mark.parametrize("part", range(PARTS))
def test_every_screen_can_be_said_and_a_second_later_nothing_is_said_again(running: Browser, part: int) -> None:
    found = []
    with page(running) as opened:
        for name, language in IN_TURN[part::PARTS]:
            draw(opened, name, language)
            nodes = tree(opened)
            found += [f"{name} {language}: {line}" for line in faults(opened, nodes, language)]
            draw(opened, name, language, later_s=1)
            found += [f"{name} {language}: says again: {words}" for words in news(nodes, tree(opened))]
    assert found == []


def test_it_would_find_what_cannot_be_said(running: Browser) -> None:
    with page(running) as opened:
        draw(opened, "checks-running", "de")
        opened.evaluate("""document.querySelector('main').append(document.createElement('button'), 'Take a break?');
          document.querySelector('[role=progressbar]').removeAttribute('aria-valuetext');
          document.querySelector('#help').setAttribute('aria-hidden', 'true'); document.querySelector('h1').remove()""")
        found = " ".join(faults(opened, tree(opened), "de"))
    for part in (
        "no name or no role",
        "in English: Take a break?",
        "although it is hidden: help",
        "says no value",
        "0 x heading",
    ):
        assert part in found


def test_what_must_be_acknowledged_is_an_alert_in_a_dialog_with_name_and_words(running: Browser) -> None:
    with page(running) as opened:
        draw(opened, "exam")
        draw(opened, "exam-warning")
        nodes = tree(opened)
        (asked,), (alert,) = of_role(nodes, "alertdialog"), of_role(nodes, "alert")
        assert asked.name == "Warning from the proctor" and "Please" in asked.description
        assert alert.facts["live"] == "assertive" and "Your exam goes on" in alert.text
        assert opened.evaluate("document.activeElement.id") == "title"  # the keyboard stays where it was


NEWS = [
    ("exam", "exam-news", "New message from Dr. Maria Alvarez-Santos: Good morning. Yes, the printed one from the course page."),
    ("exam", "exam-reminder", "From the proctor: Please do not look away from the screen."),
    ("exam", "exam-offline", "Your line is gone. Your exam goes on and nothing is lost. We send the rest when it is back."),
    ("exam-offline", "exam", "Your line is back."),
    ("checks-running", "checks-stop", "1 thing needs your help first"),
    ("checks-again", "checks-stop", "1 thing needs your help first Displays: Needs your help. 2 displays"),
    ("over-starting", "over-sending", "Your recording: 75%. About 3 minutes left."),
    ("over-sending", "over-done", "Everything arrived. The server has signed a receipt for you.",
        "Your copy: /home/ada/Downloads/exam-data-00112233.zip. Keep it in a safe place: it can be read by whoever has the file."),
]  # fmt: skip


def test_news_is_said_once_and_nothing_else_is_said_again(running: Browser) -> None:
    with page(running) as opened:
        for before, after, *said in NEWS:
            fresh(opened)
            draw(opened, before)
            assert (after, changed(opened, after)) == (after, said)


def test_another_language_is_no_news_but_the_heading(running: Browser) -> None:
    with page(running) as opened:
        draw(opened, "exam-offline")
        assert changed(opened, "exam-offline", "de") == ["Prüfung"]


def test_who_types_hears_of_a_new_screen_and_keeps_the_focus(running: Browser) -> None:
    with page(running) as opened:
        draw(opened, "identity")
        opened.focus("#chat-input")
        assert any("It is the proctor’s turn" in words for words in changed(opened, "waiting"))
        assert opened.evaluate("document.activeElement.id") == "chat-input"


def test_a_question_has_the_focus_of_who_asked_and_gives_it_back(running: Browser) -> None:
    with page(running) as opened:
        draw(opened, "exam")
        for opener, answer in (("finish", "finish-stay"), ("help", "")):
            opened.focus(f"#{opener}")
            opened.keyboard.press("Enter")
            if not answer:
                opened.focus("#panel-help .close")
            assert not answer or opened.evaluate("document.activeElement.id") == answer
            opened.keyboard.press("Enter")
            assert opened.evaluate("document.activeElement.id") == opener
        opened.focus("#leave")
        draw(opened, "exam-leave")
        assert opened.evaluate("document.activeElement.id") == "leave-stay"
        draw(opened, "exam")
        assert opened.evaluate("document.activeElement.id") == "leave"


def changed(opened: Page, name: str, language: str = "en") -> list[str]:
    before = tree(opened)
    draw(opened, name, language)
    return news(before, tree(opened))


def news(before: list[Node], after: list[Node]) -> list[str]:
    """The words of each live region that are others than before, or in a new one."""
    had = live(before)
    return [words for node, words in live(after).items() if words and had.get(node) != words]
