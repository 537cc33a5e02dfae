"""Plain HTTP stays on this machine; everything else is TLS."""

import pytest

from candidate_agent.base.errors import ServerError
from candidate_agent.uplink.transport import parse_address, tls


@pytest.mark.parametrize(
    ("url", "websocket"),
    [
        ("http://127.0.0.1:8000", "ws://127.0.0.1:8000/agent"),
        ("http://localhost", "ws://localhost:80/agent"),
        ("http://[::1]:9", "ws://[::1]:9/agent"),
        ("https://exam.example.edu", "wss://exam.example.edu:443/agent"),
        ("https://exam.example.edu:8443/proctoring/", "wss://exam.example.edu:8443/proctoring/agent"),
    ],
)
def test_an_address_becomes_a_websocket_address(url: str, websocket: str) -> None:
    address = parse_address(url)
    assert address.websocket == websocket
    assert (tls(address) is not None) == websocket.startswith("wss:")


@pytest.mark.parametrize(
    "url",
    [
        "http://exam.example.edu", "http://127.0.0.1.example.edu", "http://10.0.0.1:8000", "ftp://127.0.0.1", "", "x",
        "https://", "https://user:word@exam.example.edu", "http://localhost@example.edu", "https://exam:port",
    ],
)  # fmt: skip
def test_an_insecure_address_is_refused_before_anything_is_sent(url: str) -> None:
    with pytest.raises(ServerError) as caught:
        parse_address(url)
    assert caught.value.code == "insecure_address"
