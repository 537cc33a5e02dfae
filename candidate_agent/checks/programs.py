"""Whether programs run that this exam does not allow. Only matches are looked at; nothing else leaves this function.

Closing is asked of the candidate, beside this row; `stays` says that one was asked and did not close.
"""

from candidate_agent.checks.base import FAIL, PASS, WARN, Context, FoundProgram, absent, off_loop, row
from candidate_agent.platforms.ports import Unsupported
from exam_protocol.records import CheckRow

THRESHOLD = "none of the published list"
ADVICE = {
    "close": "Please close: {names}.",
    "stays": "Does not close: {staying}. Please save your work and close it yourself.",
}


async def measure(context: Context) -> CheckRow:
    port = context.platform.processes
    if isinstance(port, Unsupported):
        return absent("programs", port)
    return judge(await off_loop(context.programs))


def judge(found: tuple[FoundProgram, ...]) -> CheckRow:
    if not found:
        return row("programs", PASS, 0.0, THRESHOLD)
    staying = tuple(program.name for program in found if program.stays)
    names = tuple(program.name for program in found if not program.stays)
    advice = " ".join(code for code, those in (("close", names), ("stays", staying)) if those)
    outcome = FAIL if staying else WARN
    return row("programs", outcome, float(len(found)), THRESHOLD, advice, names=names, staying=staying)
