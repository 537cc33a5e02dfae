"""The closed table of combinations that leave the exam, switch, print, copy or open tools, and their names. Pure; used
by the key watches.

Keys go by their X names. A key that stands in no row is nobody's business: it has no name here. AltGr types characters:
where a system tells it as Ctrl or Alt, its watch says neither. Left out on purpose: volume and brightness, zooming,
and what editing an answer needs.
"""

import string

_LETTERS = {key: key.upper() for key in string.ascii_lowercase}
_DIGITS = {key: key for key in string.digits}
_FUNCTION = {f"F{number}": f"F{number}" for number in range(1, 13)}
_PLACES = {
    "Left": "Left", "Right": "Right", "Up": "Up", "Down": "Down", "Home": "Home", "End": "End",
    "Page_Up": "PageUp", "Page_Down": "PageDown",
}  # fmt: skip
_OTHERS = {
    "Tab": "Tab", "Escape": "Escape", "space": "Space", "Return": "Return", "Delete": "Delete",
    "BackSpace": "Backspace", "Insert": "Insert",
}  # fmt: skip
_OF_MANY_KEYBOARDS = (
    "AudioPlay", "AudioPause", "AudioStop", "AudioNext", "AudioPrev", "AudioRecord", "AudioMedia", "Mail", "WWW",
    "HomePage", "Search", "Favorites", "Back", "Forward", "Stop", "Refresh", "Explorer", "MyComputer", "Calculator",
    "Calendar", "Documents", "Messenger", "Phone", "Tools", "TaskPane", "Terminal", "Launch0", "Launch1", "Launch2",
    "Launch3", "Launch4", "Launch5", "Launch6", "Launch7", "Launch8", "Launch9", "LaunchA", "LaunchB", "LaunchC",
    "LaunchD", "LaunchE", "LaunchF", "PowerOff", "PowerDown", "Sleep", "Suspend", "Hibernate", "ScreenSaver",
    "Display", "RotateWindows", "WLAN", "Bluetooth", "WebCam", "Eject", "Copy", "Cut", "Paste", "New", "Open", "Save",
    "Close", "Reload", "Send", "Reply", "TouchpadToggle", "LogOff", "ApplicationLeft", "ApplicationRight", "Xfer",
    "MenuKB", "MenuPB", "Game", "Community", "News", "Shop", "Word", "Excel", "Music", "Pictures", "Video",
)  # fmt: skip

ALONE = {
    "Super_L": "Super", "Super_R": "Super", "Print": "Print", "Sys_Req": "Print", "Menu": "Menu", "Help": "Help",
    "Find": "Find", "Undo": "Undo", "F1": "F1", "F3": "F3", "F5": "F5", "F11": "F11", "F12": "F12",
} | {f"XF86{name}": name for name in _OF_MANY_KEYBOARDS}  # fmt: skip
WITH_SHIFT = {"F10": "F10", "Insert": "Insert", "Delete": "Delete", "Escape": "Escape"}
WITH_ALT = _FUNCTION | {
    "Tab": "Tab", "Escape": "Escape", "space": "Space", "Return": "Return", "Left": "Left", "Right": "Right",
    "Home": "Home",
}  # fmt: skip
WITH_CTRL = _FUNCTION | {key: key.upper() for key in "cvxpstnwouhjq"} | {
    "Tab": "Tab", "Escape": "Escape", "Insert": "Insert", "Page_Up": "PageUp", "Page_Down": "PageDown",
}  # fmt: skip
WITH_CTRL_SHIFT = _FUNCTION | {key: key.upper() for key in "cijkmnopstvwe"} | {
    "Tab": "Tab", "Escape": "Escape", "Delete": "Delete", "Page_Up": "PageUp", "Page_Down": "PageDown",
}  # fmt: skip
WITH_SUPER = _LETTERS | _DIGITS | _FUNCTION | _PLACES | _OTHERS | {
    "plus": "Plus", "minus": "Minus", "comma": "Comma", "period": "Period", "equal": "Equal", "grave": "Grave",
}  # fmt: skip
WITH_CTRL_ALT = _LETTERS | _DIGITS | _FUNCTION | _PLACES | _OTHERS

NAMES = frozenset(
    name
    for table in (ALONE, WITH_SHIFT, WITH_ALT, WITH_CTRL, WITH_CTRL_SHIFT, WITH_SUPER, WITH_CTRL_ALT)
    for name in table
)
WAY_OUT = "F9"
"""With Ctrl and Shift it opens the emergency exit (`ui.way_out`): no attempt, and never kept from the window."""


def combination(key: str, *, ctrl: bool, alt: bool, super_: bool, shift: bool) -> str:
    """Name of a combination that is of interest, else "". `key` is an X key name."""
    if key == WAY_OUT and ctrl and shift and not alt and not super_:
        return ""
    held = [name for name, down in (("Ctrl", ctrl), ("Alt", alt), ("Shift", shift)) if down]
    if super_ and key in WITH_SUPER:
        return "+".join(["Super", *held, WITH_SUPER[key]])
    if key in ALONE:
        return "+".join([*held, ALONE[key]])
    table = _table(ctrl, alt, shift)
    return "+".join([*held, table[key]]) if key in table else ""


def _table(ctrl: bool, alt: bool, shift: bool) -> dict[str, str]:
    if ctrl and alt:
        return WITH_CTRL_ALT
    if ctrl:
        return WITH_CTRL_SHIFT if shift else WITH_CTRL
    if alt:
        return WITH_ALT
    return WITH_SHIFT if shift else {}
