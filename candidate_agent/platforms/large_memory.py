"""Keeps the process small over hours of pictures and encoders that come and go. Called by `cli`, first of all."""

import sys

M_MMAP_THRESHOLD = -3
LARGE_BYTES = 2 << 20


def give_back() -> bool:
    """Memory of two megabytes and more goes back to the system as soon as it is freed. By itself the C library of Linux
    raises that limit with the first such piece that is freed, and then keeps, for each thread, the most that was ever
    needed. False where the system is not asked so; Windows and macOS give back large pieces by their manuals."""
    if sys.platform != "linux":
        return False
    import ctypes

    try:
        return bool(ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, LARGE_BYTES))
    except (AttributeError, OSError):  # another C library
        return False
