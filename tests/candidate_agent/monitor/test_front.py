"""The front is asked for at once, then again, and never at full speed for ever."""

from itertools import pairwise

from candidate_agent.monitor.front import MANY_TAKES, FrontKeeper


def takes_in(keeper: FrontKeeper, seconds: int, every_us: int = 1000) -> int:
    return sum(keeper.take(now_us) for now_us in range(0, seconds * 1_000_000, every_us))


def test_what_is_held_is_not_taken() -> None:
    keeper = FrontKeeper()
    keeper.see("focus", True)
    assert not keeper.take(0)


def test_it_is_taken_until_everything_is_held_again() -> None:
    keeper = FrontKeeper()
    keeper.see("focus", False)
    keeper.see("cover", False)
    assert keeper.take(0)
    keeper.see("focus", True)
    assert keeper.take(200_000)
    keeper.see("cover", True)
    assert not keeper.take(400_000)


def test_at_most_ten_takes_a_second_and_fewer_when_somebody_insists() -> None:
    keeper = FrontKeeper()
    keeper.see("focus", False)
    assert takes_in(keeper, 1) == 10
    assert takes_in(keeper, 60) <= MANY_TAKES + 2 * 60


def test_also_after_a_long_fight_a_loss_is_answered_within_a_second() -> None:
    keeper = FrontKeeper()
    keeper.see("focus", False)
    taken = [now_us for now_us in range(0, 60_000_000, 1000) if keeper.take(now_us)]
    assert max(later - before for before, later in pairwise(taken)) < 1_000_000
