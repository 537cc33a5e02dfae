"""Which keys of this keyboard stand in the closed table, by number, and which modifier bits are Ctrl, Alt and Super.

Read anew whenever the keyboard map changes. Used by `keys` and `key_sources`.
"""

from typing import Any

from Xlib import XK, X

from candidate_agent.platforms.portable.combinations import NAMES, combination

_UNSHIFTED = (0, 2)  # symbols of the first two layouts without Shift: one of them is usually Latin
_MODIFIERS = {"alt": ("Alt_L", "Alt_R", "Meta_L", "Meta_R"), "super_": ("Super_L", "Super_R", "Hyper_L", "Hyper_R")}
_USUAL = {"alt": X.Mod1Mask, "super_": X.Mod4Mask}
_FIRST_OF_FIVE = 3  # Shift, Lock and Control have their own bits; Mod1 to Mod5 mean what the map says


def symbols() -> dict[int, str]:
    XK.load_keysym_group("xf86")
    return {XK.string_to_keysym(name.replace("XF86", "XF86_")): name for name in NAMES}


class KeyTable:
    def __init__(self) -> None:
        self._symbols = symbols()
        self._keys: dict[int, str] = {}
        self._masks = dict(_USUAL)

    def read(self, connection: Any) -> None:
        first = connection.display.info.min_keycode
        rows = connection.get_keyboard_mapping(first, connection.display.info.max_keycode - first + 1)
        self._keys = {first + number: name for number, row in enumerate(rows) if (name := self._name(row))}
        self._masks = _masks(rows, first, connection.get_modifier_mapping())

    def combination(self, key: int, state: int) -> str:
        name = self._keys.get(key)
        if name is None:
            return ""
        held = {modifier: bool(state & mask) for modifier, mask in self._masks.items()}
        return combination(name, ctrl=bool(state & X.ControlMask), shift=bool(state & X.ShiftMask), **held)

    def _name(self, row: Any) -> str:
        found = (self._symbols.get(row[index], "") for index in _UNSHIFTED if index < len(row))
        return next((name for name in found if name), "")


def _masks(rows: Any, first: int, modifiers: Any) -> dict[str, int]:
    """Only a modifier that is this and nothing else counts: NumLock may share one with nobody."""
    masks = {}
    for name, keys in _MODIFIERS.items():
        wanted = {XK.string_to_keysym(key) for key in keys}
        bits = [
            1 << bit
            for bit, codes in enumerate(modifiers)
            if bit >= _FIRST_OF_FIVE and any(wanted.intersection(rows[code - first]) for code in codes if code >= first)
        ]
        masks[name] = sum(bits) or _USUAL[name]
    return masks
