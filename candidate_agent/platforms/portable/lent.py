"""Memory for pictures that is used again: a picture is a megabyte and more, and several a second are taken.

`Lender.lend` gives an array; once nothing looks at it or at a part of it any more, its memory is lent again. Any thread
may let go of one, all else happens on the borrower's thread. Used by streams of screens and cameras.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]
Mark = TypeVar("Mark")


@dataclass(frozen=True, slots=True, eq=False)
class Piece(Generic[Mark]):
    """`mark`: what its maker knows it by."""

    pixels: Image
    mark: Mark


class _Loan(Generic[Mark]):
    """What an array and every slice of it hold on to: gives the memory back when the last of them is gone."""

    def __init__(self, piece: Piece[Mark], take_back: Callable[[Piece[Mark]], None]) -> None:
        self._piece, self._take_back = piece, take_back
        self.__array_interface__: dict[str, Any] = piece.pixels.__array_interface__

    def __del__(self) -> None:
        self._take_back(self._piece)


class Lender(Generic[Mark]):
    """Of what has come back one piece is lent again, and the rest is not needed any more."""

    def __init__(self, make: Callable[[int, int], Piece[Mark]], drop: Callable[[Piece[Mark]], None]) -> None:
        """`make(height, width)`; `drop` is told of what is not kept."""
        self._make, self._drop = make, drop
        self._back: deque[Piece[Mark]] = deque()
        self._ended = False

    def lend(self, height: int, width: int) -> tuple[Image, Mark]:
        """A piece with anything in it, and the mark of its memory."""
        returned = self._returned()
        piece = next((each for each in returned if each.pixels.shape[:2] == (height, width)), None)
        for other in returned:
            if other is not piece:
                self._drop(other)
        if piece is None:
            piece = self._make(height, width)
        return np.asarray(_Loan(piece, self._take_back)), piece.mark

    def end(self) -> None:
        """Nothing is kept. What is still lent lives as long as somebody looks at it."""
        self._ended = True
        for piece in self._returned():
            self._drop(piece)

    def _take_back(self, piece: Piece[Mark]) -> None:
        if not self._ended:
            self._back.append(piece)

    def _returned(self) -> list[Piece[Mark]]:
        return [self._back.popleft() for _ in range(len(self._back))]
