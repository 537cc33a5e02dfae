"""Asks an exam server that knows nothing of us: how long an answer takes, and what time it is there. One connection.

For `candidate-agent check`. What the line carries is measured within a session only (`line`).
"""

import http.client
import itertools
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from candidate_agent.base.clock import Clock
from candidate_agent.base.errors import ServerError
from candidate_agent.uplink.transport import Address, tls

QUESTIONS = 5
ANSWER_S = 5.0
HEALTH_PATH = "/healthz"
LIMIT_BYTES = 1 << 16
HALF_A_SECOND_MS = 500  # the server tells its time in whole seconds


@dataclass(frozen=True, slots=True)
class Reached:
    """`skew_ms`: the server's clock minus ours, to half a second; `file`: the small file that came."""

    rtt_ms: float
    jitter_ms: float
    skew_ms: float
    file: bytes
    up_bps: float | None = None
    down_bps: float | None = None


def reach(address: Address, clock: Clock) -> Reached:
    """Blocks, at most a few seconds. Raises ServerError `server_unreachable`."""
    context = tls(address)
    connection = (
        http.client.HTTPConnection(address.host, address.port, timeout=ANSWER_S)
        if context is None
        else http.client.HTTPSConnection(address.host, address.port, timeout=ANSWER_S, context=context)
    )
    try:
        connection.connect()
        return _asked(lambda: _ask(connection, address.path, clock))
    except (OSError, http.client.HTTPException) as error:
        raise ServerError("server_unreachable", "The exam server cannot be reached.") from error
    finally:
        connection.close()


def _asked(ask: Callable[[], tuple[float, float, bytes]]) -> Reached:
    answers = [ask() for _ in range(QUESTIONS)]
    rtts_ms = [rtt_ms for rtt_ms, _, _ in answers]
    jitter_ms = statistics.fmean(abs(b - a) for a, b in itertools.pairwise(rtts_ms))
    _, skew_ms, file = min(answers)
    return Reached(statistics.median(rtts_ms), jitter_ms, skew_ms, file)


def _ask(connection: http.client.HTTPConnection, path: str, clock: Clock) -> tuple[float, float, bytes]:
    """Milliseconds there and back, skew, body. Every answer counts: a server without this page is a server."""
    began_us = clock.monotonic_us()
    connection.request("GET", path + HEALTH_PATH)
    response = connection.getresponse()
    body = response.read(LIMIT_BYTES)
    rtt_ms = (clock.monotonic_us() - began_us) / 1000
    return rtt_ms, _skew_ms(response.headers.get("Date"), clock.wall_ms() - rtt_ms / 2), body


def _skew_ms(date: str | None, now_ms: float) -> float:
    """Nothing where the server does not tell its time."""
    try:
        told_ms = parsedate_to_datetime(date or "").timestamp() * 1000
    except ValueError:
        return 0.0
    return told_ms + HALF_A_SECOND_MS - now_ms
