"""How far this computer's clock is from the server's."""

from candidate_agent.base.errors import AgentError
from candidate_agent.checks.base import FAIL, PASS, WARN, Context, refused, row
from exam_protocol.records import CheckRow

GOOD_S, USABLE_S = 2.0, 60.0
THRESHOLD = "less than 2 s from the server's clock"
ADVICE = {
    "slow": "Your clock is {away} s slow. Please switch on “set time automatically” in the date settings.",
    "fast": "Your clock is {away} s fast. Please switch on “set time automatically” in the date settings.",
}


async def measure(context: Context) -> CheckRow:
    try:
        line = await context.line()
    except AgentError as error:
        return refused("clock", error)
    return judge(line.skew_ms / 1000)


def judge(skew_s: float) -> CheckRow:
    """`skew_s`: the server's clock minus ours."""
    value, away_s = round(skew_s, 2), abs(skew_s)
    if away_s < GOOD_S:
        return row("clock", PASS, value, THRESHOLD)
    side = "slow" if skew_s > 0 else "fast"
    return row("clock", WARN if away_s <= USABLE_S else FAIL, value, THRESHOLD, side, away=round(away_s))
