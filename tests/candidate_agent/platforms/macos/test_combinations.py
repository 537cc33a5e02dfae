"""The table names what leaves the exam, keeps that in, lets the page's own through, and never names typing."""

import string

import pytest

from candidate_agent.platforms.macos.combinations import (
    CMD,
    CTRL,
    FN,
    KEPT_IN,
    KEYS,
    LETTERS,
    OPT,
    SHIFT,
    TOLD_ONLY,
    combination,
    needs_letter,
)

CODES = {name: code for code, name in KEYS.items()} | {name: code for code, name in LETTERS.items()}
ARROW_MARKS = FN | 0x200000  # arrows carry these by themselves


@pytest.mark.parametrize(
    ("key", "flags", "name"),
    [
        ("Tab", CMD, "Cmd+Tab"),
        ("Tab", CMD | SHIFT, "Cmd+Shift+Tab"),
        ("Space", CMD, "Cmd+Space"),
        ("q", CMD, "Cmd+Q"),
        ("h", CMD, "Cmd+H"),
        ("m", CMD, "Cmd+M"),
        ("Esc", CMD | OPT, "Cmd+Opt+Esc"),
        ("3", CMD | SHIFT, "Cmd+Shift+3"),
        ("4", CMD | SHIFT, "Cmd+Shift+4"),
        ("5", CMD | SHIFT, "Cmd+Shift+5"),
        ("4", CMD | SHIFT | CTRL, "Ctrl+Cmd+Shift+4"),
        ("q", CMD | CTRL, "Ctrl+Cmd+Q"),
        ("Left", CTRL | ARROW_MARKS, "Ctrl+Left"),
        ("Up", CTRL | ARROW_MARKS, "Ctrl+Up"),
        ("2", CTRL, "Ctrl+2"),
        ("F11", FN, "F11"),
        ("Mission Control", FN, "Mission Control"),
        ("Launchpad", 0, "Launchpad"),
        ("n", FN, "Fn+N"),
    ],
)
def test_what_leaves_the_exam_is_named_and_kept_in(key: str, flags: int, name: str) -> None:
    known = combination(CODES[key], flags)
    assert known is not None
    assert (known.name, known.kept_in) == (name, True)


@pytest.mark.parametrize("key", ["c", "v", "x", "p", "s"])
def test_what_the_page_may_use_is_told_and_let_through(key: str) -> None:
    known = combination(CODES[key], CMD, key)
    assert known is not None
    assert (known.name, known.kept_in) == (f"Cmd+{key.upper()}", False)


@pytest.mark.parametrize("flags", [0, SHIFT, OPT, OPT | SHIFT, 0x10000])
@pytest.mark.parametrize("code", [*LETTERS, *(code for code, name in KEYS.items() if len(name) == 1), 0x30, 0x31, 0x35])
def test_typing_has_no_name(code: int, flags: int) -> None:
    """Letters, digits, dead keys with Option, capitals, Tab, Space and Escape."""
    assert combination(code, flags) is None
    assert not needs_letter(code, flags)


@pytest.mark.parametrize("code", range(128))
def test_what_a_key_types_is_asked_only_where_a_modifier_makes_a_combination_of_it(code: int) -> None:
    assert not needs_letter(code, SHIFT | OPT)
    if code in KEYS:
        assert not needs_letter(code, CMD)


def test_a_letter_is_the_one_of_the_layout() -> None:
    french_q, american_q = 0x00, 0x0C  # AZERTY has q where a is
    known = combination(french_q, CMD, "q")
    assert known is not None and known.name == "Cmd+Q"
    assert combination(american_q, CMD, "a") is None


def test_without_latin_letters_the_place_of_the_key_counts() -> None:
    known = combination(0x0C, CMD, "й")
    assert known is not None and known.name == "Cmd+Q"


def test_control_characters_stand_for_their_letters() -> None:
    known = combination(0x0C, CMD | CTRL, "\x11")
    assert known is not None and known.name == "Ctrl+Cmd+Q"


@pytest.mark.parametrize(
    ("key", "flags"),
    [
        ("a", CMD),
        ("Left", CMD | ARROW_MARKS),
        ("Left", OPT | ARROW_MARKS),
        ("Space", CTRL),
        ("F5", CMD | FN),
        ("F5", CMD | OPT | FN),
    ],
)
def test_editing_input_sources_and_help_for_people_stay_free(key: str, flags: int) -> None:
    assert combination(CODES[key], flags, key if len(key) == 1 else "") is None


def test_every_key_of_the_tables_can_be_found() -> None:
    for table in (KEPT_IN, TOLD_ONLY):
        for keys in table.values():
            assert keys <= set(KEYS.values()) | set(LETTERS.values())
    assert all(letter in string.ascii_lowercase for letter in LETTERS.values())
