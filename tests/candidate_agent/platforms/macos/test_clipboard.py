"""The pasteboard: what is kept of it, and that it stays empty whoever fills it."""

import pytest

from candidate_agent.platforms.macos.clipboard import Watched, within_limit, worth_keeping
from candidate_agent.platforms.ports import ClipboardPiece, ClipboardTaken


@pytest.mark.parametrize("form", ["public.utf8-plain-text", "public.png", "public.html", "com.adobe.pdf"])
def test_formats_with_a_name_of_their_own_are_kept(form: str) -> None:
    assert worth_keeping(form)


@pytest.mark.parametrize(
    "form",
    [
        "dyn.ah62d4rv4gu8y6y4grf0gn5xbrzw1gydcr7u1e3cytf2gn",
        "NSStringPboardType",
        "Apple PNG pasteboard type",
        "com.apple.pasteboard.promised-file-url",
        "NeXT TIFF v4.0 pasteboard type",
    ],
)
def test_promises_old_names_and_made_up_formats_are_left_out(form: str) -> None:
    assert not worth_keeping(form)


def test_as_much_is_kept_as_fits_in_the_order_of_the_program() -> None:
    sizes = (("public.png", 60), ("public.tiff", 90), ("public.utf8-plain-text", 40), ("public.html", 1))
    pieces = [ClipboardPiece("general", form, b"x" * size) for form, size in sizes]
    assert [piece.form for piece in within_limit(pieces, 100)] == ["public.png", "public.utf8-plain-text"]


class Board:
    """A pasteboard as its count of changes tells it."""

    def __init__(self) -> None:
        self.changes = 7
        self.text = "old notes"

    def copy(self, text: str) -> None:
        self.changes, self.text = self.changes + 1, text

    def clear(self) -> int:
        self.copy("")
        return self.changes


def watched(board: Board, *, by_us: bool = False) -> Watched:
    return Watched("general", lambda: board.changes, board.clear, lambda: by_us)


def test_it_is_ours_only_after_it_was_taken_and_until_it_changes() -> None:
    board = Board()
    one = watched(board)
    assert not one.ours()
    one.take()
    assert one.ours() and board.text == ""
    board.copy("the answer is 42")
    assert not one.ours()


def test_what_another_program_copies_is_gone_and_told() -> None:
    board = Board()
    one = watched(board)
    one.take()
    board.copy("the answer is 42")
    assert one.look() == ClipboardTaken("general")
    assert board.text == "" and one.ours()
    assert one.look() is None


def test_what_we_copy_ourselves_is_gone_and_not_told() -> None:
    board = Board()
    one = watched(board, by_us=True)
    one.take()
    board.copy("from the exam page")
    assert one.look() is None
    assert board.text == "" and one.ours()
