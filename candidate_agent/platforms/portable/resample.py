"""Sound at a microphone's own rate (8 to 192 kHz) to blocks at ours, without aliases. Used by `microphone`.

No device, no clock. The library is loaded only where a microphone needs it.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.int16]


class Resampler:
    """One stream. It holds back a few milliseconds, as every filter does."""

    def __init__(self, from_rate: int, to_rate: int, block: int) -> None:
        self._from_rate, self._to_rate, self._block = from_rate, to_rate, block
        self._inner: Any = None
        self._held: Samples = np.empty(0, np.int16)
        self._fed = 0
        self._given = 0

    @property
    def waiting(self) -> int:
        """Samples at our rate that went in and did not come out yet."""
        return max(0, self._fed * self._to_rate // self._from_rate - self._given)

    def feed(self, samples: Samples) -> tuple[Samples, ...]:
        """Whole blocks, oldest first."""
        import av

        if self._inner is None:
            self._inner = av.AudioResampler(format="s16", layout="mono", rate=self._to_rate)
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), "s16", "mono")
        frame.sample_rate = self._from_rate
        self._fed += samples.size
        parts = [np.asarray(made.to_ndarray(), np.int16).reshape(-1) for made in self._inner.resample(frame)]
        self._held = np.concatenate((self._held, *parts))
        blocks = []
        while self._held.size >= self._block:
            blocks.append(self._held[: self._block])
            self._held = self._held[self._block :]
        self._given += len(blocks) * self._block
        return tuple(blocks)
