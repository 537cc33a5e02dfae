"""What is large and freed is not kept, however much was once needed at a time."""

import subprocess
import sys

import pytest

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
