"""Words for a screen reader from our own window: on Linux the engine's live regions do not come out on the
accessibility bus, and Qt's announcements do; Windows and macOS have their own form of them. Called by `own_view`; GUI
thread.
"""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

_LONGEST = 2_000
_Politeness = QAccessible.AnnouncementPoliteness


def announce(source: QObject, words: str, urgent: bool) -> None:
    """`urgent`: at once, before what is being read. Nothing happens where no screen reader listens."""
    event = QAccessibleAnnouncementEvent(source, words[:_LONGEST])
    event.setPoliteness(_Politeness.Assertive if urgent else _Politeness.Polite)
    QAccessible.updateAccessibility(event)
