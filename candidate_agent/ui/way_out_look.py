"""How the emergency exit looks: the colours of the pages (`assets/style.css`), letters as large as the candidate has
them there, a shade over what is behind it, and a ring around the button that has the keyboard. Used by `way_out` only.
"""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

WIDTH_PX = 560
_RING_PX = 3
_SHADE = QColor(6, 16, 18, 150)


@dataclass(frozen=True, slots=True)
class Colours:
    surface: str
    ink: str
    line: str
    accent: str
    on_accent: str
    stop: str


LIGHT = Colours("#ffffff", "#15262a", "#d3dee0", "#0a6a72", "#ffffff", "#a9211a")
DARK = Colours("#152124", "#e6eff0", "#2a3c40", "#63c7cd", "#04272b", "#ffa198")


def colours() -> Colours:
    return DARK if QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT


def style(look: Colours, scale: float) -> str:
    def px(size: float) -> str:
        return f"{round(size * scale)}px"

    return f"""
#way-out {{ background: {look.surface}; border: 1px solid {look.line}; border-radius: {px(10)}; }}
#way-out QLabel {{ color: {look.ink}; font-size: {px(16)}; background: transparent; }}
#way-out #way-out-title {{ font-size: {px(24)}; font-weight: 600; }}
#way-out QPushButton {{ font-size: {px(16)}; font-weight: 600; margin: {_RING_PX + 3}px; padding: {px(9)} {px(18)};
  border: 2px solid {look.accent}; border-radius: {px(7)}; background: {look.accent}; color: {look.on_accent}; }}
#way-out QPushButton#leave {{ background: {look.surface}; border-color: {look.stop}; color: {look.stop}; }}
"""


class Choice(QPushButton):
    """A button that shows that it has the keyboard by a ring, not by its filling: which means something else."""

    def __init__(self, text: str, ring: str, scale: float) -> None:
        super().__init__(text)
        self._ring, self._round_px = QColor(ring), 9 * scale
        self.setAutoDefault(False)
        self.setAccessibleName(text)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self._ring, _RING_PX))
            half = _RING_PX / 2
            painter.drawRoundedRect(
                QRectF(self.rect()).adjusted(half, half, -half, -half), self._round_px, self._round_px
            )
            painter.end()


class Shade(QWidget):
    """What is behind the panel is out of reach, and looks it."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), _SHADE)
        painter.end()


def label(text: str, name: str) -> QLabel:
    made = QLabel(text)
    made.setObjectName(name)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(True)
    return made
