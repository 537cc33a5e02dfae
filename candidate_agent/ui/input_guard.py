"""Keys and pointer on their way to the exam page, before the engine sees them: what would reach the system's clipboard,
open something or drag something out is taken away. `exam_view` puts it on the view; GUI thread.
"""

from collections import deque
from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QChildEvent, QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QDrag, QKeyEvent, QMouseEvent
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QDialog

_Key, _Modifier, _Type = Qt.Key, Qt.KeyboardModifier, QEvent.Type
_LETTERS = {_Key.Key_C: "copy", _Key.Key_X: "cut", _Key.Key_V: "paste"}
_OWN_KEYS = {_Key.Key_Copy: "copy", _Key.Key_Cut: "cut", _Key.Key_Paste: "paste"}
_BUTTONS = Qt.MouseButton.LeftButton | Qt.MouseButton.RightButton
_DROPS = (_Type.DragEnter, _Type.DragMove, _Type.Drop)
_PRESSES = (_Type.MouseButtonPress, _Type.MouseButtonRelease, _Type.MouseButtonDblClick)
_KEYS = (_Type.KeyPress, _Type.KeyRelease, _Type.ShortcutOverride)
MARK = _Key.Key_F24
_HELD = 64  # keys that wait; more than anybody types in the time
_PATIENCE_MS = 500  # for a page that does not answer

OnWord = Callable[[str, Callable[[], None]], None]


def clipboard_word(key: Qt.Key, modifiers: Qt.KeyboardModifier) -> str:
    """What a combination asks of the clipboard; "" for all others. On macOS Qt counts Command as Control."""
    control, shift = bool(modifiers & _Modifier.ControlModifier), bool(modifiers & _Modifier.ShiftModifier)
    if modifiers & _Modifier.AltModifier:  # AltGr is no modifier to Qt, and types letters
        return ""
    if key in _OWN_KEYS:
        return _OWN_KEYS[key]
    if control and key in _LETTERS:
        return _LETTERS[key]
    if key == _Key.Key_Insert and control != shift:
        return "copy" if control else "paste"
    return "cut" if key == _Key.Key_Delete and shift and not control else ""


class InputGuard(QObject):
    """`on_word("copy" | "cut" | "paste", done)` instead of the engine. Until `done` is called, further keys wait: what
    is typed after a paste stands behind it."""

    def __init__(self, on_word: OnWord, parent: QObject) -> None:
        super().__init__(parent)
        self._on_word = on_word
        self._busy = 0  # number of the word that is under way, 0 for none
        self._words = 0
        self._marking = False
        self._held: deque[tuple[QObject, QKeyEvent]] = deque(maxlen=_HELD)

    def send_mark(self, widget: QObject) -> None:
        """A key that no keyboard has, behind all that was typed: also now, when others wait."""
        self._marking = True
        for kind in (_Type.KeyPress, _Type.KeyRelease):
            QCoreApplication.sendEvent(widget, QKeyEvent(kind, MARK, _Modifier.NoModifier))
        self._marking = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in _KEYS and isinstance(event, QKeyEvent) and not self._marking:
            return self._key(watched, event, kind)
        if kind in _PRESSES and isinstance(event, QMouseEvent):
            return not event.button() & _BUTTONS  # the middle one pastes and opens, others go back and forth
        return kind in _DROPS or kind == _Type.ContextMenu

    def _key(self, watched: QObject, event: QKeyEvent, kind: QEvent.Type) -> bool:
        if self._busy:
            if kind != _Type.ShortcutOverride:
                self._held.append((watched, event.clone()))
            return True
        word = clipboard_word(Qt.Key(event.key()), event.modifiers())
        if word and kind == _Type.KeyPress and not event.isAutoRepeat():
            self._begin(word)
        return bool(word)

    def _begin(self, word: str) -> None:
        self._words += 1
        number = self._busy = self._words
        QTimer.singleShot(_PATIENCE_MS, self, lambda: self._end(number))
        self._on_word(word, lambda: self._end(number))

    def _end(self, number: int) -> None:
        if self._busy != number:
            return
        self._busy = 0
        while self._held and not self._busy:
            watched, event = self._held.popleft()
            if shiboken6.isValid(watched):
                QCoreApplication.sendEvent(watched, event)


class GuardedView(QWebEngineView):
    """Each widget that the engine draws on is watched: it makes a new one when the page moves to another process."""

    def __init__(self, on_word: OnWord) -> None:
        super().__init__()
        self._guard = InputGuard(on_word, self)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setAcceptDrops(False)
        self.installEventFilter(self._guard)

    def send_mark(self) -> None:
        widget = self.focusProxy()
        if widget is not None:
            self._guard.send_mark(widget)

    def childEvent(self, event: QChildEvent) -> None:
        if event.added() and event.child().isWidgetType():
            event.child().installEventFilter(self._guard)
        if event.added():  # perhaps a drag or a dialogue, which is not yet known as one
            QTimer.singleShot(0, self, self._end_strays)
        super().childEvent(event)

    def _end_strays(self) -> None:
        """A drag, in its own loop, before the pointer moves on; a dialogue of the engine, which is a window of its own
        (for colours: one that picks from the whole screen)."""
        if self.findChildren(QDrag):
            QDrag.cancel()
        for dialog in self.findChildren(QDialog):
            dialog.reject()
