"""How fast the line takes recordings."""

from candidate_agent.base.errors import AgentError
from candidate_agent.checks.base import Context, grade, row, unmeasured
from exam_protocol.records import CheckRow

GOOD_MBPS, LOW_MBPS, STORE_MBPS = 1.0, 0.19, 0.10
THRESHOLD = "1.0 Mbit/s; 0.19 is usable"


async def measure(context: Context) -> CheckRow:
    try:
        line = await context.line()
    except AgentError as error:
        return unmeasured("network_up", error.text)
    return judge(line.up_bps / 1e6)


def judge(up_mbps: float) -> CheckRow:
    outcome, value = grade(up_mbps, GOOD_MBPS, LOW_MBPS), round(up_mbps, 2)
    if up_mbps >= GOOD_MBPS:
        return row("network_up", outcome, value, THRESHOLD)
    if up_mbps >= STORE_MBPS:
        remedy = "Your line is slow: smaller pictures are recorded. Please pause other downloads, or use a cable."
    else:
        remedy = (
            "Your line is very slow: recordings are kept here and sent later. Please use a cable or another network."
        )
    return row("network_up", outcome, value, THRESHOLD, remedy)
