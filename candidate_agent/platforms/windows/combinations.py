"""Which keys leave the exam on Windows: their names, and whether they are kept in. Pure; used by `keys`.

Names are those of `portable.combinations` where it has one. What is only counted there because the exam page decides
about it (Ctrl+C and kin) is told and passed on; everything else that has a name is swallowed. A key without a name is
nobody's business here.
"""

from dataclasses import dataclass, replace

from candidate_agent.platforms.portable import combinations

LEFT_WINDOWS, RIGHT_WINDOWS = 0x5B, 0x5C
LEFT_ALT, RIGHT_ALT = 0xA4, 0xA5
SHIFTS, CONTROLS, ALTS = (0x10, 0xA0, 0xA1), (0x11, 0xA2, 0xA3), (0x12, LEFT_ALT, RIGHT_ALT)
MODIFIERS = frozenset((*SHIFTS, *CONTROLS, *ALTS))

X_NAMES = {
    0x09: "Tab", 0x1B: "Escape", 0x20: "space", 0x2C: "Print", 0x5D: "Menu", 0x2E: "Delete", 0x08: "BackSpace",
    0x25: "Left", 0x26: "Up", 0x27: "Right", 0x28: "Down", LEFT_WINDOWS: "Super_L", RIGHT_WINDOWS: "Super_R",
}  # fmt: skip
X_NAMES |= {0x70 + number: f"F{number + 1}" for number in range(12)}
X_NAMES |= {code: chr(code).lower() for code in range(0x41, 0x5B)}

ALONE = {0x5F: "Sleep", 0x70: "F1", 0x7A: "F11", 0x7B: "F12"}
ALONE |= dict(zip(range(0xA6, 0xAD), (f"Browser {name}" for name in (
    "back", "forward", "refresh", "stop", "search", "favourites", "home")), strict=True))  # fmt: skip
ALONE |= dict(zip(range(0xB0, 0xB8), (
    "Media next", "Media previous", "Media stop", "Media play", "Launch mail", "Launch media", "Launch 1", "Launch 2"),
    strict=True))  # fmt: skip
ALONE |= {0x7C + number: f"F{number + 13}" for number in range(12)}  # on no usual keyboard: sent by tools
WITH_ALT = frozenset({"Tab", "Escape", "space"} | {f"F{number}" for number in range(1, 13)})
KEPT_IN = frozenset({"Print", "Menu"})
TOLD_LETTERS = frozenset("tl")  # with Ctrl+Alt; who types with the left Alt may mean any other
SHOWN = {"space": "Space", "BackSpace": "Backspace"}
_TYPED = frozenset(range(0x30, 0x3A)) | frozenset(range(0x41, 0x5B))  # digits and letters


@dataclass(frozen=True, slots=True)
class Held:
    """Modifiers that are down. AltGr is Ctrl and right Alt to Windows; `alt_gr` keeps it apart, as it types letters."""

    ctrl: bool = False
    alt: bool = False
    shift: bool = False
    windows: bool = False
    alt_gr: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    name: str = ""
    swallow: bool = False


PASS = Verdict()


def verdict(key: int, held: Held) -> Verdict:
    """Of a key that goes down. `key` is a virtual key code."""
    if key in MODIFIERS:
        return PASS
    if held.alt_gr and key in _TYPED:
        return PASS
    x_name = X_NAMES.get(key, "")
    if key in (LEFT_WINDOWS, RIGHT_WINDOWS):
        return Verdict(_with(replace(held, windows=False), "Super"), True)
    if held.windows:
        return Verdict(_shared(x_name, held) or _with(held, _shown(key, x_name)), True)
    if key in ALONE and not (held.ctrl or held.alt):
        return Verdict(_with(held, ALONE[key]), True)
    if held.ctrl and held.alt and (key in _TYPED or x_name):
        known = "" if key in _TYPED and x_name not in TOLD_LETTERS else _shared(x_name, held)
        return Verdict(known or _with(held, _shown(key, x_name)), True)
    if held.alt and x_name in WITH_ALT:
        return Verdict(_shared(x_name, held) or _with(held, _shown(key, x_name)), True)
    if key in ALONE:
        return Verdict(_with(held, ALONE[key]), True)
    return Verdict(_shared(x_name, held), x_name in KEPT_IN or (x_name == "Escape" and held.ctrl))


def _shared(x_name: str, held: Held) -> str:
    """The name in the table of all systems; "" where it has none."""
    if not x_name:
        return ""
    return combinations.combination(
        x_name, ctrl=held.ctrl, alt=held.alt, super_=held.windows, shift=held.shift
    )  # fmt: skip


def _shown(key: int, x_name: str) -> str:
    """A letter or digit that stands in no table is not told: with Ctrl+Alt somebody may type with it."""
    if key in _TYPED:
        return "another key"
    return ALONE.get(key) or SHOWN.get(x_name, x_name) or "another key"


def _with(held: Held, name: str) -> str:
    pairs = (("Super", held.windows), ("Ctrl", held.ctrl), ("Alt", held.alt), ("Shift", held.shift))
    return "+".join([*(word for word, down in pairs if down), name])
