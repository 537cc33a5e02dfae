"""How long a word to the server and back takes, and how evenly. Warns only: nobody can help a long way."""

from candidate_agent.base.errors import AgentError
from candidate_agent.checks.base import PASS, WARN, Context, refused, row
from exam_protocol.records import CheckRow

GOOD_RTT_MS, GOOD_JITTER_MS = 150.0, 30.0
USABLE_RTT_MS, USABLE_JITTER_MS = 400.0, 60.0
THRESHOLD = "less than 150 ms, varying by less than 30 ms"
ADVICE = {
    "a_little": "Your line answers a little late. Nothing is lost by that.",
    "late": "Your line answers late or unevenly. A cable, or a place nearer to the router, helps.",
}


async def measure(context: Context) -> CheckRow:
    try:
        line = await context.line()
    except AgentError as error:
        return refused("delay", error)
    return judge(line.rtt_ms, line.jitter_ms)


def judge(rtt_ms: float, jitter_ms: float) -> CheckRow:
    value = round(rtt_ms, 1)
    if rtt_ms < GOOD_RTT_MS and jitter_ms < GOOD_JITTER_MS:
        return row("delay", PASS, value, THRESHOLD)
    if rtt_ms < USABLE_RTT_MS and jitter_ms < USABLE_JITTER_MS:
        return row("delay", WARN, value, THRESHOLD, "a_little")
    return row("delay", WARN, value, THRESHOLD, "late")
