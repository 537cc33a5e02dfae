"""The bounded queues of capture. `Latest` drops the oldest and counts; `Gathering` loses nothing and blocks."""

import threading
from collections import deque
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Latest(Generic[Item]):
    """At most `limit` items; a new one pushes the oldest out. `put` never blocks. Many writers, one reader."""

    def __init__(self, limit: int) -> None:
        self._items: deque[Item] = deque()
        self._limit = limit
        self._changed = threading.Condition()
        self._closed = False
        self.dropped = 0

    def put(self, item: Item) -> None:
        with self._changed:
            if len(self._items) == self._limit:
                self._items.popleft()
                self.dropped += 1
            self._items.append(item)
            self._changed.notify()

    def get(self, timeout_s: float) -> Item | None:
        """None after `timeout_s`, and at once when closed and empty."""
        with self._changed:
            self._changed.wait_for(lambda: self._items or self._closed, timeout_s)
            return self._items.popleft() if self._items else None

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def finished(self) -> bool:
        """Closed, and everything taken out."""
        with self._changed:
            return self._closed and not self._items

    def __len__(self) -> int:
        return len(self._items)


class Gathering(Generic[Item]):
    """What was put in is taken out together, so that many small things wake their reader once: at once where one is
    urgent or half of the room is taken, else after `patience_s`. `put` blocks while there is no room.
    """

    def __init__(self, limit: int, patience_s: float) -> None:
        self._items: list[Item] = []
        self._limit, self._patience_s = limit, patience_s
        lock = threading.Lock()
        self._due, self._room = threading.Condition(lock), threading.Condition(lock)
        self._is_due = self._closed = False

    def put(self, item: Item, *, urgent: bool) -> None:
        with self._room:
            self._room.wait_for(lambda: len(self._items) < self._limit)
            self._items.append(item)
            if urgent or len(self._items) * 2 >= self._limit:
                self._is_due = True
                self._due.notify()

    def take(self) -> list[Item] | None:
        """In the order in which they came; none where nothing came for a while. None: closed, and everything taken."""
        with self._due:
            self._due.wait_for(lambda: self._is_due or self._closed, self._patience_s)
            if self._closed and not self._items:
                return None
            taken, self._items, self._is_due = self._items, [], False
            self._room.notify_all()
            return taken

    def close(self) -> None:
        with self._due:
            self._closed = True
            self._due.notify_all()
