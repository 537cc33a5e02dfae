"""Holds a real lockdown of a real X server until it is killed. Run by tests: `python -m ... UNDO_LOG`.

Prints "locked" when the computer is locked; on "revert" from standard input it gives the computer back and reports.
`short` is a whole sitting for the crash matrix: window, grab, lockdown with upkeep, giving back.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from Xlib import X
from Xlib import display as xdisplay
from Xlib import error as xerror

from candidate_agent.lockdown.sequence import Lockdown
from candidate_agent.lockdown.undo_log import UndoLog
from candidate_agent.lockdown.upkeep import Upkeep
from candidate_agent.platforms import keeper_process, select

UPKEEP_S = 0.05
WINDOW = "sitting"
X_CLIENT_KILLED = 3


def make_lockdown(path: Path) -> Lockdown:
    return Lockdown(select.settings(), select.clipboard(), UndoLog(path), lambda: keeper_process.start(path))


class ExamWindow:
    """Fullscreen, with the keyboard, on a connection of its own; its loss ends the process, as a toolkit does."""

    def __init__(self) -> None:
        self._connection: Any = xdisplay.Display()
        self._connection.set_error_handler(lambda *_: None)
        root = self._connection.screen().root
        self._window = root.create_window(0, 0, 300, 200, 0, X.CopyFromParent, event_mask=X.StructureNotifyMask)
        self._window.set_wm_name(WINDOW)
        self._window.set_wm_class(WINDOW, WINDOW)
        self._window.map()
        self._connection.sync()
        threading.Thread(target=self._listen, daemon=True).start()

    def grab(self) -> None:
        grabbed = False
        while not grabbed:
            mode = X.GrabModeAsync
            grabbed = self._window.grab_keyboard(False, mode, mode, X.CurrentTime) == X.GrabSuccess

    def close(self) -> None:
        self._connection.ungrab_keyboard(X.CurrentTime)
        self._window.destroy()
        self._connection.sync()

    def _listen(self) -> None:
        try:
            while True:
                self._connection.next_event()
        except (xerror.ConnectionClosedError, OSError):
            os._exit(X_CLIENT_KILLED)


def short(path: Path, held_s: float, say: Callable[[str], None]) -> None:
    window, lockdown, over = ExamWindow(), make_lockdown(path), threading.Event()
    say("begins")
    lockdown.apply()
    window.grab()
    upkeep = threading.Thread(target=_keep, args=(Upkeep(lockdown), over))
    upkeep.start()
    over.wait(held_s)
    over.set()
    upkeep.join()
    window.close()
    report = lockdown.revert()
    say("restored" if report.restored else f"left: {report.measures}")


def _keep(upkeep: Upkeep, over: threading.Event) -> None:
    while not over.wait(UPKEEP_S):
        if upkeep.look().failed:
            return


def main() -> int:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # under nohup it would be inherited as ignored
    lockdown = make_lockdown(Path(sys.argv[1]))
    lockdown.apply()
    print("locked", flush=True)
    for line in sys.stdin:
        if line.strip() == "revert":
            report = lockdown.revert()
            print("restored" if report.restored else f"left: {report.measures}", flush=True)
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
