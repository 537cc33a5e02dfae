"""The hook holds what leaves the exam and lets typing through, counts it, and comes back when Windows took it away.
Keys are real ones of the X server around Wine, or sent by a second Windows process."""

from collections.abc import Iterator

import pytest

from candidate_agent.platforms.ports import CombinationPressed, KeyEvent, KeysCounted
from candidate_agent.platforms.windows import api
from candidate_agent.platforms.windows.keys import WindowsKeys
from tests.candidate_agent.platforms.collected import Collected
from tests.candidate_agent.platforms.windows.rig import WindowsRig
from tests.candidate_agent.platforms.windows.shown import ShownWindow, shown
from tests.rig.xserver import wait_for

ALT, TAB = 0x12, 0x09


@pytest.fixture
def exam(rig: WindowsRig) -> Iterator[ShownWindow]:
    with shown() as window:
        rig.focus(window)
        yield window


def codes(text: str) -> list[int]:
    return [ord(letter.upper()) for letter in text]


@pytest.mark.parametrize("order", ["super+d", "Print", "alt+Tab", "alt+F4", "ctrl+Escape", "alt+space", "Menu", "F12"])
def test_what_leaves_the_exam_does_not_reach_even_the_exam(rig: WindowsRig, exam: ShownWindow, order: str) -> None:
    seen: Collected[KeyEvent] = Collected()
    close = WindowsKeys().watch(seen)
    rig.order(f"key {order}")
    seen.wait(lambda event: isinstance(event, CombinationPressed) and not event.injected)
    rig.order("key x")  # what was sent before has arrived by then
    wait_for(lambda: ord("X") in exam.keys, "the letter")
    close()
    modifiers = {0x10, 0x11, 0x12}
    assert [key for key in exam.keys if key not in modifiers] == [ord("X")]


def test_typing_arrives_whole_and_in_order_and_is_counted_but_never_told(rig: WindowsRig, exam: ShownWindow) -> None:
    text = "the quick brown fox jumps over the lazy dog".replace(" ", "") * 3
    seen: Collected[KeyEvent] = Collected()
    close = WindowsKeys().watch(seen)
    rig.order(f"type {text}")
    wait_for(lambda: len(exam.keys) >= len(text), "what was typed")

    def counted() -> int:
        return sum(event.pressed for event in seen.events if isinstance(event, KeysCounted))

    wait_for(lambda: counted() == len(text), "the count", 5)
    close()
    assert exam.keys == codes(text)
    assert {type(event) for event in seen.events} == {KeysCounted}
    assert sum(event.injected for event in seen.events if isinstance(event, KeysCounted)) == 0


def test_keys_that_a_program_sends_are_told_as_such(rig: WindowsRig, exam: ShownWindow) -> None:
    seen: Collected[KeyEvent] = Collected()
    close = WindowsKeys().watch(seen)
    rig.hands.do("keys", [ALT, TAB])
    seen.wait(lambda event: event == CombinationPressed("Alt+Tab", injected=True))
    rig.hands.do("keys", codes("sent"))
    seen.wait(lambda event: isinstance(event, KeysCounted) and event.injected > 0)
    close()
    assert not any(isinstance(event, KeysCounted) and event.injected != event.pressed for event in seen.events)


def test_a_hook_that_windows_took_away_is_set_again(rig: WindowsRig, exam: ShownWindow) -> None:
    port = WindowsKeys()
    seen: Collected[KeyEvent] = Collected()
    close = port.watch(seen)
    first = port._in_force[0]._hook
    assert port.held() and api.unhook(first)
    wait_for(lambda: port._in_force[0]._hook != first, "a new hook", 3)
    rig.order("key Print")
    seen.wait(lambda event: event == CombinationPressed("Print"))
    close()
    assert not port.held()
