"""Signs that this is a virtual machine. Each is named; what they mean a person decides.

Some computers look like one and are none, and some candidates have no other. So this check never keeps anybody out:
with the policy "refuse" it fails, which the proctor sees with the signs, and it is the proctor who refuses.
"""

import msgspec

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

WORDS = {
    "firmware": "names in the firmware",
    "processor": "what the processor says",
    "kernel": "what the system says",
    "network_card": "the network card",
    "drivers": "the drivers",
    "wine": "Wine in place of Windows",
}
KINDS = {  # how a sign of `SystemFacts.vm_signals` begins, and what kind of sign it is for the candidate
    "firmware ": "firmware", "ACPI table ": "firmware", "model: ": "firmware", "manufacturer: ": "firmware",
    "processor ": "processor", "kernel ": "kernel", "network card ": "network_card", "drivers ": "drivers",
    "this is Wine": "wine",
}  # fmt: skip


def kinds(signals: tuple[str, ...]) -> tuple[str, ...]:
    """One that is not known stays as it is said."""
    found = (next((kind for start, kind in KINDS.items() if sign.startswith(start)), sign) for sign in signals)
    return tuple(dict.fromkeys(found))


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
        return _told(WARN, "one_sign", signals)
    return _told(FAIL, "refuse", signals) if policy == "refuse" else _told(PERSON, "person", signals)


def _told(outcome: str, advice: str, signals: tuple[str, ...]) -> CheckRow:
    """The record names each sign, for the proctor; the page their kinds, in the candidate's language."""
    made = row("virtual_machine", outcome, float(len(signals)), THRESHOLD, advice, signs=kinds(signals))
    return msgspec.structs.replace(made, remedy=ADVICE[advice].format(signs=", ".join(signals)))
