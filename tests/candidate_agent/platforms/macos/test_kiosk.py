"""Presentation options: only such as AppKit accepts, whatever the toolkit set before."""

import pytest

from candidate_agent.platforms.macos.kiosk import (
    AUTO_HIDE_DOCK,
    AUTO_HIDE_MENU_BAR,
    AUTO_HIDE_TOOLBAR,
    FULL_SCREEN,
    HIDE_DOCK,
    HIDE_MENU_BAR,
    KIOSK,
    NO_FORCE_QUIT,
    NO_SESSION_END,
    NO_SWITCHING,
    is_allowed,
    wanted,
)


@pytest.mark.parametrize(
    "before",
    [
        0,
        FULL_SCREEN,
        FULL_SCREEN | AUTO_HIDE_DOCK | AUTO_HIDE_MENU_BAR,
        FULL_SCREEN | AUTO_HIDE_TOOLBAR | AUTO_HIDE_DOCK,
        HIDE_DOCK | HIDE_MENU_BAR,
    ],
)
def test_what_is_set_is_always_allowed_and_a_fixed_point(before: int) -> None:
    options = wanted(before)
    assert is_allowed(options)
    assert wanted(options) == options
    assert options & KIOSK == KIOSK


def test_full_screen_is_appkit_s_own_to_say() -> None:
    assert wanted(FULL_SCREEN) & FULL_SCREEN
    assert not wanted(0) & FULL_SCREEN


@pytest.mark.parametrize(
    "options",
    [
        HIDE_DOCK | AUTO_HIDE_DOCK,
        HIDE_DOCK | HIDE_MENU_BAR | AUTO_HIDE_MENU_BAR,
        HIDE_MENU_BAR,
        AUTO_HIDE_DOCK | HIDE_MENU_BAR,
        AUTO_HIDE_MENU_BAR,
        NO_SWITCHING,
        NO_FORCE_QUIT,
        NO_SESSION_END,
        HIDE_DOCK | AUTO_HIDE_TOOLBAR,
    ],
)
def test_appkit_s_rules_are_known(options: int) -> None:
    assert not is_allowed(options)


def test_nothing_at_all_is_allowed() -> None:
    assert is_allowed(0)
