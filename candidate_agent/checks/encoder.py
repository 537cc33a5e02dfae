"""Whether this computer records as fast as things happen: the real encoders at the exam's profile, for a second."""

from candidate_agent.checks.base import UNMEASURED, Context, grade, off_loop, row
from exam_protocol.records import CheckRow

GOOD_TIMES, USABLE_TIMES = 1.5, 1.0
THRESHOLD = "1.5 times as fast as real time"
ADVICE = {
    "just": "This computer records just fast enough. Please close other programs during the exam.",
    "slow": "This computer records too slowly: smaller and fewer pictures are taken. Please close other programs.",
    "not_here": "There is nothing here that records.",
}


async def measure(context: Context) -> CheckRow:
    if context.encoder is None:
        return row("encoder", UNMEASURED, None, "", "not_here")
    return judge(await off_loop(context.encoder))


def judge(times: float) -> CheckRow:
    outcome = grade(times, GOOD_TIMES, USABLE_TIMES)
    advice = "" if times >= GOOD_TIMES else "just" if times >= USABLE_TIMES else "slow"
    return row("encoder", outcome, round(times, 1), THRESHOLD, advice)
