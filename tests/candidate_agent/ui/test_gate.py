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
    assert GATE.is_exam(QUrl("https://exam.example/a"))
    assert not GATE.is_exam(QUrl("https://cdn.example/a"))
    assert not GATE.is_exam(QUrl("http://exam.example/a"))


STARS = gate_for(
    ExamAccess(
        "https://exam.example/",
        "A1B2C3",
        ("https://*.cdn.example", "https://*.lab.example:8443", "https://*.org", "https://a.*.net"),
    )
)


@pytest.mark.parametrize(
    ("url", "passes"),
    [
        ("https://a.cdn.example/x", True),
        ("https://a.b.cdn.example/x", True),
        ("wss://a.cdn.example/x", True),
        ("https://cdn.example/x", False),
        ("https://evilcdn.example/x", False),
        ("https://a.cdn.example.evil.example/x", False),
        ("http://a.cdn.example/x", False),
        ("https://a.cdn.example:8443/x", False),
        ("https://a.lab.example:8443/x", True),
        ("https://a.lab.example/x", False),
        ("https://anything.org/x", False),
        ("https://a.b.net/x", False),
    ],
)
def test_a_star_stands_for_the_names_below_a_name_and_for_no_whole_domain(url: str, passes: bool) -> None:
    assert STARS.passes(QUrl(url)) is passes


@pytest.mark.parametrize(
    ("host", "port", "tunnel", "passes"),
    [
        ("exam.example", 443, True, True),
        ("EXAM.example", 443, True, True),
        ("127.0.0.1", 8080, False, True),
        ("127.0.0.1", 8080, True, True),  # a WebSocket
        ("exam.example", 443, False, False),
        ("exam.example", 80, False, False),
        ("evil.example", 443, True, False),
        ("127.0.0.1", 8081, True, False),
    ],
)
def test_a_connection_is_judged_by_host_and_port(host: str, port: int, tunnel: bool, passes: bool) -> None:
    assert GATE.host_passes(host, port, tunnel) is passes


def test_an_unusable_address_opens_nothing() -> None:
    gate = gate_for(ExamAccess("file:///etc/passwd", "A1B2C3", ()))
    assert gate.allowed == frozenset()
    assert not gate.is_exam(QUrl("file:///etc/passwd")) and not gate.is_exam(QUrl(""))


@pytest.mark.parametrize("url", ["data:text/html,x", "blob:https://exam.example/1", "about:blank"])
def test_a_page_may_use_what_reaches_nobody_but_not_become_it(url: str) -> None:
    assert not GATE.navigation_passes(QUrl(url), main_frame=True)


def test_origin_counts_sockets_as_their_pages() -> None:
    assert origin(QUrl("wss://exam.example/")) == origin(QUrl("https://exam.example/")) == "https://exam.example:443"
