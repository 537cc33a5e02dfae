"""What the hook makes of keys, one after the other, without Windows behind it."""

from collections.abc import Callable

import pytest

from candidate_agent.platforms.ports import CombinationPressed, KeyEvent, KeysCounted
from candidate_agent.platforms.windows import api, keys

WINDOWS, D, ALT, TAB = 0x5B, ord("D"), 0xA4, 0x09
DOWN, UP, INJECTED = 0, 0x80, 0x10


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    time = [100.0]
    monkeypatch.setattr(keys.time, "monotonic", lambda: time[0])
    return time


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    down: set[int] = set()
    monkeypatch.setattr(keys, "_is_down", down.__contains__)
    return down


def hook(told: list[KeyEvent]) -> Callable[[int, int], bool]:
    return keys._Hook(told.append)._is_swallowed


def test_the_windows_key_takes_what_is_pressed_with_it_along(now: list[float], held: set[int]) -> None:
    told: list[KeyEvent] = []
    press = hook(told)
    assert [press(WINDOWS, DOWN), press(D, DOWN), press(D, UP), press(WINDOWS, UP)] == [True] * 4
    assert [press(D, DOWN), press(D, UP)] == [False, False]
    assert told == [CombinationPressed("Super"), CombinationPressed("Super+D")]


def test_a_key_that_is_held_down_is_told_once(now: list[float], held: set[int]) -> None:
    told: list[KeyEvent] = []
    press = hook(told)
    held.add(keys._ALT)
    assert [press(TAB, DOWN), press(TAB, DOWN), press(TAB, UP)] == [True] * 3
    assert told == [CombinationPressed("Alt+Tab")]


def test_a_windows_key_let_go_on_another_desktop_does_not_end_typing(now: list[float], held: set[int]) -> None:
    told: list[KeyEvent] = []
    watch = keys._Hook(told.append)
    watch._is_swallowed(WINDOWS, DOWN)
    watch._desktop_switched()
    assert not watch._is_swallowed(D, DOWN)
    watch._is_swallowed(WINDOWS, DOWN)
    now[0] += keys.STUCK_S
    assert not watch._is_swallowed(D, DOWN)


def test_presses_are_counted_without_repeats_and_those_of_programs_apart(
    now: list[float], held: set[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "set_hook", lambda *_: 1)
    monkeypatch.setattr(api, "unhook", lambda *_: 1)
    monkeypatch.setattr(api, "module_handle", lambda *_: 0)
    told: list[KeyEvent] = []
    watch = keys._Hook(told.append)
    for key, flags in ((D, DOWN), (D, DOWN), (D, UP), (D, DOWN | INJECTED), (D, UP | INJECTED)):
        assert not watch._is_swallowed(key, flags)
    now[0] += 1.0
    watch.tick()
    watch.tick()
    assert watch.is_set
    assert told == [KeysCounted(pressed=2, injected=1, over_ms=1000)]
    now[0] += keys.FRESH_S
    assert not watch.is_set  # its thread stands still
