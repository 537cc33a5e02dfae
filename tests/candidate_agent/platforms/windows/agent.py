"""As much of an agent as a kill test needs: the lockdown, its keeper, and a child. Run: `python -m ... UNDO_LOG`.

Says the numbers of keeper and child when the computer is locked; gives it back when its input ends. With `before` or
`after` and a number it ends itself, as if killed, at that change of a setting.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from candidate_agent.lockdown.measures.grips import Grip
from candidate_agent.lockdown.sequence import Lockdown
from candidate_agent.lockdown.undo_log import UndoLog
from candidate_agent.platforms import keeper_process, select
from candidate_agent.platforms.ports import SettingPort
from candidate_agent.platforms.windows import backend
from candidate_agent.platforms.windows.awake import WindowsAwake


class Ending:
    """A setting in whose change this process is ended."""

    def __init__(self, setting: SettingPort, when: str) -> None:
        self.name, self.read, self.locked, self.default = setting.name, setting.read, setting.locked, setting.default
        self._setting, self._when = setting, when

    def write(self, value: Any) -> None:
        if self._when == "after":
            self._setting.write(value)
        os.kill(os.getpid(), signal.SIGTERM)  # TerminateProcess: nothing of ours runs any more


def settings() -> tuple[SettingPort, ...]:
    found = list(backend.settings())
    if len(sys.argv) > 2:
        when, number = sys.argv[2], int(sys.argv[3])
        found[number] = Ending(found[number], when)
    return tuple(found)


def main() -> None:
    assert select.end_children_with_us()
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    undo_log_path = Path(sys.argv[1])
    awake = WindowsAwake()
    lockdown = Lockdown(
        settings(),
        backend.clipboard(),
        UndoLog(undo_log_path),
        lambda: keeper_process.start(undo_log_path),
        grips=(Grip("staying awake", awake.stay_awake, awake.awake),),
    )
    lockdown.apply()
    slipped = lockdown.verify()
    assert not slipped, slipped
    keeper = lockdown._keeper
    assert isinstance(keeper, keeper_process.KeeperProcess)
    print(keeper.pid, child.pid, flush=True)
    sys.stdin.read()
    print(lockdown.revert().restored, flush=True)


if __name__ == "__main__":
    main()
