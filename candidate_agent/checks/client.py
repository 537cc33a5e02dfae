"""Which build of the exam program this is, and whether the exam and its server take it.

The server speaks first: who cannot speak its version never comes as far as this. Beyond that an exam may name builds.
"""

from candidate_agent.base.errors import AgentError
from candidate_agent.checks.base import FAIL, PASS, UNMEASURED, WARN, Context, row
from exam_protocol.records import CheckRow
from exam_protocol.version import BUILD

THRESHOLD = "a build that this exam takes"
VALUE = "{build}"
ADVICE = {
    "behind": "A newer build of this program is there: {newest}. You can go on with {build}.",
    "revoked": "This exam does not take build {build} of this program. Please install {newest} and start again.",
    "not_told": "This is build {build}. Whether an exam takes it, its server says.",
}


async def measure(context: Context) -> CheckRow:
    if context.policy.builds:
        return judge(BUILD, context.policy.builds)
    if not await _is_taken(context):
        return row("client", UNMEASURED, VALUE, "", "not_told", build=BUILD)
    return row("client", PASS, VALUE, THRESHOLD, build=BUILD)


async def _is_taken(context: Context) -> bool:
    try:
        return context.has_server and await context.line() is not None
    except (AgentError, TimeoutError):
        return False


def judge(build: str, builds: tuple[str, ...]) -> CheckRow:
    """`builds`: those the exam takes, the newest first."""
    if build not in builds:
        return row("client", FAIL, VALUE, THRESHOLD, "revoked", build=build, newest=builds[0])
    if build != builds[0]:
        return row("client", WARN, VALUE, THRESHOLD, "behind", build=build, newest=builds[0])
    return row("client", PASS, VALUE, THRESHOLD, build=build)
