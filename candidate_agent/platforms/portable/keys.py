"""Attempts at combinations that would leave the exam, by pynput's listener: for systems without a watch of their own.

Every key comes by here; what is in no row of `combinations` is dropped at once, and only names are told. On X11 the
agent uses XRecord itself (docs/adr/0008), which need not turn keys into characters and knows a second layout.
"""

from collections.abc import Callable
from typing import Any

from candidate_agent.platforms.portable.combinations import NAMES, combination
from candidate_agent.platforms.ports import Closer, CombinationPressed, KeyEvent

JOIN_S = 2.0
_MODIFIERS = {
    "ctrl": "ctrl", "ctrl_l": "ctrl", "ctrl_r": "ctrl", "alt": "alt", "alt_l": "alt", "alt_r": "alt",
    "shift": "shift", "shift_l": "shift", "shift_r": "shift", "cmd": "super_", "cmd_l": "super_", "cmd_r": "super_",
}  # fmt: skip
_X_NAMES = {
    "tab": "Tab", "esc": "Escape", "space": "space", "print_screen": "Print", "menu": "Menu", "delete": "Delete",
    "backspace": "BackSpace", "left": "Left", "right": "Right", "up": "Up", "down": "Down", "cmd": "Super_L",
    "cmd_l": "Super_L", "cmd_r": "Super_R",
}  # fmt: skip
_X_NAMES |= {f"f{number}": f"F{number}" for number in range(1, 13)}
_LETTERS = range(0x41, 0x5B)  # virtual key codes of A to Z on Windows, where Ctrl hides the letter


def x_name(key: Any) -> str:
    """The X name of a pynput key that the table knows, else ""."""
    name = getattr(key, "name", None)
    if name is not None:
        return _X_NAMES.get(name, "")
    character, code = getattr(key, "char", None), getattr(key, "vk", None)
    if character is not None and character.isprintable():
        letter = character.lower()
    else:
        letter = chr(code).lower() if isinstance(code, int) and code in _LETTERS else ""
    return letter if letter in NAMES else ""


class PynputKeys:
    def held(self) -> bool:
        return False  # it looks on; it keeps nothing in

    def watch(self, emit: Callable[[KeyEvent], None]) -> Closer:
        from pynput import keyboard  # its import already asks the desktop

        held: set[str] = set()

        def pressed(key: Any) -> None:
            name = x_name(key)
            told = name and combination(name, **{each: each in held for each in ("ctrl", "alt", "super_", "shift")})
            held.update(_modifier(key))
            if told:
                emit(CombinationPressed(told))

        def released(key: Any) -> None:
            held.difference_update(_modifier(key))

        listener = keyboard.Listener(on_press=pressed, on_release=released)
        listener.start()
        listener.wait()
        return _closer(listener)


def _modifier(key: Any) -> set[str]:
    name = _MODIFIERS.get(getattr(key, "name", None) or "")
    return {name} if name else set()


def _closer(listener: Any) -> Closer:
    def end() -> None:
        listener.stop()
        listener.join(JOIN_S)

    return end
