"""How many cores, and how busy they are before the exam."""

from candidate_agent.checks.base import FAIL, PASS, WARN, Context, grade, off_loop, row, worst
from exam_protocol.records import CheckRow

GOOD_CORES, USABLE_CORES = 4, 2
GOOD_LOAD_PERCENT, USABLE_LOAD_PERCENT = 50.0, 85.0
THRESHOLD = "4 cores, less than 50 % busy"


async def measure(context: Context) -> CheckRow:
    facts = await off_loop(context.platform.system.facts)
    return judge(facts.cores, facts.load_percent)


def judge(cores: int, load_percent: float) -> CheckRow:
    busy = PASS if load_percent < GOOD_LOAD_PERCENT else WARN if load_percent <= USABLE_LOAD_PERCENT else FAIL
    outcome = worst(grade(cores, GOOD_CORES, USABLE_CORES), busy)
    remedy = ""
    if busy != PASS:
        remedy = f"The processor is {load_percent:.0f} % busy. Please close programs that you do not need."
    elif outcome != PASS:
        remedy = f"This computer has {cores} core(s): it may feel slow. Please close all other programs."
    return row("processor", outcome, float(cores), THRESHOLD, remedy)
