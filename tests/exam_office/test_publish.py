"""Publishing brings every signed document to a real HTTP server, in order, and says what it answered."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from exam_protocol import codec, policy
from exam_protocol.signing import DOMAIN_PACKAGE, SignedDocument
from tests.exam_office.conftest import CONFIG, Desk


class Inbox(ThreadingHTTPServer):
    """Keeps what was PUT; answers with `status`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.received: list[tuple[str, SignedDocument]] = []
        self.status, self.location, self.answer = 204, "", b"because"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Inbox

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        assert self.headers["Content-Type"] == "application/json"
        self.server.received.append((self.path, codec.decode(body, SignedDocument)))
        self.send_response(self.server.status)
        if self.server.location:
            self.send_header("Location", self.server.location)
        text = self.server.answer if self.server.status >= 400 else b""
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with Inbox() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_everything_signed_is_put_in_order(exam: Desk, inbox: Inbox) -> None:
    exam.run("roster", *exam.roster_arguments())
    exam.run("roster", *exam.roster_arguments())
    exam.run("launch-code", *exam.seat_arguments())
    answer = exam.run("publish", "--server", inbox.url)
    assert answer == {"server": inbox.url, "package": "1", "roster": "2", "ticket": "1"}
    assert [path for path, _ in inbox.received] == [
        "/api/office/package", "/api/office/roster", "/api/office/roster", "/api/office/ticket",
    ]  # fmt: skip
    package = exam.office.package("BIO-101")
    inbox.received[0][1].open(DOMAIN_PACKAGE, exam.office.facts().root_key)
    assert [policy.open_roster(document, package).version for _, document in inbox.received[1:3]] == [1, 2]
    policy.open_ticket(inbox.received[3][1], package)


def test_an_older_roster_that_the_server_has_already_is_no_error(exam: Desk, inbox: Inbox) -> None:
    inbox.status, inbox.answer = 409, b'{"code":"roster_old","text":"Version 2 is here already."}'
    exam.run("publish", "--server", inbox.url, "--exam", "BIO-101")
    assert len(inbox.received) == 1


def test_a_refusal_is_passed_on_with_the_servers_own_code(exam: Desk, inbox: Inbox) -> None:
    inbox.status, inbox.answer = 409, b'{"code":"package_foreign","text":"Another institution."}'
    assert exam.refused("publish", "--server", inbox.url) == (12, "package_foreign")


def test_a_refusal_without_a_code_says_the_status(exam: Desk, inbox: Inbox) -> None:
    inbox.status = 403
    assert exam.refused("publish", "--server", inbox.url) == (12, "server_refused")


def test_an_exam_that_is_over_is_left_out(desk: Desk, inbox: Inbox) -> None:
    window = "[window]\nopens = 2020-01-01T00:01:00\n"
    desk.run("package", *desk.package_arguments(CONFIG + window))
    assert desk.refused("publish", "--server", inbox.url) == (1, "exam_unknown")
    desk.run("publish", "--server", inbox.url, "--exam", "BIO-101")
    assert len(inbox.received) == 1


def test_a_redirect_is_not_followed(exam: Desk, inbox: Inbox) -> None:
    inbox.status, inbox.location = 307, f"{inbox.url}/elsewhere"
    assert exam.refused("publish", "--server", inbox.url) == (12, "server_refused")
    assert [path for path, _ in inbox.received] == ["/api/office/package"]


def test_a_server_that_is_not_there_is_said(exam: Desk) -> None:
    with Inbox() as closed:
        url = closed.url
    assert exam.refused("publish", "--server", url) == (12, "server_unreachable")


def test_nothing_goes_over_a_line_that_others_can_read(exam: Desk) -> None:
    assert exam.refused("publish", "--server", "http://exam.invalid") == (2, "address_unsafe")


def test_an_empty_office_has_nothing_to_publish(desk: Desk, inbox: Inbox) -> None:
    assert desk.refused("publish", "--server", inbox.url) == (1, "exam_unknown")
