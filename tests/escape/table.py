"""Outcomes as lines for a person and as the page docs/escapes.md. Pure."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from tests.escape.attempt import Outcome
from tests.escape.known import KNOWN

HEAD = """# Attempts at leaving a locked exam

Made by `make escape ARGS=--write`; do not edit. Each attempt is made by a real program against the real agent on a
real X server: window, lockdown, keeper, monitor, upkeep and session machine as `app` wires them, on Xvfb with openbox
or xfwm4, and on Xorg with the dummy driver for displays. There is no server, and nothing is recorded: what a person
sees on the recording of the screen is not counted. One thing differs from a candidate’s computer: all runs as root,
so without the browser’s sandbox.

**blocked**: what the attempt was after did not come about, or was undone within a second, and the exam was locked
afterwards. **flagged**: a flag that tells of it was raised within two seconds. An attempt that is both counts once,
as blocked. **missed**: neither. Attempts that end the exam are blocked when the exam is gone and the computer as it
was within two seconds. What nobody knew to be missed is tried a second time: a second is long on a busy machine.

The clock that jumps is the agent's own, bent from inside: the machine's clock is never touched. Not tried: a person
with a second computer or a phone; a changed agent; a hypervisor below; real keyboards and real uinput devices; `ssh
-X` from another machine.
"""


def row(outcome: Outcome) -> str:
    told = f"{outcome.flag} {outcome.flag_s:.1f} s" if outcome.flag else ""
    return f"{outcome.took_s:5.1f} s  {outcome.shown:17} {outcome.attempt.name:36} {told:24} {outcome.what}"


def last_line(outcomes: Sequence[Outcome]) -> str:
    blocked, flagged, missed = (
        sum(outcome.verdict == verdict for outcome in outcomes) for verdict in ("blocked", "flagged", "missed")
    )
    return f"{len(outcomes)} attempts, {blocked} blocked, {flagged} flagged, {missed} missed"


def page(outcomes: Sequence[Outcome], left_out: Mapping[str, str]) -> str:
    lines = [HEAD, f"{last_line(outcomes)}.", ""]
    ordered = sorted(outcomes, key=lambda outcome: outcome.attempt.group)
    for group, members in groupby(ordered, key=lambda outcome: outcome.attempt.group):
        lines += [
            f"## {group.capitalize()}",
            "",
            "| attempt | outcome | flag, after | what was seen |",
            "|---|---|---|---|",
        ]
        lines += [_cells(outcome) for outcome in members]
        lines.append("")
    lines += ["## Known misses", "", "| attempt | why | what could be done |", "|---|---|---|"]
    lines += [f"| {miss.name} | {miss.reason} | {miss.could} |" for miss in KNOWN]
    if left_out:
        lines += ["", "## Left out here", "", *(f"- {name}: {reason}" for name, reason in left_out.items())]
    return "\n".join(lines) + "\n"


def _cells(outcome: Outcome) -> str:
    told = f"{outcome.flag}, {max(0.0, outcome.flag_s):.1f} s" if outcome.flag else ""
    verdict = f"**{outcome.shown}**" if outcome.verdict == "missed" else outcome.shown
    return f"| {outcome.attempt.title} | {verdict} | {told} | {outcome.what.replace('|', '/')} |"
