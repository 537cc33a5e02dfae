"""The closed table: what leaves the exam has a name, what is typed has none."""

import string

import pytest

from candidate_agent.platforms.portable.combinations import combination


def named(written: str) -> str:
    *held, key = written.split("+")
    down = {name: name in held for name in ("ctrl", "alt", "super_", "shift")}
    return combination(key, **down)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Super_L", "Super"), ("super_+e", "Super+E"), ("super_+shift+s", "Super+Shift+S"), ("super_+1", "Super+1"),
        ("super_+ctrl+Left", "Super+Ctrl+Left"), ("super_+Print", "Print"), ("alt+Tab", "Alt+Tab"),
        ("alt+shift+Tab", "Alt+Shift+Tab"), ("alt+Escape", "Alt+Escape"), ("alt+F1", "Alt+F1"),
        ("alt+F10", "Alt+F10"), ("alt+space", "Alt+Space"), ("ctrl+alt+Delete", "Ctrl+Alt+Delete"),
        ("ctrl+alt+shift+Up", "Ctrl+Alt+Shift+Up"), ("ctrl+alt+d", "Ctrl+Alt+D"), ("Print", "Print"),
        ("shift+Print", "Shift+Print"), ("ctrl+alt+Print", "Ctrl+Alt+Print"), ("Menu", "Menu"),
        ("shift+F10", "Shift+F10"), ("ctrl+Escape", "Ctrl+Escape"), ("ctrl+shift+Escape", "Ctrl+Shift+Escape"),
        ("shift+Escape", "Shift+Escape"), ("F1", "F1"), ("F11", "F11"), ("F12", "F12"),
        ("ctrl+shift+i", "Ctrl+Shift+I"), ("ctrl+shift+j", "Ctrl+Shift+J"), ("ctrl+u", "Ctrl+U"),
        ("ctrl+o", "Ctrl+O"), ("shift+Insert", "Shift+Insert"), ("ctrl+F4", "Ctrl+F4"),
        ("ctrl+Page_Down", "Ctrl+PageDown"), ("XF86Calculator", "Calculator"), ("XF86WWW", "WWW"),
    ],
)  # fmt: skip
def test_what_leaves_the_exam_has_a_name(written: str, name: str) -> None:
    assert named(written) == name


@pytest.mark.parametrize("key", [*string.ascii_lowercase, *string.digits, "space", "Return", "Tab", "Left", "Delete"])
def test_what_is_typed_has_none(key: str) -> None:
    assert named(key) == ""
    assert key == "Delete" or named(f"shift+{key}") == ""


@pytest.mark.parametrize("written", ["ctrl+a", "ctrl+z", "ctrl+shift+z", "ctrl+b", "ctrl+Left", "ctrl+shift+Left",
                                     "ctrl+BackSpace", "F2", "XF86AudioRaiseVolume"])  # fmt: skip
def test_editing_sound_and_brightness_are_nobodys_business(written: str) -> None:
    assert named(written) == ""
