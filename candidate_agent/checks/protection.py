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
    "settings_pages": "opens the system's settings for you",
    "permissions": "sees what the system lets it use",
}


VALUE = "{can} of {all}"
ADVICE = {
    "does": "This program {does}.",
    "changes": "It changes for the exam, and puts back: {changes}.",
    "lacks": "Not here: {lacks}. {reasons}",
}
ASKED_BY = {"capture_exclusion": "hide_from_recordings", "assessment": "assessment_mode"}


async def measure(context: Context) -> CheckRow:
    """What only some exams ask for is left out where this one does not."""
    asked = frozenset(concern for concern, field in ASKED_BY.items() if getattr(context.policy, field))
    told = context.platform.capabilities()
    return judge({concern: told[concern] for concern in told if concern in asked or concern not in ASKED_BY}, asked)


def judge(capabilities: dict[str, str], asked: frozenset[str] = frozenset()) -> CheckRow:
    """Says both halves, so that nobody has to infer one from the other."""
    can = [concern for concern, answer in capabilities.items() if answer == YES]
    lacks = {concern: answer for concern, answer in capabilities.items() if answer != YES}
    parts = {
        "does": tuple(concern for concern in can if not concern.startswith(SETTING)),
        "changes": tuple(concern.removeprefix(SETTING) for concern in can if concern.startswith(SETTING)),
        "lacks": tuple(lacks),
    }
    return row(
        "protection", PERSON if (NEEDED | asked) & lacks.keys() else PASS, VALUE, THRESHOLD,
        " ".join(part for part, concerns in parts.items() if concerns), **parts,
        reasons=" ".join(dict.fromkeys(lacks.values())), can=len(can), all=len(capabilities),
    )  # fmt: skip
