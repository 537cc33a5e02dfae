"""Whether the exam can be taken now: this computer's time against the exam's window, both from the signed package."""

from candidate_agent.checks.base import FAIL, PASS, UNMEASURED, WARN, Context, row
from exam_protocol.records import CheckRow

THRESHOLD = "between opening and closing"
VALUES = ("open", "closed")
VALUE = "opens in {minutes} minutes"
ADVICE = {
    "early": "Your exam opens in {minutes} minutes. You can finish everything else now.",
    "closed": "This exam is closed. Please ask your exam office.",
    "no_exam": "No exam is open in this program, so there is no time to compare with.",
}


async def measure(context: Context) -> CheckRow:
    if context.window is None:
        return row("window", UNMEASURED, None, "", "no_exam")
    return judge(*context.window, context.wall_ms())


def judge(opens_ms: int, closes_ms: int, now_ms: int) -> CheckRow:
    if now_ms < opens_ms:
        return row("window", WARN, VALUE, THRESHOLD, "early", minutes=-(-(opens_ms - now_ms) // 60_000))
    if now_ms > closes_ms:
        return row("window", FAIL, "closed", THRESHOLD, "closed")
    return row("window", PASS, "open", THRESHOLD)
