"""A plain native box for what stops the program before its window: sentence, what to do, code, one Close button.

Called by `cli` when nobody reads the standard error. Needs no browser engine, so it also tells what keeps that one out.
"""

import json
import sys
from importlib import resources

from candidate_agent.base.errors import AgentError

TITLE = "Exam program"


def advice(error: AgentError) -> str:
    """What the candidate can do, from the same texts as our pages have."""
    path = resources.files("candidate_agent.ui") / "assets" / "locales" / "en.json"
    texts: dict[str, str] = json.loads(path.read_text("utf-8"))
    return texts.get(f"problem.{error.code}.do", texts["problem.other.do"])


def show(error: AgentError) -> None:
    """Blocks until the box is closed. Main thread, with a desktop that answers."""
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QApplication, QMessageBox

    application = QApplication.instance() or QApplication(sys.argv[:1])
    box = QMessageBox()
    box.setWindowTitle(TITLE)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    box.setText(error.text)
    box.setInformativeText(f"{advice(error)}\n\nCode: {error.code}")
    box.setStandardButtons(QMessageBox.StandardButton.Close)
    box.exec()
    del application
