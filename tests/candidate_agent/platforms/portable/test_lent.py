"""Memory is lent again when nobody looks at it any more, and not a moment before."""

import numpy as np

from candidate_agent.platforms.portable.lent import Lender, Piece


class Store:
    def __init__(self) -> None:
        self.made = 0
        self.dropped: list[int] = []
        self.lender: Lender[int] = Lender(self._make, lambda piece: self.dropped.append(piece.mark))

    def _make(self, height: int, width: int) -> Piece[int]:
        self.made += 1
        return Piece(np.zeros((height, width, 4), np.uint8), self.made)


def test_two_pieces_serve_whoever_keeps_one_picture_while_the_next_is_taken() -> None:
    store = Store()
    kept, _ = store.lender.lend(4, 6)
    for value in range(1, 20):
        taken, _ = store.lender.lend(4, 6)
        taken[:] = value
        kept = taken
        del taken
    assert store.made == 2 and store.dropped == [] and kept[0, 0, 0] == 19


def test_a_part_of_a_picture_keeps_all_of_it() -> None:
    store = Store()
    picture, mark = store.lender.lend(4, 6)
    picture[:] = 7
    part = picture[1:3, :, :3]
    del picture
    other, _ = store.lender.lend(4, 6)
    other[:] = 1
    assert part.shape == (2, 6, 3) and (part == 7).all()
    del part, other
    marks = {store.lender.lend(4, 6)[1] for _ in range(3)}
    assert store.made == 2 and marks <= {1, 2} and mark == 1


def test_what_was_needed_once_in_a_rush_is_let_go() -> None:
    store = Store()
    queued = [store.lender.lend(4, 6) for _ in range(6)]
    queued.clear()
    store.lender.lend(4, 6)
    assert store.made == 6 and len(store.dropped) == 5


def test_another_size_takes_new_memory_and_lets_the_old_go() -> None:
    store = Store()
    store.lender.lend(4, 6)
    picture, mark = store.lender.lend(8, 6)
    assert picture.shape == (8, 6, 4) and mark == 2 and store.dropped == [1]


def test_at_the_end_what_is_still_looked_at_stays_readable() -> None:
    store = Store()
    picture, _ = store.lender.lend(4, 6)
    picture[:] = 9
    store.lender.lend(4, 6)
    store.lender.end()
    assert store.dropped == [2] and (picture == 9).all()


def test_a_picture_may_be_written_into() -> None:
    picture, _ = Store().lender.lend(4, 6)
    assert picture.flags.writeable and picture.flags.c_contiguous
