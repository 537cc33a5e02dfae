"""Measures the line before the exam: round trips by Ping, upload by Probe, on the control lane. Used by `sender`."""

import asyncio
import itertools
import secrets
import statistics
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from candidate_agent.base.clock import Clock
from exam_protocol import messages as m

PINGS = 5
PROBE_CHARACTERS = 16 << 10
PROBES_IN_FLIGHT = 8
PROBE_S = 2.5
PROBE_LIMIT_BYTES = 2 << 20
ANSWER_S = 6.0

Ask = Callable[[Callable[[int], m.Ping | m.Probe]], Awaitable[m.Pong]]


@dataclass(frozen=True, slots=True)
class LineFigures:
    """`skew_ms`: the server's clock minus ours."""

    up_bps: float
    rtt_ms: float
    jitter_ms: float
    skew_ms: float


async def measure(ask: Ask, clock: Clock) -> LineFigures:
    """Takes about three seconds. Raises TimeoutError where no Pong comes."""
    rtts_ms, skews_ms = [], []
    for _ in range(PINGS):
        began_us = clock.monotonic_us()
        async with asyncio.timeout(ANSWER_S):
            pong = await ask(m.Ping)
        rtts_ms.append((clock.monotonic_us() - began_us) / 1000)
        skews_ms.append(pong.server_time_ms - clock.wall_ms() + rtts_ms[-1] / 2)
    jitter_ms = statistics.fmean(abs(b - a) for a, b in itertools.pairwise(rtts_ms))
    best = rtts_ms.index(min(rtts_ms))
    return LineFigures(await _upload_bps(ask, clock), statistics.median(rtts_ms), jitter_ms, skews_ms[best])


async def _upload_bps(ask: Ask, clock: Clock) -> float:
    """What was answered, in the time until the last answer."""
    began_us = last_us = clock.monotonic_us()
    answered_bytes = sent_bytes = 0

    async def probe_on() -> None:
        nonlocal answered_bytes, sent_bytes, last_us
        while sent_bytes < PROBE_LIMIT_BYTES and clock.monotonic_us() - began_us < PROBE_S * 1e6:
            data = secrets.token_hex(PROBE_CHARACTERS // 2)
            sent_bytes += PROBE_CHARACTERS
            await ask(lambda number, data=data: m.Probe(number, data))  # type: ignore[misc]  # bound here, not late
            answered_bytes += PROBE_CHARACTERS
            last_us = clock.monotonic_us()

    try:
        async with asyncio.timeout(ANSWER_S), asyncio.TaskGroup() as group:
            for _ in range(PROBES_IN_FLIGHT):
                group.create_task(probe_on())
    except TimeoutError:
        last_us = clock.monotonic_us()
    return answered_bytes * 8e6 / max(1, last_us - began_us)
