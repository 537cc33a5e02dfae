"""What is large and freed is not kept, however much was once needed at a time; what models hold is in large pages."""

import mmap
import subprocess
import sys
from pathlib import Path

import pytest

from candidate_agent.platforms.large_memory import PAGE_BYTES, in_large_pages

SCRIPT = """
import threading
from candidate_agent.platforms import large_memory
assert large_memory.give_back_large()
def resident_mb():
    return int(open("/proc/self/statm").read().split()[1]) * 4096 / 1e6
def work():
    before = resident_mb()
    bytearray(8_300_000)  # freed at once: the limit rises, if it may
    pictures = [bytearray(8_000_000) for _ in range(5)]
    bottom = bytearray(300_000)  # keeps a pile below it from shrinking
    pictures.clear()
    print(resident_mb() - before)
thread = threading.Thread(target=work)
thread.start()
thread.join()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system is not asked")
def test_five_pictures_that_were_freed_are_not_resident_any_more() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert float(done.stdout) < 5


def in_large_pages_bytes(piece: mmap.mmap) -> int:
    """Of the area that `piece` lies in, as the kernel tells."""
    import numpy as np

    at = np.frombuffer(piece, np.uint8).ctypes.data
    here = False
    for line in Path("/proc/self/smaps").read_text(encoding="utf-8").splitlines():
        first, dash, end = line.split(" ")[0].partition("-")
        if dash and ":" not in first:
            here = int(first, 16) <= at < int(end, 16)
        elif here and line.startswith("AnonHugePages:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("the area is there")


def piece(pages: int) -> mmap.mmap:
    made = mmap.mmap(-1, pages * PAGE_BYTES, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    for at in range(0, len(made), mmap.PAGESIZE):
        made[at] = 7
    return made


def collapses() -> bool:
    """Linux 6.1 and later, where large pages are not switched off."""
    switch = Path("/sys/kernel/mm/transparent_hugepage/enabled")
    release = tuple(int(part) for part in Path("/proc/sys/kernel/osrelease").read_text().split(".")[:2])
    return switch.exists() and "[never]" not in switch.read_text() and release >= (6, 1)


@pytest.mark.skipif(sys.platform != "linux" or not collapses(), reason="the system has no such call")
def test_memory_goes_into_large_pages_and_keeps_its_bytes() -> None:
    made = piece(9)
    assert in_large_pages() >= 8 * PAGE_BYTES
    assert in_large_pages_bytes(made) >= 8 * PAGE_BYTES
    assert set(made[:: mmap.PAGESIZE]) == {7}
