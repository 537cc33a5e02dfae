"""Draws the emergency exit without an exam behind it, in each size, language and size of letters, and prints as JSON
how a screen reader would know it. Started by `test_way_out_look.py` and, with a folder, by `tests.screens.pictures`.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow

from candidate_agent.ui import languages
from candidate_agent.ui.texts import Texts
from candidate_agent.ui.way_out import Panel

SIZES = {"small": (1024, 600), "middle": (1366, 768), "large": (1920, 1080)}


def main() -> None:
    application = QApplication([])
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    seen = {
        f"{size} {language} {percent}": _drawn(size, language, percent, folder)
        for size in SIZES
        for language in languages.NAMES
        for percent in (100, 200)
    }
    print(json.dumps(seen))
    del application


def _drawn(size: str, language: str, percent: int, folder: Path | None) -> dict[str, Any]:
    window = QMainWindow()
    window.resize(*SIZES[size])
    window.show()
    panel = Panel(window, Texts(language), lambda: None, lambda: None, percent / 100)
    panel.appear()
    if folder:
        name = "way-out" + ("" if language == "en" else f"-{language}") + ("" if percent == 100 else f"-{percent}")
        window.grab().save(str(folder / f"{name}-{size}.png"))
    seen = {"tree": _said(QAccessible.queryAccessibleInterface(panel)), "faults": _faults(panel, window)}
    panel.vanish()
    window.close()
    return seen


def _faults(panel: Panel, window: QMainWindow) -> list[str]:
    """Words that are cut off, buttons that reach out, letters that did not grow."""
    cut = [part.text() for part in panel.findChildren(QLabel) if part.heightForWidth(part.width()) > part.height()]
    small = [
        button.text()
        for button in (panel.stay_button, panel.leave_button)
        if button.width() < button.sizeHint().width() or not panel.rect().contains(button.geometry())
    ]
    return [*cut, *small, *([] if window.rect().contains(panel.geometry()) else ["reaches out of the window"])]


def _said(part: QAccessibleInterface) -> dict[str, Any]:
    children = [_said(part.child(place)) for place in range(part.childCount())]
    text = QAccessible.Text
    return {
        "role": part.role().name,
        "name": part.text(text.Name),
        "description": part.text(text.Description),
        "focusable": part.state().focusable,
        "children": children,
    }


if __name__ == "__main__":
    main()
