"""Starts sittings quickly: imports everything once, then forks one for each line of standard input. Run by
`crash_matrix`: `python -m tests.candidate_agent.lockdown.nursery`.

A line is `<undo log> <seconds held> <pipe>`; the answer is the process id. What a sitting says goes to the named pipe.
"""

import ctypes
import os
import signal
import sys
import traceback
from pathlib import Path

from tests.candidate_agent.lockdown import sitting

_SUBREAPER = 36


def main() -> None:
    ctypes.CDLL(None).prctl(_SUBREAPER, 1)  # keepers that outlive their agent are collected here
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        log, held_s, pipe = line.rstrip("\n").split("\t")
        pid = os.fork()
        if pid == 0:
            _run(Path(log), float(held_s), Path(pipe))
        print(pid, flush=True)


def _run(log: Path, held_s: float, pipe: Path) -> None:
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    null = os.open(os.devnull, os.O_RDWR)
    for handle in (0, 1):
        os.dup2(null, handle)
    status = 1
    try:
        with pipe.open("w") as words:

            def say(word: str) -> None:
                words.write(word + "\n")
                words.flush()

            sitting.short(log, held_s, say)
        status = 0
    except Exception:
        traceback.print_exc()
    finally:
        os._exit(status)


if __name__ == "__main__":
    main()
