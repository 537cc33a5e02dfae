"""Which of the recording's profiles fits the line that was measured. Pure; asked by `checkin` at each measured upload.

The policy's profile is the most that is ever recorded; a slower line only ever makes it less.
"""

from exam_protocol.records import CheckRow

PROFILES = ("full", "standard", "low", "store")  # the finest first, as in `capture.rate`
GOOD_MBPS, STORE_MBPS = 1.0, 0.10


def profile_for(row: CheckRow, most: str) -> str:
    """ "" where the row says nothing about the upload: then what holds goes on."""
    if row.code != "network_up" or not isinstance(row.value, int | float):
        return ""
    if row.value >= GOOD_MBPS:
        return most
    return less(most, "low" if row.value >= STORE_MBPS else "store")


def less(one: str, other: str) -> str:
    """The plainer of two profiles; one that nobody knows counts as the finest."""
    return max(one, other, key=lambda name: PROFILES.index(name) if name in PROFILES else -1)
