"""Measures the line before the exam on the control lane: round trips by Ping, upload by Probe, download by ProbeWanted.

Used by `sender`. What is sent is chance, which nothing on the way can compress. `glance` is a short look during the
exam, on the media lane, while that carries nothing.
"""

import asyncio
import itertools
import secrets
import statistics
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from candidate_agent.base.clock import Clock
from exam_protocol import messages as m

PINGS = 5
PROBES_IN_FLIGHT = 8
UP_S, DOWN_S = 2.5, 2.0
PROBE_LIMIT_BYTES = 2 << 20
GLANCE_PROBES, GLANCE_S = 4, 6.0  # 64 KiB: enough for a line with a long delay to show what it takes
ANSWER_S = 6.0
DOWN_ANSWER_S = 2.5  # less patience: a server of an older version does not answer at all

Question = m.Ping | m.Probe | m.ProbeWanted
Ask = Callable[[Callable[[int], Question]], Awaitable[m.Pong | m.Probe]]


@dataclass(frozen=True, slots=True)
class LineFigures:
    """`skew_ms`: the server's clock minus ours. `down_bps` None: the server does not send for a measurement."""

    up_bps: float
    down_bps: float | None
    rtt_ms: float
    jitter_ms: float
    skew_ms: float


async def measure(ask: Ask, clock: Clock) -> LineFigures:
    """Takes about five seconds. Raises TimeoutError where no Pong comes."""
    rtts_ms, skews_ms = [], []
    for _ in range(PINGS):
        began_us = clock.monotonic_us()
        async with asyncio.timeout(ANSWER_S):
            pong = await ask(m.Ping)
        rtts_ms.append((clock.monotonic_us() - began_us) / 1000)
        skews_ms.append(_server_ms(pong) - clock.wall_ms() + rtts_ms[-1] / 2)
    jitter_ms = statistics.fmean(abs(b - a) for a, b in itertools.pairwise(rtts_ms))
    best = rtts_ms.index(min(rtts_ms))
    up_bps = await _bps(ask, clock, _upload, UP_S, ANSWER_S)
    down_bps = await _bps(ask, clock, _download, DOWN_S, DOWN_ANSWER_S)
    return LineFigures(up_bps, down_bps or None, statistics.median(rtts_ms), jitter_ms, skews_ms[best])


async def glance(ask: Ask, clock: Clock) -> float:
    """Bits a second, of what was answered within six seconds."""
    began_us = last_us = clock.monotonic_us()
    answered_bytes = 0

    async def probe() -> None:
        nonlocal answered_bytes, last_us
        await ask(_upload)
        answered_bytes, last_us = answered_bytes + m.PROBE_CHARACTERS, clock.monotonic_us()

    try:
        async with asyncio.timeout(GLANCE_S), asyncio.TaskGroup() as group:
            for _ in range(GLANCE_PROBES):
                group.create_task(probe())
    except TimeoutError:
        last_us = clock.monotonic_us()
    return answered_bytes * 8e6 / max(1, last_us - began_us)


def _server_ms(answer: m.Pong | m.Probe) -> int:
    """Only a Pong answers a Ping; a server that sends something else has no clock."""
    return answer.server_time_ms if isinstance(answer, m.Pong) else 0


def _upload(number: int) -> Question:
    return m.Probe(number, secrets.token_hex(m.PROBE_CHARACTERS // 2))


def _download(number: int) -> Question:
    return m.ProbeWanted(number, m.PROBE_CHARACTERS)


async def _bps(ask: Ask, clock: Clock, question: Callable[[int], Question], asking_s: float, answer_s: float) -> float:
    """What was answered, in the time until the last answer."""
    began_us = last_us = clock.monotonic_us()
    answered_bytes = asked_bytes = 0

    async def probe_on() -> None:
        nonlocal answered_bytes, asked_bytes, last_us
        while asked_bytes < PROBE_LIMIT_BYTES and clock.monotonic_us() - began_us < asking_s * 1e6:
            asked_bytes += m.PROBE_CHARACTERS
            await ask(question)
            answered_bytes += m.PROBE_CHARACTERS
            last_us = clock.monotonic_us()

    try:
        async with asyncio.timeout(answer_s), asyncio.TaskGroup() as group:
            for _ in range(PROBES_IN_FLIGHT):
                group.create_task(probe_on())
    except TimeoutError:
        last_us = clock.monotonic_us()
    return answered_bytes * 8e6 / max(1, last_us - began_us)
