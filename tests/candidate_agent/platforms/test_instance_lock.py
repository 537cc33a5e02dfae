"""One agent at a time, and never a lock left behind by a dead one."""

import subprocess
import sys
from pathlib import Path

from candidate_agent.platforms.instance_lock import InstanceLock

HOLD = "import sys, pathlib; from candidate_agent.platforms.instance_lock import InstanceLock as L; l = L(pathlib.Path(sys.argv[1])); print(l.acquire(), flush=True); sys.stdin.read()"  # noqa: E501


def test_a_second_agent_is_turned_away_and_a_killed_one_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "agent.lock"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdin and holder.stdout
    assert holder.stdout.readline() == "True\n"
    ours = InstanceLock(path)
    assert not ours.acquire()
    holder.kill()
    holder.wait()
    holder.stdin.close()
    holder.stdout.close()
    assert ours.acquire()
    ours.release()
