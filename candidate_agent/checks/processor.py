"""How many cores, and how busy they are before the exam."""

import asyncio
import statistics

from candidate_agent.checks.base import FAIL, PASS, WARN, Context, grade, off_loop, row, worst
from exam_protocol.records import CheckRow

LOOKS, PAUSE_S = 4, 0.6  # of 0.2 s each: about three seconds
GOOD_CORES, USABLE_CORES = 4, 2
GOOD_LOAD_PERCENT, USABLE_LOAD_PERCENT = 50.0, 85.0
THRESHOLD = "4 cores, less than 50 % busy"
VALUE = "cores: {cores}; busy: {busy} %"
ADVICE = {
    "busy": "The processor is {busy} % busy. Please close programs that you do not need.",
    "few_cores": "This computer may feel slow. Its processor's cores: {cores}. Please close all other programs.",
}


async def measure(context: Context) -> CheckRow:
    """The mean over some seconds: one look meets whatever happens to run just then."""
    loads = []
    for _ in range(LOOKS):
        facts = await off_loop(context.platform.system.facts)
        loads.append(facts.load_percent)
        await asyncio.sleep(PAUSE_S)
    return judge(facts.cores, statistics.fmean(loads))


def judge(cores: int, load_percent: float) -> CheckRow:
    busy = PASS if load_percent < GOOD_LOAD_PERCENT else WARN if load_percent <= USABLE_LOAD_PERCENT else FAIL
    outcome = worst(grade(cores, GOOD_CORES, USABLE_CORES), busy)
    advice = "busy" if busy != PASS else "few_cores" if outcome != PASS else ""
    return row("processor", outcome, VALUE, THRESHOLD, advice, cores=cores, busy=round(load_percent))
