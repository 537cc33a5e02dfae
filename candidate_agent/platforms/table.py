"""What each system can enforce, as a table: `python -m candidate_agent.platforms.table > docs/platforms.md`.

Rows of systems that this does not run on come from their backends' own words, so that none can promise what it lacks.
"""

import sys

from candidate_agent.platforms.linux import backend as linux
from candidate_agent.platforms.macos import backend as macos
from candidate_agent.platforms.ports import Devices, Platform, Unsupported
from candidate_agent.platforms.windows import limits as windows_limits

TITLES = {
    "displays": "Sees a second or a mirrored display",
    "windows": "Sees other windows in front, takes the front back",
    "keys": "Counts attempts at combinations that leave the exam",
    "clipboard": "Keeps the clipboard empty",
    "processes": "Finds programs of the published list",
    "screen": "Records the screen",
    "cameras": "Records the camera",
    "microphones": "Records sound",
    "awake": "Keeps the computer from sleeping",
    "hotplug": "Sees keyboards, storage and sound devices that are connected",
    "capture_exclusion": "Hides the exam from recordings, where the exam asks for it",
    "assessment": "Uses the system's own mode for exams, where the exam asks for it",
    "settings_pages": "Opens the right page of the system's settings",
    "permissions": "Tells what the system lets the exam program use",
    "setting: restore at login": "Gives the computer back at the next login",
    "setting: virtual terminal keys": "Takes Ctrl+Alt+F1 to F12 away",
    "setting: screen saver": "Keeps the screen saver off",
    "setting: monitor power": "Keeps the display lit",
    "setting: notifications": "Holds notifications back",
}

X11_LIMITS = {
    "clipboard": "yes; text, HTML, files and pictures of before are given back, programs' private formats are not",
    "windows": "yes; another program can come to the front for a moment before the front is taken back",
    "keys": "yes; keeping them in is the exam window's own keyboard grab; the power key stays with the candidate",
    "setting: monitor power": "where the server has DPMS",
    "setting: notifications": "where dunst, Xfce, GNOME, Cinnamon or MATE shows them; KDE has no setting to put back",
    "settings_pages": "where GNOME, KDE, Cinnamon, MATE, Xfce, LXQt or a known tool shows the page",
    "permissions": "yes; by the access to devices: X11 itself asks nobody",
    "awake": "yes; where neither login manager nor desktop takes the wish, only the display is kept lit",
    "hotplug": "yes; where the kernel does not tell (containers), only keyboards and pointers that the X server takes",
}

HEAD = """# What each system can enforce

Made by `python -m candidate_agent.platforms.table`; a test says when it is out of date. An empty promise is worse than
none: what a system cannot do stands here, is shown to the candidate and is told to the server.

No system stops a second computer, a telephone or a camera pointed at the screen, and a virtual machine's host sees all
that its guest shows. Signals of a virtual machine or of a remote session are named to the proctor; a person decides.
"""


def columns() -> dict[str, dict[str, str]]:
    """System -> concern -> "yes", a limit, or the reason why not."""
    elsewhere = Unsupported("not asked here")
    devices = Devices(elsewhere, elsewhere, elsewhere)
    return {
        "Linux, X11": {concern: X11_LIMITS.get(concern, "yes") for concern in TITLES} | linux.LACKS,
        "Linux, Wayland": _column(linux.without_x11("wayland")),
        "Windows": {concern: windows_limits.ANSWERS[concern] for concern in TITLES},
        "macOS": _column(macos.platform(devices)) | macos.LIMITS | macos.NO_SUCH_SETTING,
    }


def _column(platform: Platform) -> dict[str, str]:
    told = platform.capabilities()
    reason = told["windows"]
    return {concern: told.get(concern, reason) for concern in TITLES}


def markdown() -> str:
    table = columns()
    reasons = list(dict.fromkeys(_notes(table)))
    lines = [f"| | {' | '.join(table)} |", f"|---|{'---|' * len(table)}"]
    for concern, title in TITLES.items():
        cells = [_cell(column[concern], reasons) for column in table.values()]
        lines.append(f"| {title} | {' | '.join(cells)} |")
    notes = [f"{number}. {reason[0].upper()}{reason[1:].rstrip('.')}." for number, reason in enumerate(reasons, 1)]
    return "\n".join([HEAD, *lines, "", *notes, ""])


def _notes(table: dict[str, dict[str, str]]) -> list[str]:
    answers = [column[concern] for column in table.values() for concern in TITLES]
    return [answer.removeprefix("yes; ") for answer in answers if answer != "yes"]


def _cell(answer: str, reasons: list[str]) -> str:
    if answer == "yes":
        return "yes"
    number = reasons.index(answer.removeprefix("yes; ")) + 1
    limited = answer.startswith(("yes; ", "where "))
    return f"yes ({number})" if limited else f"no ({number})"


if __name__ == "__main__":
    sys.stdout.write(markdown())
