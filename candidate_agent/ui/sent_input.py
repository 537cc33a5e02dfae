"""Keys and clicks that another program made up and sent to one window (XSendEvent) do not reach the toolkit, which
would take them for the candidate's own. They pass no device, so no watch of devices sees them; the X server marks them.

Installed by `windows` for as long as the window lives; GUI thread. Every event of X passes here: it must stay short.
"""

from typing import Any

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray
from PySide6.QtGui import QGuiApplication
from shiboken6 import VoidPtr

SENT = 0x80
"""In an event's first byte, its kind: the server sets it in whatever a program sends, and none can leave it out."""
_INPUT = range(2, 7)  # key down and up, button down and up, pointer moved
MADE_UP = frozenset(SENT | kind for kind in _INPUT)
_At: Any = VoidPtr  # its description for type checkers leaves out the size and `toBytes`


class SentInput(QAbstractNativeEventFilter):
    """`dropped` counts; what was sent is not looked at."""

    def __init__(self) -> None:
        super().__init__()
        self.dropped = 0

    def nativeEventFilter(self, _kind: QByteArray | bytes | bytearray | memoryview, message: int) -> Any:
        if _At(int(message), 1).toBytes()[0] not in MADE_UP:
            return False, 0
        self.dropped += 1
        return True, 0


def install(application: QGuiApplication) -> SentInput | None:
    """The caller keeps it, and takes it off before the application goes. None where there is no X server."""
    if application.platformName() != "xcb":
        return None
    sent = SentInput()
    application.installNativeEventFilter(sent)
    return sent
