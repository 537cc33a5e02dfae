"""How many displays, how large, mirrored or not."""

from candidate_agent.checks.base import FAIL, PASS, WARN, Context, absent, off_loop, row
from candidate_agent.platforms.ports import Display, Unsupported
from exam_protocol.policy import Policy
from exam_protocol.records import CheckRow

GOOD_WIDTH, GOOD_HEIGHT = 1366, 768
THRESHOLD = "at most {most}, {good} or larger"
ADVICE = {
    "none": "No display was found. Please connect one and try again.",
    "too_many": "Please disconnect or switch off displays until {most} remain.",
    "too_small": "Your display shows {size}. Please set at least {smallest}.",
    "mirrored": "Please switch mirroring of the display off.",
    "small": "Your display shows {size}; a larger one is easier to work on.",
}


async def measure(context: Context) -> CheckRow:
    port = context.platform.displays
    if isinstance(port, Unsupported):
        return absent("displays", port)
    return judge(await off_loop(port.displays), context.policy)


def judge(displays: tuple[Display, ...], policy: Policy) -> CheckRow:
    main = next((display for display in displays if display.primary), displays[0] if displays else None)
    outcome, advice = _grade(displays, main, policy)
    return row(
        "displays", outcome, float(len(displays)), THRESHOLD, advice, most=policy.max_displays,
        size=f"{main.width}×{main.height}" if main else "", good=f"{GOOD_WIDTH}×{GOOD_HEIGHT}",
        smallest=f"{policy.min_width}×{policy.min_height}",
    )  # fmt: skip


def _grade(displays: tuple[Display, ...], main: Display | None, policy: Policy) -> tuple[str, str]:
    if main is None:
        return FAIL, "none"
    if len(displays) > policy.max_displays:
        return FAIL, "too_many"
    if main.width < policy.min_width or main.height < policy.min_height:
        return FAIL, "too_small"
    if any(display.mirrors for display in displays):
        return WARN, "mirrored"
    if main.width < GOOD_WIDTH or main.height < GOOD_HEIGHT:
        return WARN, "small"
    return PASS, ""
