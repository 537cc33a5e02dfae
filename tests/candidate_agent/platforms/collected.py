"""Events of a watch, collected, and waited for with a deadline."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")

WITHIN_S = 15.0


class Collected(Generic[T]):
    def __init__(self) -> None:
        self.events: list[T] = []
        self._changed = threading.Condition()

    def __call__(self, event: T) -> None:
        with self._changed:
            self.events.append(event)
            self._changed.notify_all()

    def wait(self, wanted: Callable[[T], bool], within_s: float = WITHIN_S) -> T:
        with self._changed:
            came = self._changed.wait_for(lambda: any(wanted(event) for event in self.events), within_s)
            assert came, f"did not come within {within_s} s; came: {self.events}"
            return next(event for event in self.events if wanted(event))
