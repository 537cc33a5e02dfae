"""A plain native box for what stops the program before its window: what happened, what it means, what to do, the code,
and one Close button; in the candidate's language.

Called by `cli` when nobody reads the standard error. Needs no browser engine, so it also tells what keeps that one out.
"""

import sys

from candidate_agent.base.errors import STATUS, AgentError
from candidate_agent.ui.languages import best
from candidate_agent.ui.texts import Texts


def headline(error: AgentError, texts: Texts) -> str:
    """The program's own sentence where the catalogues have none for it."""
    return texts.say(f"problem.{error.code}.what") if error.code in STATUS else error.text


def advice(error: AgentError, texts: Texts) -> str:
    """What it means and what the candidate can do, from the same texts as our pages have."""
    code = error.code if error.code in STATUS else "other"
    window = _window(error, texts)
    means, todo = (texts.say(f"problem.{code}.{part}") for part in ("means", "do"))
    return "\n\n".join(part for part in (window, f"{means} {todo}", texts.say("problem.code", code=error.code)) if part)


def _window(error: AgentError, texts: Texts) -> str:
    from candidate_agent.ui.qt_language import moment

    if not {"opens_ms", "closes_ms"} <= error.facts.keys():
        return ""
    opens, closes = (moment(texts.language, error.facts[name]) for name in ("opens_ms", "closes_ms"))
    return texts.say("box.window", opens=opens, closes=closes)


def show(error: AgentError, language: str = "") -> None:
    """Blocks until the box is closed. Main thread, with a desktop that answers."""
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QApplication, QMessageBox

    from candidate_agent.ui.qt_language import layout_direction, system_languages

    application = QApplication.instance() or QApplication(sys.argv[:1])
    texts = Texts(best(language, *system_languages()))
    box = QMessageBox()
    box.setLayoutDirection(layout_direction(texts.language))
    box.setWindowTitle(texts.say("box.title"))
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    box.setText(headline(error, texts))
    box.setInformativeText(advice(error, texts))
    box.setStandardButtons(QMessageBox.StandardButton.Close)
    box.button(QMessageBox.StandardButton.Close).setText(texts.say("action.close"))
    box.exec()
    del application
