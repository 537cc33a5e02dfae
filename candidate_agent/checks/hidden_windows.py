"""Windows that ask not to be recorded, and windows that stay on top of all others. None is named: a title may tell what
somebody works on.
"""

import os

from candidate_agent.checks.base import PASS, PERSON, WARN, Context, absent, off_loop, row
from candidate_agent.platforms.ports import Unsupported, Window
from exam_protocol.records import CheckRow

THRESHOLD = "none"
ADVICE = {
    "hidden": "A window is kept out of recordings. Please close it, or a proctor will look at this with you.",
    "on_top": "A window stays on top of all others. Please close it, or let it go to the back.",
}
SMALL_PX = 40_000  # a desktop's own small panel, 200 x 200, is no news


async def measure(context: Context) -> CheckRow:
    port = context.platform.windows
    if isinstance(port, Unsupported):
        return absent("hidden_windows", port)
    windows = await off_loop(port.windows)
    return judge(tuple(window for window in windows if not _is_known(window, context)))


def _is_known(window: Window, context: Context) -> bool:
    return window.pid == os.getpid() or (bool(window.program) and context.allows((window.program,)))


def judge(windows: tuple[Window, ...]) -> CheckRow:
    hidden = sum(not window.capturable for window in windows)
    on_top = sum(window.above and window.width * window.height > SMALL_PX for window in windows)
    if hidden:
        return row("hidden_windows", PERSON, float(hidden + on_top), THRESHOLD, "hidden")
    if on_top:
        return row("hidden_windows", WARN, float(on_top), THRESHOLD, "on_top")
    return row("hidden_windows", PASS, 0.0, THRESHOLD)
