"""The emergency exit: a way to leave the exam that needs neither a page nor the event loop, only this window.

First step: the shortcut opens a small native panel. Second step: its button, which posts the same facts as the page's
own. Where the session does not follow, the window lets go by itself, and the keeper gives the computer back. Built by
`windows`; GUI thread only.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QApplication, QBoxLayout, QDialog, QMainWindow, QVBoxLayout, QWidget

from candidate_agent.ui.qt_language import layout_direction
from candidate_agent.ui.texts import Texts
from candidate_agent.ui.way_out_look import WIDTH_PX, Choice, Shade, colours, label, style

SHORTCUT = "Ctrl+Shift+F9"
"""No letter in it, nothing of a desktop or of a browser, nothing that a hand hits while it types, and in no table of
combinations that are kept in (`platforms`)."""
_IN_QT = "Meta+Shift+F9" if sys.platform == "darwin" else SHORTCUT  # Qt calls the Command key of a Mac "Ctrl"

DECIDE_MS = 5_000  # within this the session must have left its locked phases
GIVE_BACK_MS = 20_000  # and within this the keyboard must be given back
_Key = Qt.Key
_PRESSES = (_Key.Key_Return, _Key.Key_Enter, _Key.Key_Space)
_MOVES = (_Key.Key_Tab, _Key.Key_Backtab, _Key.Key_Left, _Key.Key_Right, _Key.Key_Up, _Key.Key_Down)


@dataclass(frozen=True, slots=True)
class Exit:
    """What the panel asks of the window. `holds`: the keyboard is held; `decided`: the session is giving back;
    `text_scale`: how large the candidate has the letters of the pages, 1 to 2."""

    leave: Callable[[], None]
    holds: Callable[[], bool]
    decided: Callable[[], bool]
    let_go: Callable[[], None]
    text_scale: Callable[[], float] = lambda: 1.0


class WayOut(QObject):
    def __init__(self, window: QMainWindow, exit_: Exit, texts: Texts) -> None:
        super().__init__(window)
        self._window, self._exit = window, exit_
        self._texts = texts
        self._panel: Panel | None = None
        shortcut = QShortcut(QKeySequence(_IN_QT), window, self.open)
        shortcut.setContext(Qt.ShortcutContext.ApplicationShortcut)
        shortcut.setAutoRepeat(False)

    @property
    def panel(self) -> "Panel | None":
        return self._panel

    def open(self) -> None:
        """Only while the exam holds the computer: before and after, the window can simply be closed."""
        if self._panel is not None or not self._exit.holds():
            return
        self._panel = Panel(self._window, self._texts, self.close, self._leave, self._exit.text_scale())
        self._panel.appear()

    def close(self) -> None:
        panel, self._panel = self._panel, None
        if panel is not None:
            panel.vanish()

    def _leave(self) -> None:
        """Whatever fails here, the deadlines run."""
        QTimer.singleShot(DECIDE_MS, self, lambda: self._let_go_unless(self._exit.decided()))
        QTimer.singleShot(GIVE_BACK_MS, self, lambda: self._let_go_unless(False))
        self._exit.leave()
        self.close()

    def _let_go_unless(self, on_its_way: bool) -> None:
        if self._exit.holds() and not on_its_way:
            self._exit.let_go()


class Panel(QDialog):
    """Title, what leaving means, and two buttons: Tab and arrows move, Enter and Space press, Escape stays. A dialog to
    screen readers, and a part of the window to everybody else."""

    def __init__(
        self,
        window: QMainWindow,
        texts: Texts,
        stay: Callable[[], None],
        leave: Callable[[], None],
        scale: float = 1.0,
    ) -> None:
        super().__init__(window)
        self.setWindowFlags(Qt.WindowType.Widget)
        self.setObjectName("way-out")
        self._window, self._stay, self._scale = window, stay, scale
        self._before = QApplication.focusWidget()
        self._shade = Shade(window)
        self.setLayoutDirection(layout_direction(texts.language))
        self.setAccessibleName(texts.say("leave.title"))
        self.setAccessibleDescription(texts.say("leave.what"))
        look = colours()
        self.setStyleSheet(style(look, scale))
        self.stay_button = _button("stay", texts.say("leave.stay"), stay, look.ink, scale)
        self.leave_button = _button("leave", texts.say("leave.confirm"), leave, look.ink, scale)
        self._chosen = self.stay_button  # of the two, the one that has the keyboard
        self._kept_off: list[QWebEngineView] = []
        self._column, self._row = QVBoxLayout(self), QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._arrange(texts)

    def _arrange(self, texts: Texts) -> None:
        layout = self._column
        edge = round(24 * self._scale)
        layout.setContentsMargins(edge, edge, edge, edge)
        layout.setSpacing(round(12 * self._scale))
        layout.addWidget(label(texts.say("leave.title"), "way-out-title"))
        layout.addWidget(label(texts.say("leave.what"), "way-out-what"))
        self._row.addStretch(1)
        for button in (self.stay_button, self.leave_button):
            button.setAccessibleDescription(texts.say("leave.what"))
            self._row.addWidget(button)
        layout.addLayout(self._row)

    def appear(self) -> None:
        window = self._window
        self._fit()
        self._keep_pages_off()
        for part in (self._shade, self):
            part.show()
            part.raise_()
        self.stay_button.setFocus(Qt.FocusReason.PopupFocusReason)
        application().focusChanged.connect(self._focus_moved)
        window.windowHandle().installEventFilter(self)

    def _fit(self) -> None:
        """As wide as its letters want and the window has; where the buttons do not fit beside each other, below."""
        window, edges = self._window, self._column.contentsMargins()
        self.setFixedWidth(min(round(WIDTH_PX * self._scale), window.width() - 20))
        if self._row.sizeHint().width() > self.width() - edges.left() - edges.right():
            self._row.setDirection(QBoxLayout.Direction.TopToBottom)
        self.setFixedHeight(min(self._column.totalHeightForWidth(self.width()), window.height()))
        self.move((window.width() - self.width()) // 2, max(0, (window.height() - self.height()) // 3))
        self._shade.setGeometry(window.rect())

    def _keep_pages_off(self) -> None:
        """What is disabled takes neither keys nor focus; an open list of a page is closed."""
        popup = QApplication.activePopupWidget()
        if popup is not None:
            popup.close()
        views = [view for view in self._window.findChildren(QWebEngineView) if view.isEnabled()]
        for view in views:
            view.setEnabled(False)
        self._kept_off = views

    def vanish(self) -> None:
        self._window.windowHandle().removeEventFilter(self)
        application().focusChanged.disconnect(self._focus_moved)
        self.hide()
        self._shade.hide()
        self._shade.deleteLater()
        for view in filter(shiboken6.isValid, self._kept_off):
            view.setEnabled(True)
        if self._before is not None and shiboken6.isValid(self._before):  # it went with its page, perhaps
            self._before.setFocus()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """While it is open, all keys of the window are its own: a page that floods dialogs gets none."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            self._press(event.key())
        return isinstance(event, QKeyEvent)

    def _press(self, key: int) -> None:
        if key == Qt.Key.Key_Escape:
            self._stay()
        elif key in _PRESSES:
            self._chosen.click()
        elif key in _MOVES:
            self.focusNextPrevChild(True)

    def focusNextPrevChild(self, forward: bool) -> bool:
        self._chosen = self.leave_button if self._chosen is self.stay_button else self.stay_button
        self._chosen.setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def _focus_moved(self, _before: QWidget | None, now: QWidget | None) -> None:
        """A page that takes the focus, by loading itself anew or otherwise, does not keep it."""
        if now is not self._chosen:
            QTimer.singleShot(0, self, self._take_focus)

    def _take_focus(self) -> None:
        if self.isVisible() and not self._chosen.hasFocus():
            self.raise_()
            self._chosen.setFocus(Qt.FocusReason.PopupFocusReason)


def application() -> QApplication:
    found = QApplication.instance()
    assert isinstance(found, QApplication)
    return found


def _button(name: str, text: str, act: Callable[[], None], ring: str, scale: float) -> Choice:
    button = Choice(text, ring, scale)
    button.setObjectName(name)
    button.clicked.connect(lambda _: act())
    return button
