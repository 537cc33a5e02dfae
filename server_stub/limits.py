"""How often somebody may be wrong: a sliding window of failures per address or login. Pure."""

from collections import OrderedDict, deque

MAX_KEYS = 10_000


class FailureLimit:
    """Counts failures only: a whole class behind one address may enrol in one minute."""

    def __init__(self, failures: int, window_s: float) -> None:
        self._failures, self._window_s = failures, window_s
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()

    def allows(self, key: str, now_s: float) -> bool:
        times = self._seen.get(key)
        while times and times[0] <= now_s - self._window_s:
            times.popleft()
        return not times or len(times) < self._failures

    def failed(self, key: str, now_s: float) -> None:
        """The oldest key is forgotten when there are too many."""
        self._seen.setdefault(key, deque(maxlen=self._failures)).append(now_s)
        self._seen.move_to_end(key)
        if len(self._seen) > MAX_KEYS:
            self._seen.popitem(last=False)
