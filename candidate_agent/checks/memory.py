"""How much memory there is, and how much of it is free."""

from candidate_agent.checks.base import PASS, Context, grade, off_loop, row, worst
from exam_protocol.records import CheckRow

GIB = float(1 << 30)
GOOD_TOTAL_GIB, USABLE_TOTAL_GIB = 8.0, 4.0
GOOD_FREE_GIB, USABLE_FREE_GIB = 2.0, 1.0
FIRMWARE_SHARE = 0.93  # a computer sold with 8 GiB reports a little less
THRESHOLD = "8 GiB, 2 of them free"
VALUE = "{total} GiB, {free} free"
ADVICE = {
    "little_free": "Only {free} GiB of memory are free. Please close programs that you do not need.",
    "small": "This computer has {total} GiB of memory. Please close all other programs during the exam.",
}


async def measure(context: Context) -> CheckRow:
    facts = await off_loop(context.platform.system.facts)
    return judge(facts.memory_total_bytes / GIB, facts.memory_free_bytes / GIB)


def judge(total_gib: float, free_gib: float) -> CheckRow:
    size = grade(total_gib, GOOD_TOTAL_GIB * FIRMWARE_SHARE, USABLE_TOTAL_GIB * FIRMWARE_SHARE)
    free = grade(free_gib, GOOD_FREE_GIB, USABLE_FREE_GIB)
    outcome = worst(size, free)
    advice = "little_free" if free != PASS else "small" if size != PASS else ""
    return row("memory", outcome, VALUE, THRESHOLD, advice, total=round(total_gib, 1), free=round(free_gib, 1))
