"""The engine's one way to the network: real sockets on this computer."""

import http.client
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from candidate_agent.ui import outlet as module
from candidate_agent.ui.outlet import NextProxy, Outlet, system_proxy
from candidate_agent.ui.proxy_head import Asked
from tests.candidate_agent.ui.servers import Site, serving

PATIENCE_S = 10.0


@pytest.fixture
def outlet() -> Iterator[Outlet]:
    made = Outlet(find_proxy=lambda asked: None)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def site() -> Iterator[Site]:
    with serving(Site()) as served:
        yield served


@contextmanager
def echoing() -> Iterator[int]:
    """A server that sends back what it gets, and ends when its peer does."""

    class Echo(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            while data := self.request.recv(65536):
                self.request.sendall(data)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def port_of(site: Site) -> int:
    return int(site.url.rpartition(":")[2])


def admit(outlet: Outlet, *ports: int) -> list[tuple[str, int]]:
    turned_away: list[tuple[str, int]] = []
    outlet.admit(
        lambda host, port, tunnel: host == "127.0.0.1" and port in ports, lambda *where: turned_away.append(where)
    )
    return turned_away


def get(outlet: Outlet, url: str, method: str = "GET", body: bytes | None = None) -> tuple[int, bytes]:
    line = http.client.HTTPConnection("127.0.0.1", outlet.port, timeout=PATIENCE_S)
    line.request(method, url, body)
    answer = line.getresponse()
    try:
        return answer.status, answer.read()
    finally:
        line.close()


def tunnel(outlet: Outlet, port: int) -> tuple[socket.socket, bytes]:
    line = socket.create_connection(("127.0.0.1", outlet.port), PATIENCE_S)
    line.sendall(b"CONNECT 127.0.0.1:%d HTTP/1.1\r\nHost: x\r\n\r\n" % port)
    head = b""
    while b"\r\n\r\n" not in head:
        head += line.recv(1)
    return line, head.split(b"\r\n")[0]


def test_nobody_is_reached_before_an_exam_is_open(outlet: Outlet, site: Site) -> None:
    assert get(outlet, site.url + "/x")[0] == 403
    line, status = tunnel(outlet, port_of(site))
    line.close()
    assert status.startswith(b"HTTP/1.1 403") and site.asked == []


def test_the_exam_is_reached_and_others_are_not_and_it_is_told(outlet: Outlet, site: Site) -> None:
    site.page("/x", "the exam")
    turned_away = admit(outlet, port_of(site))
    with serving(Site()) as foreign:
        assert get(outlet, site.url + "/x") == (200, b"the exam")
        assert get(outlet, foreign.url + "/x")[0] == 403
        line, status = tunnel(outlet, port_of(foreign))
        line.close()
        assert status.startswith(b"HTTP/1.1 403") and foreign.asked == []
        assert turned_away == [("127.0.0.1", port_of(foreign))] * 2
    assert site.paths() == ["/x"] and outlet.admitted == 1


def test_nobody_is_reached_after_it_and_open_lines_are_cut(outlet: Outlet, site: Site) -> None:
    with echoing() as port:
        admit(outlet, port, port_of(site))
        line, status = tunnel(outlet, port)
        assert status == b"HTTP/1.1 200 Connection established"
        outlet.shut()
        assert _ended(line)
        line.close()
        assert get(outlet, site.url + "/x")[0] == 403


def _ended(line: socket.socket) -> bool:
    """The other end closes or resets."""
    try:
        return line.recv(1) == b""
    except ConnectionResetError:
        return True


def test_a_tunnel_carries_bytes_both_ways_and_ends_as_its_ends_do(outlet: Outlet) -> None:
    data = bytes(range(256)) * 20_000
    with echoing() as port:
        admit(outlet, port)
        line, _ = tunnel(outlet, port)
        sender = threading.Thread(target=lambda: (line.sendall(data), line.shutdown(socket.SHUT_WR)))
        sender.start()
        back = b""
        while piece := line.recv(65536):
            back += piece
        sender.join()
        line.close()
    assert back == data


def test_a_large_upload_arrives_whole(outlet: Outlet, site: Site) -> None:
    admit(outlet, port_of(site))
    assert get(outlet, site.url + "/hand-in", "POST", b"a" * 300_000)[0] == 200
    assert site.heard["/hand-in"]["Content-Length"] == "300000"


def test_many_ask_at_once(outlet: Outlet, site: Site) -> None:
    admit(outlet, port_of(site))
    results: list[int] = []
    threads = [
        threading.Thread(target=lambda n=n: results.append(get(outlet, f"{site.url}/{n}")[0])) for n in range(40)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [200] * 40 and len(set(site.paths())) == 40


def test_a_server_that_does_not_answer_is_said_so(outlet: Outlet) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    admit(outlet, port)
    assert get(outlet, f"http://127.0.0.1:{port}/")[0] == 502


@pytest.mark.parametrize("data", [b"GET / HTTP/1.1\r\n\r\n", b"rubbish\r\n\r\n", b"CONNECT x HTTP/1.1\r\n\r\n"])
def test_rubbish_is_refused(outlet: Outlet, data: bytes) -> None:
    with socket.create_connection(("127.0.0.1", outlet.port), PATIENCE_S) as line:
        line.sendall(data)
        assert line.recv(100).startswith(b"HTTP/1.1 400")


def test_one_that_says_nothing_and_goes_disturbs_nobody(outlet: Outlet, site: Site) -> None:
    admit(outlet, port_of(site))
    socket.create_connection(("127.0.0.1", outlet.port), PATIENCE_S).close()
    with socket.create_connection(("127.0.0.1", outlet.port), PATIENCE_S) as line:
        line.sendall(b"GET http://127")
    assert get(outlet, site.url + "/x")[0] == 200


@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6 here")
def test_a_name_is_reached_over_either_family(outlet: Outlet, site: Site) -> None:
    outlet.admit(lambda host, port, tunnel: host == "localhost", lambda *where: None)
    assert get(outlet, site.url.replace("127.0.0.1", "localhost") + "/x")[0] == 200


def test_a_surprise_in_the_judgement_lets_nobody_through(outlet: Outlet, site: Site) -> None:
    def fails(host: str, port: int, tunnel: bool) -> bool:
        raise ValueError(host)

    outlet.admit(fails, lambda *where: None)
    assert get(outlet, site.url + "/x")[0] == 403
    assert site.asked == []


def test_the_exam_is_reached_through_the_institutions_proxy(site: Site) -> None:
    """The next proxy is an outlet of its own here: it counts what comes."""
    site.page("/x", "the exam")
    following = Outlet(find_proxy=lambda asked: None)
    port = following.start()
    first = Outlet(find_proxy=lambda asked: NextProxy("127.0.0.1", port, b"Basic dTpw"))
    first.start()
    try:
        admit(following, port_of(site))
        admit(first, port_of(site))
        assert get(first, site.url + "/x") == (200, b"the exam")
        line, status = tunnel(first, port_of(site))
        line.close()
        assert status == b"HTTP/1.1 200 Connection established" and following.admitted == 2
    finally:
        first.stop()
        following.stop()


@pytest.mark.parametrize(
    ("host", "tunnel", "found"),
    [
        ("exam.example", True, NextProxy("proxy.example", 3128, b"Basic dTpw")),
        ("exam.example", False, NextProxy("plain.example", 80)),
        ("near.example", True, None),
        ("127.0.0.1", True, None),
        ("localhost", True, None),
    ],
)
def test_the_next_proxy_is_the_one_of_the_computer(
    host: str, tunnel: bool, found: NextProxy | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", "http://u:p@proxy.example:3128")
    monkeypatch.setenv("http_proxy", "plain.example")
    monkeypatch.setenv("no_proxy", "near.example")
    assert system_proxy(Asked(host, 443, tunnel, b"")) == found


@pytest.mark.parametrize("address", ["", "socks5://proxy.example:1080", "https://proxy.example"])
def test_a_proxy_of_another_kind_is_not_used(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.urllib.request, "getproxies", lambda: {"https": address})
    assert system_proxy(Asked("exam.example", 443, True, b"")) is None
