"""What is undone again and again makes one flag at once and one a minute, and none is forgotten in the count."""

from candidate_agent.lockdown.slips import Slip, Slips

S = 1_000_000


def test_the_first_is_told_at_once_and_the_rest_once_a_minute() -> None:
    slips = Slips()
    told = [(at, slip) for at in range(130) for slip in slips.note(["keys"], at * S)]
    assert told == [
        (0, Slip("keys", 1, 0, 0)),
        (60, Slip("keys", 60, 1 * S, 60 * S)),
        (120, Slip("keys", 60, 61 * S, 120 * S)),
    ]


def test_what_waits_is_told_when_the_minute_is_over_though_nothing_new_came() -> None:
    slips = Slips()
    assert slips.note(["keys"], 0) and not slips.note(["keys"], S)
    assert not slips.note([], 30 * S)
    assert slips.note([], 60 * S) == (Slip("keys", 1, S, S),)
    assert not slips.note([], 200 * S)


def test_measures_do_not_wait_for_each_other() -> None:
    slips = Slips()
    slips.note(["keys"], 0)
    assert slips.note(["saver", "keys"], S) == (Slip("saver", 1, S, S),)
