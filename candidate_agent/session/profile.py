"""Which of the recording's profiles fits the line and the computer that were measured. Pure; asked by `checkin`.

The policy's profile is the most that is ever recorded; what was measured only ever makes it less.
"""

from functools import reduce

from exam_protocol.records import CheckRow

PROFILES = ("full", "standard", "low", "store")  # the finest first, as in `capture.rate`
STORE = PROFILES[-1]
GOOD_MBPS, STORE_MBPS = 1.0, 0.10
REAL_TIME = 1.0  # an encoder that is slower than the camera


def profile_for(rows: tuple[CheckRow, ...], most: str) -> str:
    """ "" where the line was not measured yet: then the policy's holds."""
    fits = {row.code: _fits(row, most) for row in rows if isinstance(row.value, int | float)}
    if "network_up" not in fits:
        return ""
    return reduce(less, fits.values(), most)


def _fits(row: CheckRow, most: str) -> str:
    """The finest profile that this one value allows."""
    assert isinstance(row.value, int | float)
    if row.code == "network_up" and row.value < GOOD_MBPS:
        return "low" if row.value >= STORE_MBPS else "store"
    return "low" if row.code == "encoder" and row.value < REAL_TIME else most


def less(one: str, other: str) -> str:
    """The plainer of two profiles; one that nobody knows counts as the finest."""
    return max(one, other, key=lambda name: PROFILES.index(name) if name in PROFILES else -1)
