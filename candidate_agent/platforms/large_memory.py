"""Keeps the process small over hours of pictures and encoders that come and go: what the C library of Linux does with
memory that was freed. Windows and macOS are not asked.
"""

import sys

M_MMAP_THRESHOLD = -3
LARGE_BYTES = 2 << 20
TRIM_EVERY_S = 60.0


def give_back_large() -> bool:
    """From now on, two megabytes and more go back to the system as soon as they are freed. By itself the library raises
    that limit with the first such piece, and then keeps the most that was ever needed, for each thread. Called first of
    all, by `cli`. False: not so here."""
    return _ask("mallopt", M_MMAP_THRESHOLD, LARGE_BYTES)


def give_back_rest() -> bool:
    """What is free in between now. Without it every break, with new threads after it, left some megabytes more behind.
    Takes 0.1 to 1 ms. Called once a minute. False: nothing was given back."""
    return _ask("malloc_trim", 0)


def _ask(name: str, *values: int) -> bool:
    if sys.platform != "linux":
        return False
    import ctypes

    try:
        return bool(getattr(ctypes.CDLL(None), name)(*values))
    except (AttributeError, OSError):  # another C library
        return False
