"""Who may still write when the disk runs out. Pure. Asked by `store` before each append and once a second.

A ballast file holds space while all is well. The first full disk releases it: from then on only the control lane may
write, into the room the ballast left, until there is space for the ballast and some more again.
"""

from exam_protocol.records import Lane

BALLAST_BYTES = 16 << 20
MARGIN_BYTES = 16 << 20  # beyond the ballast, so that it does not come and go with every record


def admits(lane: int, ballast_held: bool) -> bool:
    """Media waits while the ballast is gone: flags, chat and the signed records come first."""
    return ballast_held or lane == Lane.CONTROL


def ballast_may_return(free_bytes: int, ballast_bytes: int = BALLAST_BYTES, margin_bytes: int = MARGIN_BYTES) -> bool:
    return free_bytes >= ballast_bytes + margin_bytes
