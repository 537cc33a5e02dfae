"""The monitor's flags and their rules, for people: the first part of docs/flags.md, which COMMAND writes.

The numbers are those of the rules themselves, so that page and program cannot differ.
"""

import sys

from candidate_agent.base import findings
from candidate_agent.monitor import front, input_rules, looks, system_rules, window_rules
from exam_protocol.catalogue import FLAGS

GROUPS = ("display", "windows", "processes", "input", "integrity", "devices")


COMMAND = (
    "{ python -m candidate_agent.monitor.flag_table; python -m candidate_agent.capture.analysis.rules.flag_table; }"
    " > docs/flags.md"
)


def _s(us: int) -> str:
    return f"{us / 1e6:g} s"


RULES = {
    "DISPLAY_ADDED": "more displays in use than the policy allows; a mirror does not count",
    "DISPLAY_MIRRORED": "a display shows what another one shows",
    "SCREEN_BLACK": "by the recording: all of a recorded display is black for 10 s",
    "SCREEN_CAPTURE_STOPPED": "by the recording: the display cannot be read",
    "FULLSCREEN_LEFT": "the exam does not fill its display, or cannot be seen, or the display shows a part of it, for "
    f"{_s(window_rules.FULLSCREEN_LEFT_US)}",
    "FOCUS_LOST": f"another window is in front for {_s(window_rules.FOCUS_LOST_US)}; medium from the "
    f"{window_rules.FOCUS_LOST_OFTEN}rd time on",
    "WINDOW_HIDDEN_FROM_CAPTURE": "a window asks the system not to be recorded",
    "OVERLAY_TOPMOST": f"a window covers more than {window_rules.COVERED_SHARE:.0%} of the exam; low up to "
    f"{window_rules.SMALL_SHARE:.0%} (j), as a changed volume shows, unless it stays for "
    f"{_s(window_rules.COVER_STAYS_US)} (j); also small windows that cover as much together, and what covers more than "
    f"{window_rules.NOTE_SHARE:.1%} (j) for {_s(window_rules.NOTE_STAYS_US)} (j)",
    "REMOTE_CONTROL": "a program of the list, or a sign of a remote session, looked at every "
    f"{looks.SIGNS_EVERY_S:g} s",
    **dict.fromkeys(
        ("AI_ASSISTANT", "CAPTURE_TOOL", "CONFERENCING", "WRITING_ASSISTANT", "OTHER_BROWSER"), "a program of the list"
    ),
    "PROGRAM_NOT_ALLOWED": "a program that the policy names, by its name or its file",
    "PRINT_SCREEN": "a combination that takes a picture of the screen",
    "INPUT_INJECTED": f"keys sent by a program in {input_rules.INJECTED_FROM} of {input_rules.INJECTED_WINDOWS} "
    f"windows of {_s(input_rules.INJECTED_WINDOW_US)}",
    "SHORTCUT_BLOCKED": "a combination that would leave the exam, by name",
    "CLIPBOARD_USED": "another program took the clipboard; it was taken back",
    "INPUT_BURST": f"{input_rules.BURST_KEYS_PER_S} keys or more in a second (j); a held key repeats up to 40 times",
    "VM_SUSPECT": f"{system_rules.VM_SIGNALS} or more signs of a virtual machine, named; not where a policy allows it",
    "DEBUGGER_PRESENT": f"another program looks into this one, looked at every {looks.SIGNS_EVERY_S:g} s; on "
    "Linux the keeper looks as well, twenty times a second",
    "CLIENT_TAMPERED": "variables that load something into the program were set at its start; low for search "
    "paths, which honest programs set as well",
    "POLICY_TAMPERED": "for a server to raise; the agent does not, and refuses a package whose signature is wrong",
    "AGENT_STOPPED": f"the program stood still for more than {_s(system_rules.STOPPED_US)} (j) while the computer "
    "was awake; or upkeep saw that it was stopped",
    "KEEPER_ENDED": "raised by upkeep, not by the monitor",
    "MEASURE_UNDONE": "raised by upkeep, not by the monitor",
    "CLOCK_JUMP": f"the wall clock moves by more than {_s(system_rules.CLOCK_JUMP_US)} against the steady one",
    "USB_ADDED": "a storage device was connected",
    "KEYBOARD_ADDED": "a keyboard was connected",
    "AUDIO_ROUTE_CHANGED": "sound goes to another output than before",
}

HEAD = f"""# What the monitor flags

Made by `python -m candidate_agent.monitor.flag_table` from the rules; a test says when it is out of date. A flag is a
moment to look at, never a verdict: none pauses, ends or scores a session. Numbers marked (j) rest on judgement.

The first flag of a kind is told at once; what follows within {_s(findings.WINDOW_US)} is one flag with a count,
as heavy as its heaviest. An accommodation can mute a code; it is then neither recorded nor told. What an accommodation
or the policy allows ([programs](programs.md)) may be in front of the exam and over it.

The front is taken back at once and asked for again until it is ours, at most {1_000_000 // front.TAKE_EVERY_US} times a
second, and twice a second once that has been refused {front.MANY_TAKES} times within {_s(front.MANY_US)}.

| flag | severity | raised when |
|---|---|---|
"""


def markdown() -> str:
    kinds = [kind for group in GROUPS for kind in FLAGS.values() if kind.group == group and kind.code in RULES]
    return HEAD + "".join(f"| `{kind.code}` | {kind.severity.value} | {RULES[kind.code]} |\n" for kind in kinds)


if __name__ == "__main__":
    sys.stdout.write(markdown())
