"""The children of the root window as the server's own events tell them: order, place, seen or not. Pure.

Kept by the watch of `windows`, so that one more window costs one event and not a look at all of them. A desktop has
some two hundred such children, most of them never seen.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

Box = tuple[int, int, int, int]  # x, y, width, height


@dataclass(frozen=True, slots=True)
class Child:
    id: int
    box: Box
    mapped: bool = False


class Stack:
    """Lowest first. Telling the same event twice changes nothing."""

    def __init__(self, children: Iterable[Child] = ()) -> None:
        self._order: list[int] = []
        self._children: dict[int, Child] = {}
        for child in children:
            self.add(child)

    def __contains__(self, number: int) -> bool:
        return number in self._children

    def add(self, child: Child) -> None:
        """On top of all others."""
        self.remove(child.id)
        self._children[child.id] = child
        self._order.append(child.id)

    def remove(self, number: int) -> None:
        if self._children.pop(number, None) is not None:
            self._order.remove(number)

    def show(self, number: int, mapped: bool) -> None:
        if number in self._children:
            self._children[number] = replace(self._children[number], mapped=mapped)

    def configure(self, number: int, box: Box, above: int) -> bool:
        """Another place, and right above another child (0: below all). False: it does not know that other child."""
        if number not in self._children or (above and above not in self._children):
            return False
        self._children[number] = replace(self._children[number], box=box)
        self._order.remove(number)
        self._order.insert(self._order.index(above) + 1 if above else 0, number)
        return True

    def circulate(self, number: int, to_top: bool) -> None:
        if number in self._children:
            self._order.remove(number)
            self._order.insert(len(self._order) if to_top else 0, number)

    def seen(self) -> tuple[Child, ...]:
        return tuple(child for child in map(self._children.__getitem__, self._order) if child.mapped)

    def above(self, number: int) -> tuple[Child, ...]:
        """Those that can be seen and lie above that child."""
        if number not in self._children:
            return ()
        higher = self._order[self._order.index(number) + 1 :]
        return tuple(child for child in map(self._children.__getitem__, higher) if child.mapped)


def overlap(one: Box, other: Box) -> int:
    """Pixels that both cover."""
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    return max(0, width) * max(0, height)


def covered_share(under: Box, over: Iterable[Box]) -> float:
    """Share of `under` that lies below the boxes of one window, which do not overlap each other, 0..1."""
    area = under[2] * under[3]
    return min(1.0, sum(overlap(under, box) for box in over) / area) if area else 0.0
