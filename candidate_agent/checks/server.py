"""Whether the exam server answers, under the key that the exam package names, and how soon."""

from candidate_agent.base.errors import AgentError
from candidate_agent.checks.base import FAIL, PASS, WARN, Context, row
from exam_protocol.records import CheckRow

SLOW_MS = 1000.0
THRESHOLD = "answers within 1 s under the expected key"


async def measure(context: Context) -> CheckRow:
    try:
        line = await context.line()
    except AgentError as error:
        remedy = f"{error.text} Please check your network connection and try again."
        return row("server", FAIL, error.code, THRESHOLD, remedy)
    except TimeoutError:
        remedy = "The exam server did not answer in time. Please check your network connection and try again."
        return row("server", FAIL, "no answer", THRESHOLD, remedy)
    return judge(line.rtt_ms)


def judge(rtt_ms: float) -> CheckRow:
    value = round(rtt_ms, 1)
    if rtt_ms <= SLOW_MS:
        return row("server", PASS, value, THRESHOLD)
    return row("server", WARN, value, THRESHOLD, "The exam server answers slowly. You can go on.")
