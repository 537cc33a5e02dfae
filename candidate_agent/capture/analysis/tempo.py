"""How often pictures are looked at: as often as the computer can well spare, and at most twice a second. Pure."""

from dataclasses import dataclass

INTERVALS_US = (500_000, 1_000_000, 2_000_000, 4_000_000)
TOO_LONG = 0.4  # a look that takes this share of its interval is too much
SHORT = 0.15  # a look that would take less than this share of the next quicker interval is no trouble
SLOWER_AFTER, QUICKER_AFTER_US = 3, 20_000_000  # looks in a row; time without trouble


@dataclass(slots=True)
class Tempo:
    """`encoders_behind` is set from outside: recording comes first."""

    encoders_behind: bool = False
    _step: int = 0
    _long: int = 0  # looks in a row that took too long
    _calm_us: int | None = None  # since when no look was any trouble

    @property
    def interval_us(self) -> int:
        return INTERVALS_US[self._step]

    def after(self, now_us: int, busy_us: int) -> None:
        """`busy_us`: how long the look that ended now took."""
        long = self.encoders_behind or busy_us > TOO_LONG * self.interval_us
        quicker_us = INTERVALS_US[max(0, self._step - 1)]
        self._long = self._long + 1 if long else 0
        if self._long >= (1 if self.encoders_behind else SLOWER_AFTER):
            self._set(self._step + 1)
        elif long or busy_us > SHORT * quicker_us:
            self._calm_us = None
        elif self._calm_us is None:
            self._calm_us = now_us
        elif now_us - self._calm_us >= QUICKER_AFTER_US:
            self._set(self._step - 1)

    def _set(self, step: int) -> None:
        self._step = min(max(step, 0), len(INTERVALS_US) - 1)
        self._long, self._calm_us = 0, None
