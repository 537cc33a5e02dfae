"""What Qt's core knows of languages: the system's wishes, the direction of native parts, a moment in words. Costs no
browser engine. Called by `app`, `problem_box` and the native panels.
"""

from PySide6.QtCore import QDateTime, QLocale, Qt

from candidate_agent.ui import languages


def system_languages() -> tuple[str, ...]:
    """Most wanted first: `de-AT`, `de`, `en-US`. "C" where a session has none."""
    return tuple(QLocale.system().uiLanguages())


def layout_direction(language: str) -> Qt.LayoutDirection:
    is_rtl = languages.direction(language) == "rtl"
    return Qt.LayoutDirection.RightToLeft if is_rtl else Qt.LayoutDirection.LeftToRight


def moment(language: str, at_ms: int) -> str:
    """Day and minute in the zone of this computer."""
    return QLocale(language).toString(QDateTime.fromMSecsSinceEpoch(at_ms), QLocale.FormatType.LongFormat)
