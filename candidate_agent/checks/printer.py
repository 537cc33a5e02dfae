"""Whether there is a printer, for the exams that need paper."""

from candidate_agent.checks.base import FAIL, PASS, UNMEASURED, Context, off_loop, row
from exam_protocol.records import CheckRow

THRESHOLD = "a printer, where the exam asks for one"
VALUES = ("not asked for",)
ADVICE = {
    "none": "This exam needs a printer, and none was found. Please connect one, then check again.",
    "not_told": "This computer does not tell its printers. Please print a page to be sure.",
}


async def measure(context: Context) -> CheckRow:
    if not context.policy.printer:
        return row("printer", PASS, "not asked for", THRESHOLD)
    return judge(await off_loop(context.platform.system.printers))


def judge(printers: int | None) -> CheckRow:
    if printers is None:
        return row("printer", UNMEASURED, None, "", "not_told")
    if printers == 0:
        return row("printer", FAIL, 0.0, THRESHOLD, "none")
    return row("printer", PASS, float(printers), THRESHOLD)
