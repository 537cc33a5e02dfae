"""Whether the computer will last for the exam."""

from candidate_agent.checks.base import PASS, WARN, Context, off_loop, row
from exam_protocol.records import CheckRow

RESERVE_MINUTES = 30
THRESHOLD = "mains, or {needed} minutes of battery"
VALUE = "battery, {minutes} minutes"
VALUES = ("mains", "battery", "no battery")
ADVICE = {"connect": "Please connect the computer to the mains."}


async def measure(context: Context) -> CheckRow:
    facts = await off_loop(context.platform.system.facts)
    return judge(facts.on_mains, facts.battery_minutes, context.policy.duration_s / 60)


def judge(on_mains: bool | None, battery_minutes: float | None, exam_minutes: float) -> CheckRow:
    needed, minutes = round(exam_minutes + RESERVE_MINUTES), round(battery_minutes or 0)
    if on_mains is not False:
        return row("power", PASS, "mains" if on_mains else "no battery", THRESHOLD, needed=needed)
    value = "battery" if battery_minutes is None else VALUE
    if battery_minutes is not None and battery_minutes >= needed:
        return row("power", PASS, value, THRESHOLD, needed=needed, minutes=minutes)
    return row("power", WARN, value, THRESHOLD, "connect", needed=needed, minutes=minutes)
