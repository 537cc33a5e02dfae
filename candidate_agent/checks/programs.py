"""Whether programs of the published list run. Only matches are looked at; nothing else leaves this function."""

from candidate_agent.checks.base import PASS, WARN, Context, off_loop, row, unmeasured
from candidate_agent.platforms.ports import Process, Unsupported
from exam_protocol.records import CheckRow

THRESHOLD = "none of the published list"


async def measure(context: Context) -> CheckRow:
    port = context.platform.processes
    if isinstance(port, Unsupported):
        return unmeasured("programs", port.reason)
    return judge(matches(await off_loop(port.processes), context))


def matches(processes: tuple[Process, ...], context: Context) -> tuple[str, ...]:
    """Names of running programs that this exam does not allow, each once."""
    allowed = {name.lower() for name in (*context.policy.allowed_programs, *context.allowed_programs)}
    blocked = frozenset(context.policy.blocked_categories)
    return tuple(sorted({
        process.names[0]
        for process in processes
        if process.names and not allowed.intersection(process.names) and context.category_of(process.names) in blocked
    }))  # fmt: skip


def judge(names: tuple[str, ...]) -> CheckRow:
    if not names:
        return row("programs", PASS, 0.0, THRESHOLD)
    return row("programs", WARN, float(len(names)), THRESHOLD, f"Please close: {', '.join(names)}.")
