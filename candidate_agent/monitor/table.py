"""The published list for people: `python -m candidate_agent.monitor.table > docs/programs.md`."""

import sys

from candidate_agent.monitor.published import ASSISTIVE_INPUT, CATEGORY_TITLES, INPUT_METHODS, PUBLISHED, Listed
from exam_protocol.catalogue import FLAGS
from exam_protocol.policy import Policy

HEAD = """# The published list of programs

Made by `python -m candidate_agent.monitor.table`; a test says when it is out of date. Corrections are welcome: the list
is data, in `candidate_agent/monitor/published.py`. Not each program was seen running; names and windows of some rest on
what their packages say of themselves.

Before the exam the candidate is asked to close what its policy does not allow; the program can ask it to close, as the
desktop does, and never ends it by force. During the exam such a program is named to the candidate and becomes a flag.
Of all other programs nothing is stored, logged or sent. A flag is something for a person to look at, never a verdict.

## How a program is matched

Names are those of the executable and, where a system tells it, its original name: small letters, without `.exe` and
without a path; `*` at the end stands for any ending. A window also says what program it belongs to (X11: its class),
which stays when the executable is renamed. Files are told by SHA-256 or, on Windows and macOS, by who signed them.

What decides, strongest first; the first that applies is the answer:

1. `allowed_hashes`, `allowed_signers`: the file is allowed, whatever it is called.
2. `blocked_hashes`: the file is blocked, whatever it is called (flag `PROGRAM_NOT_ALLOWED`).
3. `allowed_programs` of the policy and of a candidate's accommodations: that name is no evidence any more, and the
   program of the list that it belongs to is off the list. A listed program that borrows an allowed name is still found
   by its other names and by its window.
4. `blocked_programs`: a name, then a window, that the policy adds (flag `PROGRAM_NOT_ALLOWED`).
5. This list: a name, then a window, then a signer. `blocked_categories` says which categories a candidate is asked to
   close; every category is flagged.

An allowed program may also lie over the exam or be in front of it, as a magnifier is.
"""


def markdown() -> str:
    parts = [HEAD]
    for category, entries in PUBLISHED.items():
        flag = FLAGS[category.upper()]
        asked = "asked to close" if category in Policy().blocked_categories else "flagged only"
        weight = flag.severity.value
        parts += [
            f"## {CATEGORY_TITLES[category]}\n",
            f"Category `{category}`, flag `{flag.code}`, {weight}; {asked} unless a policy says otherwise.\n",
            "| program | names | windows | signers |\n|---|---|---|---|",
            *(_row(listed) for listed in entries),
            "",
        ]
    parts += [
        "## Not flagged over the exam\n",
        f"Input methods show what is being typed in windows of up to a tenth of the exam: {_names(INPUT_METHODS)}.\n",
        "## Typing for somebody\n",
        "When one of these is allowed, keys that a program sends are no news: no `INPUT_INJECTED`, no `INPUT_BURST`. "
        f"They are: {_names(ASSISTIVE_INPUT)}.\n",
    ]
    return "\n".join(parts)


def _row(listed: Listed) -> str:
    return f"| {listed.title} | {_names(listed.names)} | {_names(listed.windows)} | {', '.join(listed.signers)} |"


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    sys.stdout.write(markdown())
