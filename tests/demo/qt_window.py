"""A native window like the agent's: a strip above, a second view docked below. Started by test_page_view.py."""

import sys

from PySide6.QtCore import Qt
from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow, QWidget

STRIP = """<title>strip page</title><body style="margin:0">
<button id="help" style="position:absolute; left:300px; top:8px" onclick="document.title += ' clicked'">Help</button>
<button id="later" style="position:absolute; left:400px; top:8px" disabled>Later</button>"""
EXAM = """<title>exam page</title><body><p>Read first.</p><div style="height:1500px"></div>
<textarea id="answer"></textarea><div style="height:200px"></div>"""


def main() -> int:
    app = QApplication(sys.argv)
    window = QMainWindow()
    window.resize(900, 700)
    strip = QWebEngineView()
    strip.setHtml(STRIP)
    strip.setFixedHeight(48)
    window.setCentralWidget(strip)
    profile = QWebEngineProfile()
    exam = QWebEngineView()
    exam.setPage(QWebEnginePage(profile, exam))
    exam.setHtml(EXAM)
    dock = QDockWidget()
    dock.setTitleBarWidget(QWidget())
    dock.setWidget(exam)
    window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, dock)
    window.show()
    window.move(70, 90)
    status = app.exec()
    exam.page().deleteLater()
    return status


if __name__ == "__main__":
    sys.exit(main())
