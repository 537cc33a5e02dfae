"""What is looked at when an attempt may end the exam: its content gone, the computer as it was. Used by attempts."""

import time

from tests.escape.attempt import Seen
from tests.escape.room import Room

GONE_S = 2.0
SETTLE_S = 6.0


def gone_in_order(room: Room, since: float) -> Seen:
    """Blocked where the exam still holds, or where it is gone and the computer given back two seconds later."""
    while time.monotonic() < since + SETTLE_S and not room.is_over():
        room.pause(0.02)
    if not room.is_over():
        return Seen(False, "the exam held", ends=False)
    over_s = time.monotonic() - since
    while (left := room.left_behind()) and time.monotonic() < since + over_s + GONE_S:
        room.pause(0.05)
    took_s = time.monotonic() - since
    if left:
        return Seen(True, f"the exam is gone; not given back: {', '.join(left)}", since, ends=True)
    return Seen(False, f"the exam is gone, the computer as it was after {took_s:.1f} s", since, ends=True)
