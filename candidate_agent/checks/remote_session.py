"""Whether somebody could see or control this desktop from elsewhere."""

from candidate_agent.checks.base import FAIL, PASS, Context, off_loop, row
from exam_protocol.records import CheckRow

THRESHOLD = "none"
ADVICE = {"shared": "This desktop may be shared ({signs}). Please end remote sessions and screen sharing."}


async def measure(context: Context) -> CheckRow:
    return judge((await off_loop(context.platform.system.facts)).remote_signals)


def judge(signals: tuple[str, ...]) -> CheckRow:
    if not signals:
        return row("remote_session", PASS, 0.0, THRESHOLD)
    return row("remote_session", FAIL, float(len(signals)), THRESHOLD, "shared", signs=signals)
