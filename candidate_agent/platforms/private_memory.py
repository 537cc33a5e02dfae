"""What is in memory stays there: typed answers and the candidate's clipboard must not reach the disk when a program of
ours crashes. Called by `cli`, `keeper` and the clipboard holder, first of all; children inherit it.
"""

import sys


def keep_off_disk() -> bool:
    """No core file of this process and its children, also where the desktop collects them: the collectors ask for the
    same limit. False where the system is not asked so (Windows keeps none unless somebody set it up)."""
    if sys.platform == "win32":
        return False
    import resource

    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (OSError, ValueError):
        return False
    return True
