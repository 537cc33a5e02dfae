"""A crash of ours leaves no memory on the disk. tests/escape/test_canary.py looks at the whole program."""

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.skipif(sys.platform == "win32", reason="no core files there")
def test_a_crash_leaves_no_core_file_also_of_a_child(tmp_path: Path) -> None:
    crash = "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"
    code = (
        "import resource, subprocess, sys; from candidate_agent.platforms.private_memory import keep_off_disk;"
        "top = resource.getrlimit(resource.RLIMIT_CORE)[1]; resource.setrlimit(resource.RLIMIT_CORE, (top, top));"
        f"assert keep_off_disk(); subprocess.run([sys.executable, '-c', {crash!r}]); {crash}"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=False)
    assert done.returncode < 0
    assert list(tmp_path.iterdir()) == []
