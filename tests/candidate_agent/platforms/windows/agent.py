"""As much of an agent as a kill test needs: the lockdown, its keeper, and a child. Run: `python -m ... UNDO_LOG`.

Says the numbers of keeper and child when the computer is locked; gives it back when its input ends.
"""

import subprocess
import sys
from pathlib import Path

from candidate_agent.lockdown.sequence import Lockdown
from candidate_agent.lockdown.undo_log import UndoLog
from candidate_agent.platforms import keeper_process, select
from candidate_agent.platforms.windows import backend
from candidate_agent.platforms.windows.awake import WindowsAwake


def main() -> None:
    assert select.end_children_with_us()
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    undo_log_path = Path(sys.argv[1])
    lockdown = Lockdown(
        backend.settings(),
        backend.clipboard(),
        UndoLog(undo_log_path),
        lambda: keeper_process.start(undo_log_path),
        awake=WindowsAwake(),
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
