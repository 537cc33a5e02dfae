"""A plain field of the toolkit with the filter of `sent_input` on it, run by a test: `python -m ... `.

Prints the field's window; then, for each line on standard input, what was dropped and how many characters stand in it.
"""

import sys
import threading

from PySide6.QtWidgets import QApplication, QLineEdit

from candidate_agent.ui import sent_input
from candidate_agent.ui.gui_queue import GuiQueue


def main() -> int:
    application = QApplication([])
    sent = sent_input.install(application)
    assert sent is not None
    field = QLineEdit()
    queue = GuiQueue(field)
    field.show()
    print(int(field.winId()), flush=True)

    def obey() -> None:
        for _ in sys.stdin:
            queue.post(lambda: print(sent.dropped, len(field.text()), flush=True))
        queue.post(application.quit)

    threading.Thread(target=obey).start()
    application.exec()
    application.removeNativeEventFilter(sent)
    return 0


if __name__ == "__main__":
    sys.exit(main())
