"""How loud it is where the candidate sits, between their words. Warns only: nobody can help their neighbours.

The quietest fifth of what is heard in a few seconds is taken for the room: people who speak pause for breath.
"""

import asyncio
import math
from collections.abc import Callable

import numpy as np

from candidate_agent.checks.base import PASS, UNMEASURED, WARN, Context, absent, off_loop, row
from candidate_agent.checks.microphone import Samples, level_dbfs
from candidate_agent.platforms.ports import Unsupported
from exam_protocol.records import CheckRow

LISTEN_S, LOOK_INTERVAL_S = 4.0, 0.5
BLOCK = 4_800  # samples: a tenth of a second
QUIET_SHARE = 20  # per cent of the blocks
GOOD_DBFS, LOUD_DBFS = -45.0, -30.0
FLOOR_DBFS = -96.0  # digital silence between words: a microphone that gates its noise away
THRESHOLD = "quieter than -45 dBFS"
ADVICE = {
    "some": "There is some noise around you. A closed window or door helps.",
    "loud": "It is loud around you. Please find a quieter place if you can, or close windows and doors. You can go on.",
}


async def measure(context: Context) -> CheckRow:
    port = context.platform.microphones
    if isinstance(port, Unsupported):
        return absent("noise", port)
    level = await listen(context.sound, LISTEN_S)
    return row("noise", UNMEASURED, None, "", "any.no_sound") if level is None else judge(level)


async def listen(sound: Callable[[], Samples | None], listen_s: float) -> float | None:
    """In dBFS; None where there is no sound or nothing but digital silence."""
    loop, levels = asyncio.get_running_loop(), list[float]()
    began = loop.time()
    while loop.time() - began < listen_s:
        await asyncio.sleep(LOOK_INTERVAL_S)
        samples = await off_loop(sound)
        if samples is not None:
            levels += blocks_dbfs(samples)
    heard = [level for level in levels if level > -math.inf]
    return float(np.percentile([max(level, FLOOR_DBFS) for level in levels], QUIET_SHARE)) if heard else None


def blocks_dbfs(samples: Samples) -> list[float]:
    return [level_dbfs(samples[at : at + BLOCK]) for at in range(0, samples.size - BLOCK + 1, BLOCK)]


def judge(level: float) -> CheckRow:
    advice = "" if level < GOOD_DBFS else "some" if level <= LOUD_DBFS else "loud"
    return row("noise", WARN if advice else PASS, round(level, 1), THRESHOLD, advice)
