"""Whether the exam server answers, under the key that the exam package names, and how soon."""

from candidate_agent.base.errors import AgentError
from candidate_agent.checks.base import FAIL, PASS, WARN, Context, row
from exam_protocol.records import CheckRow

SLOW_MS = 1000.0
THRESHOLD = "answers within 1 s and shows that it is the right one"
VALUES = ("no answer", "not reached")
ADVICE = {
    "no_answer": "The exam server did not answer in time.",
    "slow": "The exam server answers slowly. You can go on.",
}


async def measure(context: Context) -> CheckRow:
    try:
        line = await context.line()
    except AgentError as error:
        return row(
            "server", FAIL, "not reached", THRESHOLD, f"problem.{error.code}.what any.network", reason=error.text
        )
    except TimeoutError:
        return row("server", FAIL, "no answer", THRESHOLD, "no_answer any.network")
    return judge(line.rtt_ms)


def judge(rtt_ms: float) -> CheckRow:
    value = round(rtt_ms, 1)
    if rtt_ms <= SLOW_MS:
        return row("server", PASS, value, THRESHOLD)
    return row("server", WARN, value, THRESHOLD, "slow")
