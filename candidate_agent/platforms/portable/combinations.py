"""The closed table of combinations that would leave the exam, and their names. Pure; used by the key watches.

Keys go by their X names. A key that stands in no row is nobody's business: it has no name here.
"""

ALONE = {"Super_L": "Super", "Super_R": "Super", "Print": "Print", "Menu": "Menu"}
WITH_ALT = {"Tab": "Tab", "Escape": "Escape", "F2": "F2", "F4": "F4", "space": "Space"}
WITH_CTRL = {key: key.upper() for key in "cvxpstnw"} | {"Escape": "Escape"}
WITH_SUPER = {key: key.upper() for key in "delrtvs"} | {"Tab": "Tab"}
WITH_CTRL_ALT = {f"F{n}": f"F{n}" for n in range(1, 13)} | {
    "t": "T", "l": "L", "Delete": "Delete", "BackSpace": "Backspace", "Left": "Left", "Right": "Right",
    "Up": "Up", "Down": "Down",
}  # fmt: skip

WAY_OUT = "F9"
"""With Ctrl and Shift it opens the emergency exit (`ui.way_out`): no attempt, and never kept from the window."""

NAMES = frozenset(name for table in (ALONE, WITH_ALT, WITH_CTRL, WITH_SUPER, WITH_CTRL_ALT) for name in table)


def combination(key: str, *, ctrl: bool, alt: bool, super_: bool, shift: bool) -> str:
    """Name of a combination that is of interest, else "". `key` is an X key name."""
    if key == WAY_OUT and ctrl and shift and not alt and not super_:
        return ""
    held = [name for name, down in (("Ctrl", ctrl), ("Alt", alt), ("Shift", shift)) if down]
    if key in ALONE:
        return "+".join([*held, ALONE[key]])
    if super_ and key in WITH_SUPER:
        return "+".join(["Super", *held, WITH_SUPER[key]])
    table = WITH_CTRL_ALT if ctrl and alt else WITH_ALT if alt else WITH_CTRL if ctrl else {}
    return "+".join([*held, table[key]]) if key in table else ""
