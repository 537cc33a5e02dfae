"""The order of windows follows the server's events, and what one window takes of another is counted once."""

import pytest

from candidate_agent.platforms.linux.stack import Child, Stack, covered_share, overlap

BOX = (0, 0, 100, 100)


def stack() -> Stack:
    return Stack(Child(number, BOX, mapped=True) for number in (1, 2, 3))


def above(known: Stack, number: int) -> list[int]:
    return [child.id for child in known.above(number)]


def test_a_raised_window_lies_above_and_one_that_is_unmapped_lies_nowhere() -> None:
    known = stack()
    assert known.configure(1, BOX, above=3)
    assert above(known, 3) == [1]
    assert known.configure(3, BOX, above=0)
    assert above(known, 3) == [2, 1]
    known.show(2, mapped=False)
    assert above(known, 3) == [1]
    assert [child.id for child in known.seen()] == [3, 1]


def test_an_event_of_an_unknown_window_is_known_not_to_fit() -> None:
    known = stack()
    assert not known.configure(1, BOX, above=77)
    assert not known.configure(77, BOX, above=0)
    assert above(known, 77) == []


def test_the_same_event_twice_changes_nothing() -> None:
    known = stack()
    for _ in range(2):
        known.add(Child(4, BOX))
        known.show(4, mapped=True)
        known.remove(2)
        known.circulate(1, to_top=True)
    assert [child.id for child in known.seen()] == [3, 4, 1]


@pytest.mark.parametrize(
    ("box", "pixels"), [((50, 50, 100, 100), 2500), ((100, 0, 10, 10), 0), ((-10, -10, 300, 300), 10000)]
)
def test_pixels_that_two_windows_share(box: tuple[int, int, int, int], pixels: int) -> None:
    assert overlap(BOX, box) == pixels
    assert covered_share(BOX, [box]) == pixels / 10000


def test_a_window_of_no_size_is_not_covered() -> None:
    assert covered_share((0, 0, 0, 0), [BOX]) == 0
