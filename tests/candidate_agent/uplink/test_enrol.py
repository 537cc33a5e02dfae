"""Enrolment against a small real HTTP server: what is asked, what is believed, and what each refusal becomes."""

import contextlib
import http.server
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from candidate_agent.base.errors import AgentError, EnrolmentError, PackageError, ServerError
from candidate_agent.uplink import enrol as enrolment
from candidate_agent.uplink.enrol import enrol
from exam_protocol import codec
from exam_protocol.messages import Enrolled, EnrolRequest
from exam_protocol.policy import code_hash
from exam_protocol.signing import DOMAIN_ENROL, DOMAIN_ENROLLED, SignedDocument, SigningKey, sign_document, verify

SERVER, DEVICE = SigningKey.generate(), SigningKey.generate()
CODE, PACKAGE_HASH, WRAP_KEY, SESSION = "abcd-efgh", b"p" * 32, b"w" * 32, b"s" * 16
Answer = Callable[[EnrolRequest], tuple[int, bytes]]
DOCUMENT = SignedDocument(b"{}", bytes(32), bytes(64))


class SmallHttp(http.server.HTTPServer):
    answer: Answer
    paths: list[str]


class Handler(http.server.BaseHTTPRequestHandler):
    server: SmallHttp

    def do_POST(self) -> None:
        self.server.paths.append(self.path)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status, answer = self.server.answer(codec.decode(body, EnrolRequest))
        self.send_response(status)
        if status in (301, 307):
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[SmallHttp]:
    with SmallHttp(("127.0.0.1", 0), Handler) as small:
        small.answer, small.paths = good, []
        thread = threading.Thread(target=small.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield small
        small.shutdown()
        thread.join()


def good(request: EnrolRequest, *, key: SigningKey = SERVER, nonce: bytes = b"") -> tuple[int, bytes]:
    enrolled = Enrolled(nonce or request.nonce, "token", DOCUMENT, DOCUMENT, 1)
    return 200, codec.encode(sign_document(key, DOMAIN_ENROLLED, codec.encode(enrolled)))


async def ask(server: SmallHttp) -> Enrolled:
    return await enrol(
        f"http://127.0.0.1:{server.server_port}", server_key=SERVER.public_key, code=CODE, package_hash=PACKAGE_HASH,
        device=DEVICE, wrap_key=WRAP_KEY, session_id=SESSION,
    )  # fmt: skip


async def test_a_code_is_traded_for_a_token_with_proof_of_the_device_key(server: SmallHttp) -> None:
    requests: list[EnrolRequest] = []

    def answer(request: EnrolRequest) -> tuple[int, bytes]:
        requests.append(request)
        return good(request)

    server.answer = answer
    assert (await ask(server)).token == "token"
    (request,) = requests
    payload = code_hash(CODE) + PACKAGE_HASH + WRAP_KEY + SESSION + request.nonce
    verify(request.device_key, DOMAIN_ENROL, payload, request.proof)
    assert (request.device_key, request.code, len(request.nonce)) == (DEVICE.public_key, "ABCDEFGH", 16)
    assert server.paths == ["/api/enrol"]


def refusal(status: int, code: str) -> Answer:
    return lambda _: (status, codec.encode({"type": "refused", "code": code, "text": "A sentence."}))


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        (refusal(403, "code_used"), EnrolmentError, "code_used"),
        (refusal(403, "code_expired"), EnrolmentError, "code_expired"),
        (refusal(404, "code_unknown"), EnrolmentError, "code_unknown"),
        (refusal(409, "second_agent"), EnrolmentError, "second_agent"),
        (refusal(403, "outside_window"), PackageError, "outside_window"),
        (refusal(400, "version_too_old"), ServerError, "version_too_old"),
        (lambda _: (502, b"<html>bad gateway"), ServerError, "server_unreachable"),
        (lambda _: (307, b""), ServerError, "server_unreachable"),
        (lambda _: (200, b"not json"), ServerError, "server_foreign"),
        (lambda request: good(request, key=SigningKey.generate()), ServerError, "server_foreign"),
        (lambda request: good(request, nonce=b"another requests"), ServerError, "server_foreign"),
        (lambda _: (200, b" " * (2 << 20)), ServerError, "server_foreign"),
    ],
)
async def test_each_answer_that_is_no_admission_has_its_code(
    server: SmallHttp, answer: Answer, kind: type[AgentError], code: str
) -> None:
    server.answer = answer
    with pytest.raises(kind) as caught:
        await ask(server)
    assert caught.value.code == code
    assert server.paths == ["/api/enrol"]


async def test_a_server_that_is_not_there_is_unreachable(server: SmallHttp) -> None:
    server.server_port = 1
    with pytest.raises(ServerError) as caught:
        await ask(server)
    assert caught.value.code == "server_unreachable"


async def test_an_answer_that_is_late_is_still_an_answer(server: SmallHttp) -> None:
    def answer(request: EnrolRequest) -> tuple[int, bytes]:
        threading.Event().wait(1.0)
        return good(request)

    server.answer = answer
    assert (await ask(server)).token == "token"


@pytest.fixture
def lazy() -> Iterator[tuple[str, list[bytes]]]:
    """A server that takes each request and answers a byte at a time, or with an empty list nothing at all."""
    said: list[bytes] = []
    ended = threading.Event()

    def serve(listener: socket.socket) -> None:
        while not ended.is_set():
            try:
                line, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=drip, args=(line,), daemon=True).start()

    def drip(line: socket.socket) -> None:
        with line, contextlib.suppress(OSError):
            while not ended.wait(0.05):
                line.sendall(said[0] if said else b"")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", said
        ended.set()
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.mark.parametrize("said", [[], [b"H"], [b"HTTP/1.1 200 OK\r\nX: 1\r\n"]], ids=["nothing", "bytes", "headers"])
async def test_a_server_that_never_answers_to_the_end_is_given_up(
    lazy: tuple[str, list[bytes]], said: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enrolment, "WHOLE_S", 0.5)
    url, drips = lazy
    drips += said
    with pytest.raises(ServerError) as failure:
        await enrol(
            url, server_key=SERVER.public_key, code=CODE, package_hash=PACKAGE_HASH, device=DEVICE, wrap_key=WRAP_KEY,
            session_id=SESSION,
        )  # fmt: skip
    assert failure.value.code == "server_unreachable"


async def test_who_lost_the_answer_asks_again_for_the_same_session_and_an_old_answer_is_not_taken(
    server: SmallHttp,
) -> None:
    requests: list[EnrolRequest] = []

    def old(request: EnrolRequest) -> tuple[int, bytes]:
        requests.append(request)
        return good(request, nonce=requests[0].nonce)

    server.answer = old
    await ask(server)
    with pytest.raises(ServerError) as failure:
        await ask(server)
    assert failure.value.code == "server_foreign"
    assert requests[0].session_id == requests[1].session_id and requests[0].nonce != requests[1].nonce
