"""Holds a real lockdown of a real X server until it is killed. Run by tests: `python -m ... UNDO_LOG [fail]`.

Prints "locked" when the computer is locked; on "revert" from standard input it gives the computer back and reports.
"""

import sys
from pathlib import Path

from candidate_agent.lockdown.sequence import Lockdown
from candidate_agent.lockdown.undo_log import UndoLog
from candidate_agent.platforms import keeper_process, select


def main() -> int:
    path = Path(sys.argv[1])
    lockdown = Lockdown(select.settings(), select.clipboard(), UndoLog(path), lambda: keeper_process.start(path))
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
