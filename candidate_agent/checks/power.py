"""Whether the computer will last for the exam."""

from candidate_agent.checks.base import PASS, WARN, Context, off_loop, row
from exam_protocol.records import CheckRow

RESERVE_MINUTES = 30


async def measure(context: Context) -> CheckRow:
    facts = await off_loop(context.platform.system.facts)
    return judge(facts.on_mains, facts.battery_minutes, context.policy.duration_s / 60)


def judge(on_mains: bool | None, battery_minutes: float | None, exam_minutes: float) -> CheckRow:
    needed = exam_minutes + RESERVE_MINUTES
    threshold = f"mains, or {needed:.0f} minutes of battery"
    if on_mains is None:
        return row("power", PASS, "no battery", threshold)
    if on_mains:
        return row("power", PASS, "mains", threshold)
    value = "battery" if battery_minutes is None else f"battery, {battery_minutes:.0f} minutes"
    if battery_minutes is not None and battery_minutes >= needed:
        return row("power", PASS, value, threshold)
    return row("power", WARN, value, threshold, "Please connect the computer to the mains.")
