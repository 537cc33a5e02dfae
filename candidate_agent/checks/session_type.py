"""Whether this desktop lets the exam be locked in."""

from candidate_agent.checks.base import FAIL, PASS, Context, off_loop, row
from exam_protocol.records import CheckRow

SUPPORTED = frozenset({"x11", "windows", "macos"})
THRESHOLD = "X11, Windows or macOS"
VALUES = ("unknown", "none")
ADVICE = {
    "wayland": (
        "This is a Wayland session, in which the exam cannot be protected. Please log out, choose the session named "
        "“Xorg” or “X11” on the login screen, and log in again."
    ),
    "none": "No desktop answers here. Please start this program from the desktop, not from a remote or text terminal.",
    "unknown": "This kind of desktop session is not supported. Please use an X11 session or another computer.",
}


async def measure(context: Context) -> CheckRow:
    kind = (await off_loop(context.platform.system.facts)).session_type
    if kind in SUPPORTED:
        return row("session_type", PASS, kind, THRESHOLD)
    advice = {"wayland": "wayland", "none": "none"}.get(kind, "unknown")
    return row("session_type", FAIL, kind or "unknown", THRESHOLD, advice)
