"""First lines of requests to a proxy: what reads as one host and one port, and what is passed on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from candidate_agent.ui import proxy_head
from candidate_agent.ui.proxy_head import Asked

PLAIN = (
    b"GET http://Exam.example:8080/a?b=c HTTP/1.1\r\nHost: exam.example:8080\r\n"
    b"Proxy-Connection: keep-alive\r\nX: 1\r\n\r\n"
)


@pytest.mark.parametrize(
    ("line", "host", "port", "tunnel"),
    [
        (b"CONNECT exam.example:443 HTTP/1.1", "exam.example", 443, True),
        (b"CONNECT [::1]:8443 HTTP/1.1", "::1", 8443, True),
        (b"GET http://exam.example/ HTTP/1.1", "exam.example", 80, False),
        (b"POST http://[::1]:81/x HTTP/1.1", "::1", 81, False),
    ],
)
def test_a_request_names_one_host_and_one_port(line: bytes, host: str, port: int, tunnel: bool) -> None:
    asked = proxy_head.read(line + b"\r\n\r\n")
    assert asked is not None and (asked.host, asked.port, asked.tunnel) == (host, port, tunnel)


@pytest.mark.parametrize(
    "line",
    [
        b"GET / HTTP/1.1",
        b"GET https://exam.example/ HTTP/1.1",
        b"GET http://user@exam.example/ HTTP/1.1",
        b"GET http://exam.example@evil.example/ HTTP/1.1",
        b"GET http://exam.example:99999/ HTTP/1.1",
        b"GET http://exam.example:0/ HTTP/1.1",
        b"GET http://exam.example HTTP/1.1",
        b"GET http://exam.example/a b HTTP/1.1",
        b"GET http://exam.example/ HTTP/1.0",
        b"CONNECT exam.example HTTP/1.1",
        b"CONNECT exam.example:443 evil.example:443 HTTP/1.1",
        b"CONNECT exam.example:443\r HTTP/1.1",
        b"PRI * HTTP/2.0",
        b"\x05\x01\x00",
    ],
)
def test_whatever_else_is_refused(line: bytes) -> None:
    assert proxy_head.read(line + b"\r\n\r\n") is None


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_and_never_raise(data: bytes) -> None:
    asked = proxy_head.read(data + b"\r\n\r\n")
    assert asked is None or (asked.host and 0 < asked.port < 65536)


def test_a_server_gets_a_path_and_one_request_for_each_connection() -> None:
    asked = proxy_head.read(PLAIN)
    assert asked is not None
    expected = b"GET /a?b=c HTTP/1.1\r\nHost: exam.example:8080\r\nX: 1\r\nConnection: close\r\n\r\n"
    assert proxy_head.for_server(asked) == expected


def test_the_institutions_proxy_gets_the_whole_address_and_its_credentials() -> None:
    asked = proxy_head.read(PLAIN)
    assert asked is not None
    head = proxy_head.for_next_proxy(asked, b"Basic dTpw")
    assert head.startswith(b"GET http://Exam.example:8080/a?b=c HTTP/1.1\r\nHost: ")
    assert head.endswith(b"Connection: close\r\nProxy-Authorization: Basic dTpw\r\n\r\n")


def test_a_tunnel_through_the_institutions_proxy_is_asked_for_in_our_own_words() -> None:
    asked = Asked("::1", 443, True, b"CONNECT [::1]:443 HTTP/1.1\r\nCookie: x\r\n\r\n")
    assert proxy_head.for_next_proxy(asked, b"") == b"CONNECT [::1]:443 HTTP/1.1\r\nHost: [::1]:443\r\n\r\n"
