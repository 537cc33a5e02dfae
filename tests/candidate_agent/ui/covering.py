"""Holds the real window in exam state and says how many displays it covers. Run by a test: `python -m ... DISPLAYS`.

Reads orders from standard input, one a line: `enter`, `count`, `leave`, `arabic`. Their end closes the window. Each
is answered with the number of covers, negative where one of them does not say the sentence of the language."""

import sys
import threading
from dataclasses import replace
from typing import Any

from candidate_agent.ui.bridge import Bridge
from candidate_agent.ui.texts import Texts
from candidate_agent.ui.view_model import view
from candidate_agent.ui.windows import Windows
from tests.candidate_agent.ui.states import NOW_US, STATES, WALL_MS


def main() -> int:
    windows = Windows(Bridge(lambda event: None), displays=int(sys.argv[1]))

    def obey() -> None:
        try:
            _obey(windows)
        finally:
            windows.close()

    windows.run(lambda: threading.Thread(target=obey).start())
    return 0


def _obey(windows: Windows) -> None:
    orders = {
        "enter": windows.enter_exam, "leave": windows.leave_exam, "count": lambda: None,
        "arabic": lambda: windows.publish(_in_arabic()),
    }  # fmt: skip
    print("ready", flush=True)
    for line in sys.stdin:
        orders[line.strip()]()
        print(windows._ask(lambda: _said(windows)), flush=True)


def _in_arabic() -> dict[str, Any]:
    exam = STATES["exam"]
    return view(replace(exam.session, language="ar"), now_us=NOW_US, wall_ms=WALL_MS, live=exam.live)


def _said(windows: Windows) -> int:
    covers, texts = windows._covers, windows._texts
    wanted = {Texts(texts.language).say("display.covered")}
    return covers.count if covers.said in (wanted, set()) else -covers.count


if __name__ == "__main__":
    sys.exit(main())
