"""Work for the GUI thread, in order, from any thread. Not by Qt signals: in PySide6 6.12 every `Signal.emit` from
Python takes a reference of `True` away, which on Python 3.11 ends the process after some two thousand of them.
"""

import logging
from collections import deque
from collections.abc import Callable
from threading import Lock

from PySide6.QtCore import QMetaObject, QObject, Qt, Slot

LIMIT = 1024
log = logging.getLogger(__name__)


class GuiQueue(QObject):
    """Made on the GUI thread. `refused` counts what came while `LIMIT` pieces were waiting: the window is dead then."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._lock = Lock()
        self._work: deque[Callable[[], None]] = deque()
        self.refused = 0

    def post(self, act: Callable[[], None]) -> None:
        with self._lock:
            if len(self._work) >= LIMIT:
                self.refused += 1
                return
            self._work.append(act)
        QMetaObject.invokeMethod(self, "drain", Qt.ConnectionType.QueuedConnection)

    @Slot()
    def drain(self) -> None:
        with self._lock:
            act = self._work.popleft() if self._work else None
        if act is not None:
            try:
                act()
            except Exception:
                log.exception("an order to the window failed")
