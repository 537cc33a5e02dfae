"""How fast the line takes recordings."""

from candidate_agent.base.errors import AgentError
from candidate_agent.checks.base import UNMEASURED, Context, grade, refused, row
from exam_protocol.records import CheckRow

GOOD_MBPS, LOW_MBPS, STORE_MBPS = 1.0, 0.19, 0.10
THRESHOLD = "1.0 Mbit/s; 0.19 is usable"
ADVICE = {
    "slow": "Your line is slow: smaller pictures are recorded. Please pause other downloads, or use a cable.",
    "very_slow": (
        "Your line is very slow: recordings are kept here and sent later. Please use a cable or another network."
    ),
}


async def measure(context: Context) -> CheckRow:
    try:
        line = await context.line()
    except AgentError as error:
        return refused("network_up", error)
    if line.up_bps is None:
        return row("network_up", UNMEASURED, None, "", "any.no_session")
    return judge(line.up_bps / 1e6)


def judge(up_mbps: float) -> CheckRow:
    outcome, value = grade(up_mbps, GOOD_MBPS, LOW_MBPS), round(up_mbps, 2)
    if up_mbps >= GOOD_MBPS:
        return row("network_up", outcome, value, THRESHOLD)
    return row("network_up", outcome, value, THRESHOLD, "slow" if up_mbps >= STORE_MBPS else "very_slow")
