"""Which addresses an exam page may reach."""

import pytest
from PySide6.QtCore import QUrl

from candidate_agent.ui.gate import gate_for, origin
from exam_protocol.policy import ExamAccess

GATE = gate_for(
    ExamAccess("https://exam.example/start?x=1", "A1B2C3", ("https://cdn.example", "http://127.0.0.1:8080/", "rubbish"))
)


@pytest.mark.parametrize(
    ("url", "passes"),
    [
        ("https://exam.example/next", True),
        ("https://EXAM.example:443/next", True),
        ("wss://exam.example/live", True),
        ("https://cdn.example/a.js", True),
        ("http://127.0.0.1:8080/x", True),
        ("http://exam.example/next", False),
        ("https://exam.example:8443/", False),
        ("https://exam.example.evil.example/", False),
        ("https://user@exam.example/", False),
        ("https://cdn.example@evil.example/", False),
        ("http://127.0.0.1/x", False),
        ("ftp://exam.example/", False),
        ("file:///etc/passwd", False),
        ("chrome://settings", False),
        ("javascript:alert(1)", False),
        ("exam-client://app/index.html", False),
        ("", False),
    ],
)
def test_only_listed_origins_pass(url: str, passes: bool) -> None:
    assert GATE.passes(QUrl(url)) is passes
    assert GATE.navigation_passes(QUrl(url), main_frame=True) is passes


def test_only_the_exam_itself_gets_the_code() -> None:
    assert GATE.gets_code(QUrl("https://exam.example/a"))
    assert not GATE.gets_code(QUrl("https://cdn.example/a"))
    assert not GATE.gets_code(QUrl("http://exam.example/a"))


def test_an_unusable_address_opens_nothing() -> None:
    gate = gate_for(ExamAccess("file:///etc/passwd", "A1B2C3", ()))
    assert gate.allowed == frozenset()
    assert not gate.gets_code(QUrl("file:///etc/passwd")) and not gate.gets_code(QUrl(""))


@pytest.mark.parametrize("url", ["data:text/html,x", "blob:https://exam.example/1", "about:blank"])
def test_a_page_may_use_what_reaches_nobody_but_not_become_it(url: str) -> None:
    assert not GATE.navigation_passes(QUrl(url), main_frame=True)


def test_origin_counts_sockets_as_their_pages() -> None:
    assert origin(QUrl("wss://exam.example/")) == origin(QUrl("https://exam.example/")) == "https://exam.example:443"
