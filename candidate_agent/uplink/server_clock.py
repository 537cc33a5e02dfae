"""The server's time, as far as we believe it: what it said last, carried on by our steady clock. Used by `sender`.

Our wall clock has no part in it, so that setting it during the exam makes no command too old. And the server's time
does not go back: a command that was held back stays expired, whatever time the server says it is.
"""

from candidate_agent.base.clock import Clock
from exam_protocol.messages import COMMAND_LIFETIME_MS

BACK_MS = COMMAND_LIFETIME_MS  # a server's clock may be corrected by so much, once for all


class ServerClock:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._offset_ms: int | None = None  # to our steady clock
        self._highest_ms: int | None = None  # offset that was ever believed

    def heard(self, server_time_ms: int) -> None:
        said_ms = server_time_ms - self._steady_ms()
        highest_ms = said_ms if self._highest_ms is None else max(self._highest_ms, said_ms)
        self._highest_ms, self._offset_ms = highest_ms, max(said_ms, highest_ms - BACK_MS)

    def now_ms(self) -> int:
        """Unix milliseconds; our own clock's until the server was heard."""
        return self._clock.wall_ms() if self._offset_ms is None else self._steady_ms() + self._offset_ms

    def _steady_ms(self) -> int:
        return self._clock.monotonic_us() // 1000
