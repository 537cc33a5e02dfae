"""The bounded queues of capture. `Latest` drops the oldest and counts; where nothing may be lost, `queue.Queue`."""

import threading
from collections import deque
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Latest(Generic[Item]):
    """At most `limit` items; a new one pushes the oldest out. `put` never blocks. Many writers, one reader.

    Closed, it takes nothing more: a device that gives without a pause would keep its reader from ever ending.
    """

    def __init__(self, limit: int) -> None:
        self._items: deque[Item] = deque()
        self._limit = limit
        self._changed = threading.Condition()
        self._closed = False
        self.dropped = 0

    def put(self, item: Item) -> None:
        with self._changed:
            if self._closed:
                return
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
