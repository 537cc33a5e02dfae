"""How many displays, how large, mirrored or not."""

from candidate_agent.checks.base import FAIL, PASS, WARN, Context, off_loop, row, unmeasured
from candidate_agent.platforms.ports import Display, Unsupported
from exam_protocol.policy import Policy
from exam_protocol.records import CheckRow

GOOD_WIDTH, GOOD_HEIGHT = 1366, 768


async def measure(context: Context) -> CheckRow:
    port = context.platform.displays
    if isinstance(port, Unsupported):
        return unmeasured("displays", port.reason)
    return judge(await off_loop(port.displays), context.policy)


def judge(displays: tuple[Display, ...], policy: Policy) -> CheckRow:
    threshold = f"at most {policy.max_displays}, {GOOD_WIDTH}×{GOOD_HEIGHT} or larger"
    count = float(len(displays))
    if not displays:
        return row("displays", FAIL, count, threshold, "No display was found. Please connect one and try again.")
    if len(displays) > policy.max_displays:
        remedy = f"Please disconnect or switch off displays until {policy.max_displays} remain."
        return row("displays", FAIL, count, threshold, remedy)
    main = next((display for display in displays if display.primary), displays[0])
    size = f"{main.width}×{main.height}"
    if main.width < policy.min_width or main.height < policy.min_height:
        remedy = f"Your display shows {size}. Please set at least {policy.min_width}×{policy.min_height}."
        return row("displays", FAIL, count, threshold, remedy)
    if any(display.mirrors for display in displays):
        return row("displays", WARN, count, threshold, "Please switch mirroring of the display off.")
    if main.width < GOOD_WIDTH or main.height < GOOD_HEIGHT:
        return row("displays", WARN, count, threshold, f"Your display shows {size}; a larger one is easier to work on.")
    return row("displays", PASS, count, threshold)
