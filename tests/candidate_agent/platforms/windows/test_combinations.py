"""What leaves the exam is swallowed and named; typing passes, with every layout; no typed letter is ever named."""

import pytest

from candidate_agent.platforms.windows.combinations import PASS, Held, Verdict, verdict

TAB, ESCAPE, SPACE, F4, F10, PRINT, MENU, DELETE, LEFT = 0x09, 0x1B, 0x20, 0x73, 0x79, 0x2C, 0x5D, 0x2E, 0x25
WINDOWS, RIGHT_WINDOWS = 0x5B, 0x5C
CTRL, ALT, BOTH = Held(ctrl=True), Held(alt=True), Held(ctrl=True, alt=True)
ALT_GR = Held(ctrl=True, alt=True, alt_gr=True)


@pytest.mark.parametrize(
    ("key", "held", "name"),
    [
        (WINDOWS, Held(), "Super"), (RIGHT_WINDOWS, CTRL, "Ctrl+Super"), (TAB, ALT, "Alt+Tab"),
        (TAB, Held(alt=True, shift=True), "Alt+Shift+Tab"), (ESCAPE, ALT, "Alt+Escape"), (F4, ALT, "Alt+F4"),
        (SPACE, ALT, "Alt+Space"), (F10, ALT, "Alt+F10"), (ESCAPE, CTRL, "Ctrl+Escape"),
        (ESCAPE, Held(ctrl=True, shift=True), "Ctrl+Shift+Escape"), (PRINT, Held(), "Print"), (PRINT, ALT, "Alt+Print"),
        (MENU, Held(), "Menu"), (ord("D"), Held(windows=True), "Super+D"), (TAB, Held(windows=True), "Super+Tab"),
        (LEFT, Held(windows=True), "Super+Left"), (ord("T"), BOTH, "Ctrl+Alt+T"), (DELETE, BOTH, "Ctrl+Alt+Delete"),
        (TAB, ALT_GR, "Ctrl+Alt+Tab"), (0x7B, Held(), "F12"), (0xB7, Held(), "Launch 2"),
        (0xA6, Held(), "Browser back"), (0x5F, Held(), "Sleep"),
    ],
)  # fmt: skip
def test_what_leaves_the_exam_is_kept_in_and_named(key: int, held: Held, name: str) -> None:
    assert verdict(key, held) == Verdict(name, swallow=True)


@pytest.mark.parametrize("letter", "CVXPSTNW")
def test_what_the_exam_page_decides_about_is_named_and_passed_on(letter: str) -> None:
    assert verdict(ord(letter), CTRL) == Verdict(f"Ctrl+{letter}", swallow=False)


def test_typing_passes_unnamed_on_every_key() -> None:
    other = {PRINT, MENU, WINDOWS, RIGHT_WINDOWS, 0x5F, 0x70, 0x7A, 0x7B}
    typed = [key for key in range(0x08, 0x7C) if key not in other] + list(range(0xBA, 0xE0))
    found = {key: [verdict(key, held) for held in (Held(), Held(shift=True))] for key in typed}
    assert not any(each.swallow for verdicts in found.values() for each in verdicts)
    characters = [*range(0x30, 0x3A), *range(0x41, 0x5B), *range(0x60, 0x6A), *range(0xBA, 0xE0), 0x20]
    assert {each for key in characters for each in found[key]} == {PASS}


def test_letters_typed_with_alt_gr_pass_whatever_they_are() -> None:
    keys = [*range(0x30, 0x3A), *range(0x41, 0x5B), 0xBA, 0xE2]
    assert {verdict(key, held) for key in keys for held in (ALT_GR, Held(True, True, True, alt_gr=True))} == {PASS}


def test_volume_and_characters_by_number_pass() -> None:
    assert {verdict(key, Held()) for key in (0xAD, 0xAE, 0xAF)} == {PASS}
    assert {verdict(key, ALT) for key in range(0x60, 0x6A)} == {PASS}


def test_a_letter_that_may_have_been_typed_with_the_left_alt_is_kept_in_but_not_told() -> None:
    found = verdict(ord("Q"), BOTH)
    assert found.swallow and "Q" not in found.name and found.name.endswith("another key")


def test_modifiers_alone_pass() -> None:
    assert {verdict(key, Held(ctrl=True, alt=True)) for key in (0x10, 0x11, 0x12, 0xA0, 0xA3, 0xA4, 0xA5)} == {PASS}
