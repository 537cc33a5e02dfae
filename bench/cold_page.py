"""What it costs on this machine to touch memory that was not touched for half a second, by page of 4 KB.

Seen on one virtual machine: 0.06 to 15 us, within hours. Where a page is dear, programs that wake seldom and look at
much, like ours, seem several times as expensive as they are. Beside the figures of `bench.media` and `bench.findings`,
to read them by.
"""

import mmap
import statistics
import time

from bench.results import Figure

PAGES, ROUNDS, PAUSE_S = 1000, 7, 0.5


def measure(name: str) -> Figure:
    """About 4 s."""
    memory = mmap.mmap(-1, PAGES * mmap.PAGESIZE)
    if hasattr(mmap, "MADV_NOHUGEPAGE"):
        memory.madvise(mmap.MADV_NOHUGEPAGE)
    memory.write(bytes(len(memory)))
    cold = []
    for _ in range(ROUNDS):
        time.sleep(PAUSE_S)
        first_ns = _touched_ns(memory)
        cold.append(first_ns - _touched_ns(memory))
    return Figure(f"{name}.cold_page", round(statistics.median(cold) / PAGES / 1000, 2), "us")


def _touched_ns(memory: mmap.mmap) -> int:
    began_ns = time.thread_time_ns()
    memory[:: mmap.PAGESIZE]
    return time.thread_time_ns() - began_ns
