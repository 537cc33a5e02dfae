"""Whether a microphone is there, not muted, and hears the candidate."""

import asyncio
import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from candidate_agent.checks.base import FAIL, PASS, WARN, Context, absent, off_loop, row
from candidate_agent.platforms.ports import Unsupported
from exam_protocol.records import CheckRow

LISTEN_S, LOOK_INTERVAL_S = 6.0, 0.1
SPEECH_DBFS, QUIET_DBFS = -40.0, -55.0
FULL_SCALE = 32768.0
THRESHOLD = "speech above -40 dBFS"
VALUES = ("no microphone", "muted", "no sound")
ADVICE = {
    "missing": "No microphone was found. Please connect one and try again.",
    "muted": "The microphone is muted. Please switch it on in the sound settings, or by its own key.",
    "flat": "The microphone gives no sound at all. Please choose another one, or check its plug and its switch.",
    "quiet": "You are heard, but quietly. Please move closer, or turn the microphone up, and say a sentence.",
    "nobody": "Nobody was heard. Please say a sentence aloud while this check runs.",
}
Samples = npt.NDArray[np.int16]


async def measure(context: Context) -> CheckRow:
    port = context.platform.microphones
    if isinstance(port, Unsupported):
        return absent("microphone", port)
    microphones = await off_loop(port.microphones)
    if not microphones:
        return row("microphone", FAIL, "no microphone", THRESHOLD, "missing")
    if await off_loop(lambda: port.muted(microphones[0])):
        return row("microphone", FAIL, "muted", THRESHOLD, "muted")
    return judge(await listen(context.sound))


async def listen(sound: Callable[[], Samples | None], listen_s: float = LISTEN_S) -> float:
    """The loudest second in dBFS; returns as soon as somebody speaks. Minus infinity: digital silence or nothing."""
    loop, loudest = asyncio.get_running_loop(), -math.inf
    began = loop.time()
    while loudest <= SPEECH_DBFS and loop.time() - began < listen_s:
        samples = await off_loop(sound)
        if samples is not None and samples.size:
            loudest = max(loudest, level_dbfs(samples))
        await asyncio.sleep(LOOK_INTERVAL_S)
    return loudest


def level_dbfs(samples: Samples) -> float:
    """Root mean square without the constant part, against full scale."""
    wave = samples.astype(np.float64) - samples.mean()
    rms = math.sqrt(float(np.mean(wave * wave))) / FULL_SCALE
    return 20 * math.log10(rms) if rms > 0 else -math.inf


def judge(loudest: float) -> CheckRow:
    if loudest == -math.inf:
        return row("microphone", FAIL, "no sound", THRESHOLD, "flat")
    value = round(loudest, 1)
    if loudest > SPEECH_DBFS:
        return row("microphone", PASS, value, THRESHOLD)
    return row("microphone", WARN, value, THRESHOLD, "quiet" if loudest >= QUIET_DBFS else "nobody")
