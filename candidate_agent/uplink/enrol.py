"""Trades a launch code for a session: one HTTPS request, answered under the key that the exam package names.

Called once by `driver`. The answer is believed because the server's key signed it over our nonce, not because of TLS.
"""

import asyncio
import contextlib
import http.client
import os
import socket
import threading
from collections.abc import Callable

import msgspec

from candidate_agent.base.errors import AgentError, EnrolmentError, PackageError, ServerError
from candidate_agent.uplink.transport import Address, parse_address, tls
from exam_protocol import codec, version
from exam_protocol.errors import ProtocolError
from exam_protocol.messages import Enrolled, EnrolRequest
from exam_protocol.policy import code_hash, normal_code
from exam_protocol.signing import DOMAIN_ENROL, DOMAIN_ENROLLED, SignedDocument, Signer

ENROL_PATH = "/api/enrol"
TIMEOUT_S = 15
WHOLE_S = 20.0  # for all of an answer: one that comes byte by byte is none
ENROLMENT_CODES = frozenset({"code_used", "code_expired", "code_unknown", "second_agent"})
PACKAGE_CODES = frozenset({"package_damaged", "package_foreign", "package_expired", "outside_window"})


class Refusal(msgspec.Struct, frozen=True):
    """Body of an answer that is not 200."""

    code: str
    text: str


def enrol_payload(code: str, package_hash: bytes, wrap_key: bytes, session_id: bytes, nonce: bytes) -> bytes:
    return code_hash(code) + package_hash + wrap_key + session_id + nonce


async def enrol(
    server_url: str, *, server_key: bytes, code: str, package_hash: bytes, device: Signer, wrap_key: bytes,
    session_id: bytes, random_bytes: Callable[[int], bytes] = os.urandom,
) -> Enrolled:  # fmt: skip
    """Raises EnrolmentError (code_used, code_expired, code_unknown, second_agent), PackageError (package_foreign,
    outside_window ...) and ServerError (insecure_address, server_unreachable, server_foreign, version_too_old,
    version_too_new, or what else the server said)."""
    address = parse_address(server_url)
    nonce = random_bytes(16)
    proof = device.sign(DOMAIN_ENROL, enrol_payload(code, package_hash, wrap_key, session_id, nonce))
    request = EnrolRequest(
        normal_code(code), package_hash, device.public_key, wrap_key, session_id, nonce, proof,
        version.PROTOCOL_MIN, version.PROTOCOL_MAX,
    )  # fmt: skip
    try:
        status, body = await asyncio.to_thread(exchange, address, "POST", ENROL_PATH, codec.encode(request))
    except (OSError, http.client.HTTPException) as error:
        raise ServerError("server_unreachable", "The exam server cannot be reached.") from error
    if status != http.client.OK:
        raise _refused(status, body)
    return _answer(body, server_key, nonce)


def exchange(address: Address, method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
    """No redirects, no cookies, no proxy: one request, one answer, limited in size and time."""
    context = tls(address)
    if context is None:
        connection = http.client.HTTPConnection(address.host, address.port, timeout=TIMEOUT_S)
    else:
        connection = http.client.HTTPSConnection(address.host, address.port, timeout=TIMEOUT_S, context=context)
    given_up = threading.Event()
    ending = threading.Timer(WHOLE_S, _give_up, (connection, given_up))
    ending.daemon = True
    ending.start()
    try:
        connection.request(method, address.path + path, body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        answer = response.status, response.read(codec.MAX_TEXT_BYTES + 1)
        if given_up.is_set():
            raise TimeoutError("The answer did not come to its end.")
        return answer
    finally:
        ending.cancel()
        connection.close()


def _give_up(connection: http.client.HTTPConnection, given_up: threading.Event) -> None:
    """Whoever reads from it hears of its end."""
    given_up.set()
    line = connection.sock
    if line is not None:
        with contextlib.suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)


def _refused(status: int, body: bytes) -> AgentError:
    try:
        refusal: Refusal = codec.decode(body, Refusal)
    except ProtocolError:
        return ServerError("server_unreachable", f"The exam server cannot be used just now (HTTP {status}).")
    if refusal.code in ENROLMENT_CODES:
        return EnrolmentError(refusal.code, refusal.text)
    if refusal.code in PACKAGE_CODES:
        return PackageError(refusal.code, refusal.text)
    return ServerError(refusal.code, refusal.text)


def _answer(body: bytes, server_key: bytes, nonce: bytes) -> Enrolled:
    try:
        document: SignedDocument = codec.decode(body, SignedDocument)
        enrolled: Enrolled = codec.decode(document.open(DOMAIN_ENROLLED, server_key), Enrolled)
    except ProtocolError as error:
        raise ServerError("server_foreign", "This is not the server that your institution named.") from error
    if enrolled.nonce != nonce:
        raise ServerError("server_foreign", "The server's answer belongs to another request.")
    return enrolled
