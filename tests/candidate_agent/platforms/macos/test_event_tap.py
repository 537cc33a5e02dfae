"""Key presses: kept in or let through, counted, and never told by their character."""

import pytest

from candidate_agent.platforms.macos.combinations import CMD, SHIFT
from candidate_agent.platforms.macos.event_tap import Presses, by_program, hidden_by
from candidate_agent.platforms.ports import CombinationPressed

TAB, A = 0x30, 0x00


def press(presses: Presses, code: int, flags: int, *, injected: bool = False, repeated: bool = False) -> bool:
    return presses.passes(code, flags, "", injected=injected, repeated=repeated)


def test_a_combination_ends_here_and_typing_goes_on() -> None:
    seen: list[CombinationPressed] = []
    presses = Presses(seen.append)
    assert not press(presses, TAB, CMD)
    assert press(presses, A, 0) and press(presses, A, SHIFT) and press(presses, TAB, 0)
    assert seen == [CombinationPressed("Cmd+Tab")]


def test_a_key_that_is_held_down_is_kept_in_but_told_and_counted_once() -> None:
    seen: list[CombinationPressed] = []
    presses = Presses(seen.append)
    assert not press(presses, TAB, CMD)
    assert not press(presses, TAB, CMD, repeated=True)
    assert (len(seen), presses.take()) == (1, (1, 0))


def test_presses_are_counted_until_they_are_taken() -> None:
    presses = Presses(lambda event: None)
    press(presses, A, 0)
    press(presses, A, 0, injected=True)
    assert presses.take() == (2, 1)
    assert presses.take() == (0, 0)


def test_a_combination_sent_by_a_program_is_told_as_such() -> None:
    seen: list[CombinationPressed] = []
    press(Presses(seen.append), TAB, CMD, injected=True)
    assert seen == [CombinationPressed("Cmd+Tab", injected=True)]


@pytest.mark.parametrize(("pid", "state", "injected"), [(0, 1, False), (0, 0, False), (4711, 1, True), (0, -1, True)])
def test_a_posted_event_is_told_from_a_keyboard_s(pid: int, state: int, injected: bool) -> None:
    assert by_program(pid, state) == injected


def test_who_hides_the_keys_is_read_from_the_session() -> None:
    assert hidden_by({"kCGSSessionSecureInputPID": 812}) == 812
    assert hidden_by({"kCGSSessionOnConsoleKey": True}) == hidden_by(None) == 0
