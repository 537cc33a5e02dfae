"""What the system says about its user's language. Asks Qt's core alone, so that it costs no browser engine; called by
`app` and `problem_box` where nobody said a language.
"""


def system_languages() -> tuple[str, ...]:
    """Most wanted first: `de-AT`, `de`, `en-US`. "C" where a session has none."""
    from PySide6.QtCore import QLocale

    return tuple(QLocale.system().uiLanguages())
