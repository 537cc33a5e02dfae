"""What the hook makes of keys, one after the other, without Windows behind it."""

import ctypes
from collections.abc import Callable

import pytest

from candidate_agent.platforms.ports import CombinationPressed, KeyEvent, KeysCounted
from candidate_agent.platforms.windows import api, keys
from candidate_agent.platforms.windows.structures import KeyboardHookEvent

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


def test_a_key_that_our_earlier_hook_is_shown_too_counts_once_and_one_that_comes_between_is_judged(
    now: list[float], held: set[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[KeyEvent] = []
    watch = keys._Hook(told.append)
    typed, sent = KeyboardHookEvent(key=D, time=7), KeyboardHookEvent(key=WINDOWS, flags=INJECTED, time=7)
    answers = []

    def next_hook(_hook: None, code: int, message: int, place: int) -> int:
        monkeypatch.setattr(api, "call_next_hook", lambda *_: 0)
        answers.append(watch._key(0, message, ctypes.addressof(sent)))
        return watch._key(code, message, place)

    monkeypatch.setattr(api, "call_next_hook", next_hook)
    assert watch._key(0, 0x100, ctypes.addressof(typed)) == 0
    assert answers == [1]
    assert (watch._pressed, told) == (2, [CombinationPressed("Super", injected=True)])
