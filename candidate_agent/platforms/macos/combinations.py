"""The closed table of a Mac's combinations that would leave the exam, and their names. Pure; used by `keys`.

A key that stands in no row is nobody's business: it has no name here. What helps people to use a computer (VoiceOver,
zoom, the accessibility panel, dictation, the choice of an input source, the character palette) stands in no row either.
"""

from dataclasses import dataclass

SHIFT, CTRL, OPT, CMD, FN = 0x20000, 0x40000, 0x80000, 0x100000, 0x800000  # kCGEventFlagMask...
MODIFIERS = ((CTRL, "Ctrl"), (CMD, "Cmd"), (OPT, "Opt"), (SHIFT, "Shift"))

TAB, SPACE, ESCAPE, GRAVE, ISO_GRAVE = 0x30, 0x31, 0x35, 0x32, 0x0A
KEYS = {
    TAB: "Tab", SPACE: "Space", ESCAPE: "Esc", GRAVE: "`", ISO_GRAVE: "`", 0x7B: "Left", 0x7C: "Right", 0x7D: "Down",
    0x7E: "Up", 0x12: "1", 0x13: "2", 0x14: "3", 0x15: "4", 0x17: "5", 0x16: "6", 0x1A: "7", 0x1C: "8", 0x19: "9",
    0x7A: "F1", 0x78: "F2", 0x63: "F3", 0x76: "F4", 0x60: "F5", 0x61: "F6", 0x62: "F7", 0x64: "F8", 0x65: "F9",
    0x6D: "F10", 0x67: "F11", 0x6F: "F12", 0x82: "Dashboard", 0x83: "Launchpad", 0xA0: "Mission Control",
    0xB1: "Spotlight",
}  # fmt: skip
LETTERS = {
    0x00: "a", 0x08: "c", 0x02: "d", 0x03: "f", 0x04: "h", 0x2E: "m", 0x2D: "n", 0x23: "p", 0x0C: "q", 0x01: "s",
    0x11: "t", 0x09: "v", 0x0D: "w", 0x07: "x",
}  # fmt: skip
"""Where the letters of the table lie on an American keyboard: what counts where a layout has no Latin letters."""

_DESKTOPS = frozenset("123456789")
_ARROWS = frozenset({"Left", "Right", "Up", "Down"})
KEPT_IN = {
    0: frozenset({"F11", "F12", "Dashboard", "Launchpad", "Mission Control", "Spotlight"}),
    CMD: frozenset({"Tab", "Space", "Esc", "`", "q", "w", "h", "m", "F3", "Mission Control"}),
    CMD | OPT: frozenset({"Esc", "Space", "d", "h", "m", "w", "q"}),
    CMD | SHIFT: frozenset({"3", "4", "5", "6", "q"}),
    CMD | CTRL: frozenset({"q", "f", "d"}),
    CTRL: frozenset({"F2", "F3", "F4", "F5", "F6", "F8", "Mission Control"}) | _ARROWS | _DESKTOPS,
    FN: frozenset({"q", "h", "n", "a", "c", "f", "m"}),
}
"""Least modifiers -> keys that would leave the exam."""
TOLD_ONLY = {CMD: frozenset("cvxpstn")}
"""What the exam page may use itself, as its policy says: told, and let through."""


@dataclass(frozen=True, slots=True)
class Known:
    """A combination of the table. `kept_in`: nobody else may see it."""

    name: str
    kept_in: bool


def letter_of(code: int, typed: str) -> str:
    """The letter that a combination is about: what the layout makes of the key where that is a Latin letter (Ctrl turns
    it into a control character), else the place of the key. "" for all that is in no row."""
    if len(typed) == 1 and 1 <= ord(typed) <= 26:
        typed = chr(ord(typed) + 0x60)
    if len(typed) == 1 and typed.isascii() and typed.isalpha():
        return typed.lower() if typed.lower() in LETTERS.values() else ""
    return LETTERS.get(code, "")


def needs_letter(code: int, flags: int) -> bool:
    """Whether it must be asked what the key types: never for plain typing, which is nobody's business."""
    return code not in KEYS and bool(flags & (CMD | CTRL | FN))


def combination(code: int, flags: int, typed: str = "") -> Known | None:
    """The row that a pressed key stands in; None for typing and all else. `typed`: only where `needs_letter`."""
    key = KEYS.get(code) or letter_of(code, typed)
    if not key:
        return None
    for table, kept_in in ((KEPT_IN, True), (TOLD_ONLY, False)):
        if any(key in keys and _held(least, flags) for least, keys in table.items()):
            return Known(name_of(key, flags), kept_in)
    return None


def _held(least: int, flags: int) -> bool:
    """Fn counts only where it is all that is held: arrows and function keys carry its mark by themselves."""
    held = flags & (SHIFT | CTRL | OPT | CMD)
    return held == 0 and bool(flags & FN) if least == FN else held & least == least


def name_of(key: str, flags: int) -> str:
    """Such as Ctrl+Cmd+Q, Cmd+Shift+3, Fn+N."""
    held = [name for mask, name in MODIFIERS if flags & mask]
    if not held and len(key) == 1:
        held = ["Fn"]
    return "+".join([*held, key.upper() if len(key) == 1 else key])
