"""Covers the displays that the exam does not use, while it holds the computer: a dark window of ours with one sentence
in the candidate's language on each, also on one that is plugged in meanwhile. Built and told by `windows`; GUI
thread only."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QLabel

from candidate_agent.ui.texts import Texts

SENTENCE = "display.covered"
_STYLE = "QLabel { background: #101616; color: #B9C7C7; font-size: 24px; padding: 48px; }"


class Covers:
    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._of: dict[QScreen, QLabel] = {}
        self._home: QScreen | None = None
        self._beside = 0
        self._listening = False

    @property
    def count(self) -> int:
        return len(self._of)

    @property
    def sentence(self) -> str:
        return self._texts.say(SENTENCE)

    @property
    def said(self) -> set[str]:
        """What stands on the covers that there are."""
        return {cover.text() for cover in self._of.values()}

    def begin(self, home: QScreen, beside: int) -> None:
        """`home`: the display of the exam. `beside`: how many others the exam allows; they stay as they are."""
        self._home, self._beside = home, beside
        self._listen(True)
        self.fit()

    def end(self) -> None:
        self._home = None
        self._listen(False)
        self.fit()

    def fit(self) -> None:
        """One cover for each display that shall have one, in its place and size of now."""
        wanted = self._wanted()
        for screen in [known for known in self._of if known not in wanted]:
            self._of.pop(screen).deleteLater()
        for screen in wanted:
            cover = self._of.get(screen) or self._made(screen)
            if cover.geometry() != screen.geometry():
                cover.setGeometry(screen.geometry())
            if cover.text() != self.sentence:
                cover.setText(self.sentence)
            cover.raise_()

    def _wanted(self) -> list[QScreen]:
        """A display that shows the same place as the exam's is a mirror: nothing can be covered there."""
        home = self._home
        if home is None:
            return []
        others = [s for s in QGuiApplication.screens() if s is not home and not _mirrors(s.geometry(), home.geometry())]
        return others[self._beside :]

    def _made(self, screen: QScreen) -> QLabel:
        flag = Qt.WindowType
        cover = QLabel(self.sentence)
        cover.setWindowFlags(
            flag.Window
            | flag.FramelessWindowHint
            | flag.WindowStaysOnTopHint
            | flag.WindowDoesNotAcceptFocus
            | flag.X11BypassWindowManagerHint  # or the window manager would put it beside the panels
        )
        cover.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        cover.setAlignment(Qt.AlignmentFlag.AlignCenter)
        cover.setWordWrap(True)
        cover.setStyleSheet(_STYLE)
        cover.setScreen(screen)
        cover.setGeometry(screen.geometry())
        cover.show()
        screen.geometryChanged.connect(self.fit)
        self._of[screen] = cover
        return cover

    def _listen(self, listening: bool) -> None:
        if listening == self._listening:
            return
        self._listening = listening
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        for signal in (application.screenAdded, application.screenRemoved):
            (signal.connect if listening else signal.disconnect)(self._changed)

    def _changed(self, _screen: QScreen) -> None:
        self.fit()


def _mirrors(one: QRect, other: QRect) -> bool:
    return one.contains(other) or other.contains(one)
