"""Messages and questions of the exam page (alert, confirm, prompt): shown as a bar over the page, within the window, so
that the strip above stays usable and the exam can always be left. `exam_page` asks; GUI thread.
"""

import time
from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget


MAX_CHARACTERS = 2000
SAYS = "The exam page says:"
_MANY, _WITHIN_S = 5, 10.0
_CALM_MS = 200  # between the questions of a page that asks without end
_STYLE = "QFrame#dialog { background: palette(window); border: 2px solid palette(mid); border-radius: 4px; }"


class PageDialogs:
    """One question at a time; `ask` gives None when it was refused. `dismiss` answers for a page that is to go."""

    def __init__(self, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._clock_s = clock_s
        self._recent: deque[float] = deque(maxlen=_MANY)
        self._loop: QEventLoop | None = None
        self._bar: Bar | None = None
        self._over = False

    @property
    def open(self) -> bool:
        return self._loop is not None

    def ask(self, over: QWidget | None, text: str, *, refusable: bool, preset: str | None = None) -> str | None:
        """`preset` None: nothing is to be typed, and the answer of who agrees is empty."""
        if over is None or self._over or self._loop is not None:
            return None
        self._loop = QEventLoop()
        if self._too_many():
            QTimer.singleShot(_CALM_MS, self._loop.quit)
            self._loop.exec()
            self._loop = None
            return None
        self._bar = Bar(over, text[:MAX_CHARACTERS], refusable, preset, self._loop.quit)
        try:
            self._loop.exec()
            return self._bar.answer
        finally:
            self._bar.hide()
            self._bar.deleteLater()
            self._bar = self._loop = None

    def dismiss(self) -> None:
        """For good: the page is about to go, and what it still asks is refused."""
        self._over = True
        if self._loop is not None:
            self._loop.quit()

    def take_focus(self) -> bool:
        if self._bar is not None:
            self._bar.take_focus()
        return self._bar is not None

    def _too_many(self) -> bool:
        now_s = self._clock_s()
        flood = len(self._recent) == _MANY and now_s - self._recent[0] < _WITHIN_S
        if not flood:
            self._recent.append(now_s)
        return flood


class Bar(QFrame):
    def __init__(self, over: QWidget, text: str, refusable: bool, preset: str | None, done: Callable[[], None]) -> None:
        super().__init__(over)
        self.answer: str | None = None
        self._done = done
        self.setObjectName("dialog")
        self.setStyleSheet(_STYLE)
        self.setAutoFillBackground(True)
        self.setAccessibleName(f"{SAYS} {text}")
        self._line = QLineEdit(preset) if preset is not None else None
        self._yes = _button("OK", self._agree)
        self._lay_out(text, _button("Cancel", done) if refusable else None)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, done, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._place(over)
        had_keyboard = over.hasFocus() or (over.focusProxy() is not None and over.focusProxy().hasFocus())
        self.show()
        self.raise_()
        if had_keyboard:  # who is writing in the strip goes on writing there; F6 comes here
            self.take_focus()

    def take_focus(self) -> None:
        (self._line or self._yes).setFocus(Qt.FocusReason.PopupFocusReason)

    def _lay_out(self, text: str, no: QPushButton | None) -> None:
        said = QLabel(text)
        said.setTextFormat(Qt.TextFormat.PlainText)
        said.setWordWrap(True)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for button in filter(None, (no, self._yes)):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        for widget in filter(None, (QLabel(SAYS), said, self._line)):
            column.addWidget(widget)
        column.addLayout(buttons)
        if self._line is not None:
            self._line.setAccessibleName(text)
            self._line.returnPressed.connect(self._agree)

    def _place(self, over: QWidget) -> None:
        width = min(520, over.width() - 16)
        self.setFixedWidth(max(width, 200))
        self.adjustSize()
        self.move((over.width() - self.width()) // 2, 12)

    def _agree(self) -> None:
        self.answer = self._line.text() if self._line is not None else ""
        self._done()


def _button(text: str, act: Callable[[], None]) -> QPushButton:
    button = QPushButton(text)
    button.setMinimumHeight(28)
    button.setAutoDefault(True)
    button.clicked.connect(lambda _checked=False: act())
    return button
