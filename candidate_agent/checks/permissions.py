"""Whether the system lets the exam program use what it needs, as the system itself says. Blocks nobody: what is really
shut is found by the check of the device itself, and a system can be wrong about itself.
"""

from candidate_agent.checks.base import FAIL, PASS, WARN, Context, absent, off_loop, row
from candidate_agent.platforms.ports import Permission, Unsupported
from exam_protocol.records import CheckRow

THRESHOLD = "all that are needed"
VALUE = "{granted} of {all}"
WORDS = {
    "camera": "camera",
    "microphone": "microphone",
    "screen": "recording of the screen",
    "input": "keys that leave the exam",
    "accessibility": "accessibility",
}
ADVICE = {
    "missing": (
        "This computer does not let the exam program use: {missing}. Please allow it in the privacy settings, then "
        "check again."
    ),
    "not_asked": "This computer will ask you about: {unknown}. Please answer “allow” when it does.",
}


async def measure(context: Context) -> CheckRow:
    port = context.platform.permissions
    if isinstance(port, Unsupported):
        return absent("permissions", port)
    return judge(await off_loop(port.permissions))


def judge(found: tuple[Permission, ...]) -> CheckRow:
    missing = tuple(one.name for one in found if one.granted is False)
    unknown = tuple(one.name for one in found if one.granted is None)
    outcome = FAIL if missing else WARN if unknown else PASS
    advice = "missing" if missing else "not_asked" if unknown else ""
    granted = len(found) - len(missing) - len(unknown)
    return row(
        "permissions", outcome, VALUE, THRESHOLD, advice, missing=missing, unknown=unknown, granted=granted,
        all=len(found),
    )  # fmt: skip
