"""Which protocol versions this build speaks, and how two ends agree on one. Pure; used by both ends of the channel."""

from exam_protocol.errors import ProtocolError

PROTOCOL_MIN = 1
PROTOCOL_MAX = 1
FEATURES = ("small-layer", "key-frame-on-demand", "receipts")
BUILD = "0.1.0"


def agree(theirs_min: int, theirs_max: int, ours_min: int = PROTOCOL_MIN, ours_max: int = PROTOCOL_MAX) -> int:
    """The highest version both ends speak. Raises ProtocolError `version_too_old` or `version_too_new` (of them)."""
    if theirs_max < ours_min:
        raise ProtocolError(
            "version_too_old", f"The other side speaks up to version {theirs_max}; {ours_min} is needed."
        )
    if theirs_min > ours_max:
        raise ProtocolError(
            "version_too_new", f"The other side needs version {theirs_min}; this one speaks {ours_max}."
        )
    return min(theirs_max, ours_max)
