"""What Qt's core knows of languages: the system's wishes, the direction of native parts, a moment in words. Costs no
browser engine. Called by `app`, `problem_box` and the native panels.
"""

from PySide6.QtCore import QDateTime, QLocale, Qt

from candidate_agent.ui import languages

_WITH_DIGITS_OF_THE_PAGE = {"ar": "ar_AE"}  # Qt's Arabic without a country has other digits than the engine's


def system_languages() -> tuple[str, ...]:
    """Most wanted first: `de-AT`, `de`, `en-US`. "C" where a session has none."""
    return tuple(QLocale.system().uiLanguages())


def layout_direction(language: str) -> Qt.LayoutDirection:
    is_rtl = languages.direction(language) == "rtl"
    return Qt.LayoutDirection.RightToLeft if is_rtl else Qt.LayoutDirection.LeftToRight


def moment(language: str, at_ms: int) -> str:
    """Day and minute in the zone of this computer, which is named."""
    locale, at = QLocale(_WITH_DIGITS_OF_THE_PAGE.get(language, language)), QDateTime.fromMSecsSinceEpoch(at_ms)
    day = locale.toString(at.date(), QLocale.FormatType.LongFormat)
    return f"{day} {locale.toString(at.time(), QLocale.FormatType.ShortFormat)} {at.timeZoneAbbreviation()}"
