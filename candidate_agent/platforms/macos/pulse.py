"""Looks again and again at what has no event of its own, on a thread; `soon` brings the next look forward.

A look that fails is told as a thread's death would be, and the next one is made all the same.
"""

import threading
from collections.abc import Callable

from candidate_agent.platforms.macos.door import pool, tell_fault

JOIN_S = 2.0


class Pulse:
    def __init__(self, name: str, period_s: float, look: Callable[[], None]) -> None:
        self._period_s = period_s
        self._look = look
        self._wake = threading.Event()
        self._ended = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> "Pulse":
        """The first look is made after one period."""
        self._thread.start()
        return self

    def soon(self) -> None:
        """From any thread; never blocks."""
        self._wake.set()

    def end(self) -> None:
        self._ended = True
        self._wake.set()
        if self._thread is not threading.current_thread():
            self._thread.join(JOIN_S)

    def _run(self) -> None:
        while True:
            self._wake.wait(self._period_s)
            self._wake.clear()
            if self._ended:
                return
            try:
                with pool():
                    self._look()
            except Exception as error:
                tell_fault(error)
