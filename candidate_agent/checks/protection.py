"""What the exam program can protect on this computer and what it cannot: the platform's own words, shown to the
candidate and, in the record of the checks, told to the server, the proctor and the evidence.

Nobody can change what a system offers: this never stops anybody. Where something that an exam rests on is missing, a
proctor decides.
"""

from candidate_agent.checks.base import PASS, PERSON, Context, row
from exam_protocol.records import CheckRow

YES = "yes"
SETTING = "setting: "
THRESHOLD = "all that an exam rests on"
NEEDED = frozenset({"displays", "windows", "keys", "clipboard", "processes", "screen"})
WORDS = {
    "displays": "sees other displays",
    "windows": "sees other windows in front",
    "keys": "keeps key combinations in",
    "clipboard": "keeps the clipboard empty",
    "processes": "finds programs of the published list",
    "screen": "records the screen",
    "cameras": "records the camera",
    "microphones": "records sound",
    "awake": "keeps the computer awake",
    "hotplug": "sees keyboards and storage that are connected",
    "capture_exclusion": "hides the exam from other recordings",
    "assessment": "uses the system's own mode for exams",
}


ASKED_BY = {"capture_exclusion": "hide_from_recordings", "assessment": "assessment_mode"}


async def measure(context: Context) -> CheckRow:
    """What only some exams ask for is left out where this one does not."""
    asked = frozenset(concern for concern, field in ASKED_BY.items() if getattr(context.policy, field))
    told = context.platform.capabilities()
    return judge({concern: told[concern] for concern in told if concern in asked or concern not in ASKED_BY}, asked)


def judge(capabilities: dict[str, str], asked: frozenset[str] = frozenset()) -> CheckRow:
    can = [concern for concern, answer in capabilities.items() if answer == YES]
    lacks = {concern: answer for concern, answer in capabilities.items() if answer != YES}
    outcome = PERSON if (NEEDED | asked) & lacks.keys() else PASS
    return row("protection", outcome, f"{len(can)} of {len(capabilities)}", THRESHOLD, sentences(can, lacks))


def sentences(can: list[str], lacks: dict[str, str]) -> str:
    """Both halves, so that nobody has to infer one from the other."""
    settings = [concern.removeprefix(SETTING) for concern in can if concern.startswith(SETTING)]
    does = [_words(concern) for concern in can if not concern.startswith(SETTING)]
    said = [f"This program {', '.join(does)}."] if does else []
    said += [f"It changes for the exam, and puts back: {', '.join(settings)}."] if settings else []
    return " ".join(said + [f"Not here: {_words(concern)}. {lacks[concern]}" for concern in lacks])


def _words(concern: str) -> str:
    return WORDS.get(concern, concern)
