"""Memory by the megabyte, on Linux: freed memory is given back, so that the process stays small over hours of pictures
and encoders that come and go, and models lie in large pages. Windows and macOS are not asked.
"""

import sys
from pathlib import Path

M_MMAP_THRESHOLD = -3
LARGE_BYTES = 2 << 20
TRIM_EVERY_S = 60.0
MADV_COLLAPSE = 25  # since Linux 6.1; an older one refuses
PAGE_BYTES = 2 << 20

Area = tuple[int, int]
"""First address, and the one behind the last."""


def give_back_large() -> bool:
    """From now on, two megabytes and more go back to the system as soon as they are freed. By itself the library raises
    that limit with the first such piece, and then keeps the most that was ever needed, for each thread. Called first of
    all, by `cli`. False: not so here."""
    return _ask("mallopt", M_MMAP_THRESHOLD, LARGE_BYTES)


def give_back_rest() -> bool:
    """What is free in between now. Without it every break, with new threads after it, left some megabytes more behind.
    Takes 0.1 to 1 ms. Called once a minute. False: nothing was given back."""
    return _ask("malloc_trim", 0)


def in_large_pages() -> int:
    """What is in memory now goes into large pages as far as it fills them; bytes. For models, which are looked
    at as a whole twice a second and not in between: the processor then has one page of two megabytes to find instead of
    512. Took 20 to 30 % off the search on the device, on a virtual machine where pages are dear; some 100 ms, once."""
    return sum(_collapsed(area) for area in _areas())


def _areas() -> list[Area]:
    """Of the process's own memory, not of files, what can hold a large page."""
    if sys.platform != "linux":
        return []
    try:
        lines = Path("/proc/self/maps").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return []
    fields = [line.split() for line in lines]
    own = [each[0].split("-") for each in fields if each[1:] == ["rw-p", "00000000", "00:00", "0"]]
    areas = [(int(first, 16), int(end, 16)) for first, end in own]
    return [area for area in areas if area[1] - area[0] >= PAGE_BYTES]


def _collapsed(area: Area) -> int:
    first, end = -(-area[0] // PAGE_BYTES) * PAGE_BYTES, area[1] // PAGE_BYTES * PAGE_BYTES
    import ctypes

    taken = ctypes.CDLL(None).madvise(ctypes.c_void_p(first), ctypes.c_size_t(end - first), MADV_COLLAPSE) == 0
    return end - first if taken and end > first else 0


def _ask(name: str, *values: int) -> bool:
    if sys.platform != "linux":
        return False
    import ctypes

    try:
        return bool(getattr(ctypes.CDLL(None), name)(*values))
    except (AttributeError, OSError):  # another C library
        return False
