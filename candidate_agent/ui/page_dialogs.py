"""Messages and questions of the exam page (alert, confirm, prompt), in a bar over the page and within the window.

The engine would wait for the answer with everything, our own strip included. So the page's three functions are replaced
(`page_scripts`) by a request that only the page itself waits for, which ends here: the strip, the clock and the way out
stay alive. `exam_view` installs one for each exam; GUI thread.
"""

import json
import time
from collections import deque
from collections.abc import Callable
from urllib.parse import parse_qs

import shiboken6
from PySide6.QtCore import QBuffer, QByteArray, QObject, Qt, QTimer, QUrl
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWebEngineCore import QWebEngineUrlRequestJob, QWebEngineUrlScheme, QWebEngineUrlSchemeHandler
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from candidate_agent.ui.qt_language import layout_direction
from candidate_agent.ui.texts import Texts

SCHEME = "exam-ask"
MAX_CHARACTERS = 2000
_MANY, _WITHIN_S = 5, 10.0
_CALM_MS = 1000  # what a page that asks without end waits for each further refusal
_ENCODED = QUrl.ComponentFormattingOption.FullyEncoded
_STYLE = "QFrame#dialog { background: palette(window); border: 2px solid palette(mid); border-radius: 4px; }"


def register_scheme() -> None:
    """Before the QApplication exists. A second call changes nothing. Rules of a page for what it loads do not count."""
    if not QWebEngineUrlScheme.schemeByName(SCHEME.encode()).name().isEmpty():
        return
    scheme = QWebEngineUrlScheme(SCHEME.encode())
    scheme.setSyntax(QWebEngineUrlScheme.Syntax.Host)
    flag = QWebEngineUrlScheme.Flag
    scheme.setFlags(flag.SecureScheme | flag.CorsEnabled | flag.ContentSecurityPolicyIgnored)
    QWebEngineUrlScheme.registerScheme(scheme)


class PageDialogs(QWebEngineUrlSchemeHandler):
    """One question at a time. What is refused, is too much or comes meanwhile is answered with null."""

    def __init__(
        self, over: QWidget, parent: QObject, texts: Texts, clock_s: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(parent)
        self._over, self._texts = over, texts
        self._clock_s = clock_s
        self._recent: deque[float] = deque(maxlen=_MANY)
        self._bar: Bar | None = None

    def requestStarted(self, job: QWebEngineUrlRequestJob) -> None:
        if self._bar is not None or self._too_many():
            QTimer.singleShot(_CALM_MS, job, lambda: _reply(job, None))
            return
        kind = job.requestUrl().path().strip("/")
        said = parse_qs(job.requestUrl().query(_ENCODED), keep_blank_values=True)
        text, preset = (said.get(name, [""])[0][:MAX_CHARACTERS] for name in ("text", "preset"))
        line = preset if kind == "prompt" else None
        self._bar = Bar(self._over, self._texts, text, kind != "alert", line, self._done(job))
        job.destroyed.connect(self._away)  # the page went on, or is gone

    def take_focus(self) -> bool:
        if self._bar is not None:
            self._bar.take_focus()
        return self._bar is not None

    def _done(self, job: QWebEngineUrlRequestJob) -> Callable[[str | None], None]:
        def done(answer: str | None) -> None:
            if shiboken6.isValid(job):
                job.destroyed.disconnect(self._away)
                _reply(job, answer)
            self._away()

        return done

    def _away(self) -> None:
        bar, self._bar = self._bar, None
        if bar is None or not shiboken6.isValid(bar):
            return
        had_keyboard = bar.isAncestorOf(bar.window().focusWidget()) if bar.window().focusWidget() else False
        bar.hide()
        bar.deleteLater()
        if had_keyboard:
            self._over.setFocus()

    def _too_many(self) -> bool:
        now_s = self._clock_s()
        flood = len(self._recent) == _MANY and now_s - self._recent[0] < _WITHIN_S
        if not flood:
            self._recent.append(now_s)
        return flood


def _reply(job: QWebEngineUrlRequestJob, answer: str | None) -> None:
    job.setAdditionalResponseHeaders({QByteArray(b"Access-Control-Allow-Origin"): QByteArray(b"*")})
    buffer = QBuffer(job)
    buffer.setData(QByteArray(json.dumps({"answer": answer}).encode()))
    buffer.open(QBuffer.OpenModeFlag.ReadOnly)
    job.reply(QByteArray(b"application/json"), buffer)


class Bar(QFrame):
    """`done(None)` where it was refused; else what was typed, "" where there was nothing to type."""

    def __init__(
        self,
        over: QWidget,
        texts: Texts,
        text: str,
        refusable: bool,
        preset: str | None,
        done: Callable[[str | None], None],
    ) -> None:
        super().__init__(over)
        self._done = done
        self._says = texts.say("dialog.says")
        self.setLayoutDirection(layout_direction(texts.language))
        self.setObjectName("dialog")
        self.setStyleSheet(_STYLE)
        self.setAutoFillBackground(True)
        self.setAccessibleName(f"{self._says} {text}")
        self._line = QLineEdit(preset) if preset is not None else None
        self._yes = _button(texts.say("dialog.yes"), self._agree)
        self._lay_out(text, _button(texts.say("dialog.no"), self._refuse) if refusable else None)
        self._keys()
        self.setFixedWidth(max(200, min(520, over.width() - 16)))
        self.adjustSize()
        self.move((over.width() - self.width()) // 2, 12)
        focus = over.window().focusWidget()
        self.show()
        self.raise_()
        if focus is not None and (focus is over or over.isAncestorOf(focus)):
            self.take_focus()  # who is writing in the strip goes on writing there; F6 comes here

    def take_focus(self) -> None:
        (self._line or self._yes).setFocus(Qt.FocusReason.PopupFocusReason)

    def _keys(self) -> None:
        for key, act in ((Qt.Key.Key_Escape, self._refuse), (Qt.Key.Key_Return, self._agree)):
            QShortcut(QKeySequence(key), self, act, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _lay_out(self, text: str, no: QPushButton | None) -> None:
        said = QLabel(text)
        said.setTextFormat(Qt.TextFormat.PlainText)
        said.setWordWrap(True)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for button in filter(None, (no, self._yes)):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        for widget in filter(None, (QLabel(self._says), said, self._line)):
            column.addWidget(widget)
        column.addLayout(buttons)
        if self._line is not None:
            self._line.setAccessibleName(text)

    def _agree(self) -> None:
        self._done(self._line.text() if self._line is not None else "")

    def _refuse(self) -> None:
        self._done(None)


def _button(text: str, act: Callable[[], None]) -> QPushButton:
    button = QPushButton(text)
    button.setMinimumHeight(28)
    button.clicked.connect(lambda _checked=False: act())
    return button
