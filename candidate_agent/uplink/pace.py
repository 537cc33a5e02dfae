"""How fast the rest is going, and how long it still takes: an honest guess from acknowledged bytes alone. Pure.

Fed again and again after the exam, by `showing` for the window and by `sending` for the command line. Only what the
server has acknowledged counts. Until there is enough to go by, and while nothing moves, there is no guess.
"""

import math

SETTLE_S = 4.0  # of movement before the first guess
STALL_S = 10.0  # without an acknowledgement nobody knows any more
SMOOTH_S = 12.0  # how long a change of the speed takes to show


class Pace:
    """`sent_bytes`: acknowledged since the first look. Times are monotonic microseconds."""

    def __init__(self) -> None:
        self.sent_bytes = self.sent_records = 0
        self._left: tuple[int, int] | None = None  # records and bytes at the last look
        self._looked_us = self._moved_us = 0
        self._moving_s = 0.0
        self._bytes_per_s = 0.0

    def look(self, now_us: int, records: int, left_bytes: int, *, link_up: bool = True) -> None:
        """`records`, `left_bytes`: what the server does not have yet."""
        before, self._left = self._left, (records, left_bytes)
        if before is None:
            self._looked_us = self._moved_us = now_us
            return
        seconds, self._looked_us = (now_us - self._looked_us) / 1_000_000, now_us
        sent = max(0, before[1] - left_bytes)
        self.sent_records += max(0, before[0] - records)
        self.sent_bytes += sent
        self._note(now_us, seconds, sent, link_up)

    def _note(self, now_us: int, seconds: float, sent: int, link_up: bool) -> None:
        if sent:
            self._moved_us = now_us
        if not link_up or now_us - self._moved_us > STALL_S * 1_000_000:
            self._moving_s = self._bytes_per_s = 0.0
        elif seconds > 0:
            self._moving_s += seconds
            weight = max(1 - math.exp(-seconds / SMOOTH_S), seconds / self._moving_s)
            self._bytes_per_s += (sent / seconds - self._bytes_per_s) * min(1.0, weight)

    @property
    def share(self) -> float:
        """0..1 of the bytes; 1 only where nothing is left."""
        left = self._left[1] if self._left else 0
        return self.sent_bytes / (self.sent_bytes + left) if self.sent_bytes + left else 0.0

    @property
    def left_s(self) -> float | None:
        """None: we cannot say yet."""
        if self._left is None or self._moving_s < SETTLE_S or self._bytes_per_s <= 0:
            return None
        return self._left[1] / self._bytes_per_s
