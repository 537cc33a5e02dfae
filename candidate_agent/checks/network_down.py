"""How fast the line brings what the exam page needs."""

from candidate_agent.base.errors import AgentError
from candidate_agent.checks.base import UNMEASURED, Context, grade, refused, row
from exam_protocol.records import CheckRow

GOOD_MBPS, USABLE_MBPS = 1.0, 0.25
THRESHOLD = "1.0 Mbit/s; 0.25 is usable"
ADVICE = {
    "slow": "Pages come slowly over your line. Please pause other downloads, or use a cable. You can go on.",
    "very_slow": "Pages come very slowly over your line. Please use a cable or another network.",
    "not_told": "This exam server does not send anything for a measurement.",
}


async def measure(context: Context) -> CheckRow:
    try:
        line = await context.line()
    except AgentError as error:
        return refused("network_down", error)
    if line.down_bps is None:
        return row("network_down", UNMEASURED, None, "", "not_told")
    return judge(line.down_bps / 1e6)


def judge(down_mbps: float) -> CheckRow:
    outcome = grade(down_mbps, GOOD_MBPS, USABLE_MBPS)
    advice = "" if down_mbps >= GOOD_MBPS else "slow" if down_mbps >= USABLE_MBPS else "very_slow"
    return row("network_down", outcome, round(down_mbps, 2), THRESHOLD, advice)
