"""Signs that this is a virtual machine. Each is named; what they mean a person decides.

Some computers look like one and are none, and some candidates have no other. So this check never keeps anybody out:
with the policy "refuse" it fails, which the proctor sees with the signs, and it is the proctor who refuses.
"""

from candidate_agent.checks.base import FAIL, PASS, PERSON, WARN, Context, off_loop, row
from exam_protocol.records import CheckRow

SURE_FROM = 2
THRESHOLD = "no sign"
ADVICE = {
    "one_sign": "This looks like a virtual machine ({signs}). You can go on.",
    "refuse": (
        "This looks like a virtual machine ({signs}). This exam asks for a computer that is none; a proctor decides."
    ),
    "person": "This looks like a virtual machine ({signs}). A proctor will look at this with you.",
}


async def measure(context: Context) -> CheckRow:
    facts = await off_loop(context.platform.system.facts)
    return judge(facts.vm_signals, context.policy.virtual_machine)


def judge(signals: tuple[str, ...], policy: str) -> CheckRow:
    count = float(len(signals))
    if not signals:
        return row("virtual_machine", PASS, count, THRESHOLD)
    if policy == "allow":
        return row("virtual_machine", PASS, count, THRESHOLD)
    if len(signals) < SURE_FROM:
        return row("virtual_machine", WARN, count, THRESHOLD, "one_sign", signs=signals)
    if policy == "refuse":
        return row("virtual_machine", FAIL, count, THRESHOLD, "refuse", signs=signals)
    return row("virtual_machine", PERSON, count, THRESHOLD, "person", signs=signals)
