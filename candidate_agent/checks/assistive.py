"""Programs that help people to see, hear or type. Only how many are told, never which: that would say something of a
person's health. Nobody is kept out, and nobody is asked to close one.
"""

from candidate_agent.checks.base import PASS, PERSON, Context, absent, off_loop, row
from candidate_agent.platforms.ports import Unsupported
from exam_protocol.records import CheckRow

THRESHOLD = "none, or agreed with the exam office"
ADVICE = {
    "undeclared": (
        "A program that helps people to see, hear or type is running. Please leave it on if you need it. A proctor "
        "will ask whether it was agreed with the exam office."
    ),
}


async def measure(context: Context) -> CheckRow:
    port = context.platform.processes
    if isinstance(port, Unsupported):
        return absent("assistive", port)
    running, undeclared = await off_loop(context.assistive)
    return judge(running, undeclared)


def judge(running: int, undeclared: int) -> CheckRow:
    if undeclared:
        return row("assistive", PERSON, float(running), THRESHOLD, "undeclared")
    return row("assistive", PASS, float(running), THRESHOLD)
