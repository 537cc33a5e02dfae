"""Fetches the exam package that a start link names. It is believed for its signature, not for where it came from."""

import http.client
from urllib.parse import quote

from candidate_agent.base.errors import ServerError
from candidate_agent.uplink.enrol import exchange
from candidate_agent.uplink.transport import parse_address
from exam_protocol.errors import ProtocolError
from exam_protocol.policy import open_package


def is_package(data: bytes, root: str) -> bool:
    """Whether this is the institution's package, whole; its time is not asked for."""
    try:
        open_package(data, root, 0)
    except ProtocolError:
        return False
    return True


def fetch_package(server_url: str, exam_id: str) -> bytes:
    """Blocks. Raises ServerError `server_unreachable`, `insecure_address`, `exam_unknown`."""
    address = parse_address(server_url)
    try:
        status, body = exchange(address, "GET", f"/api/exams/{quote(exam_id, safe='')}/package", None)
    except (OSError, http.client.HTTPException) as error:
        raise ServerError("server_unreachable", "The exam server cannot be reached. Please try again.") from error
    if status != http.client.OK:
        raise ServerError("exam_unknown", "The exam server does not know this exam. Please check your start link.")
    return body
