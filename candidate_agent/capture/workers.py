"""A named thread that tells when it fails. Every thread of capture is one."""

import threading
from collections.abc import Callable

from candidate_agent.capture.events import CaptureEvent, CaptureFailed

JOIN_S = 15.0

Emit = Callable[[CaptureEvent], None]


def ignore(event: CaptureEvent) -> None:
    """For whoever does not listen."""


class Worker:
    def __init__(self, name: str, work: Callable[[], None], emit: Emit) -> None:
        self._name = name
        self._work = work
        self._emit = emit
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def _run(self) -> None:
        try:
            self._work()
        except Exception as error:
            self._emit(CaptureFailed(self._name, f"{type(error).__name__}: {error}"))

    def join(self) -> None:
        """Waits for the thread to end; a device that hangs is left behind after 15 s (the thread is a daemon)."""
        if self._thread.ident is not None and self._thread is not threading.current_thread():
            self._thread.join(JOIN_S)
