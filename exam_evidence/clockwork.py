"""Times as people read them. Pure; used by `words` and `report`."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

OFFSET = re.compile(r"([+-])([01]\d|2[0-3])([0-5]\d)$")


def clock(media_us: int) -> str:
    """Media time as hours:minutes:seconds."""
    seconds = max(0, media_us) // 1_000_000
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def span(from_us: int, to_us: int) -> str:
    return f"{clock(from_us)} .. {clock(to_us)}"


def wall(wall_ms: int, zone: str = "") -> str:
    """Date and time with the name of the zone; UTC where the zone is unknown. Absurd times are shown as they are."""
    return _formatted(wall_ms, zone, "%Y-%m-%d %H:%M:%S %Z")


def time_of_day(wall_ms: int, zone: str = "") -> str:
    return _formatted(wall_ms, zone, "%H:%M:%S")


def _formatted(wall_ms: int, zone: str, style: str) -> str:
    try:
        return datetime.fromtimestamp(wall_ms / 1000, UTC).astimezone(_zone(zone)).strftime(style)
    except (ValueError, OverflowError, OSError):
        return f"{wall_ms} ms"


def _zone(name: str) -> tzinfo:
    """By its name, or as the device says it: `CET +0100`."""
    if said := OFFSET.search(name):
        sign, hours, minutes = (-1 if said[1] == "-" else 1), int(said[2]), int(said[3])
        return timezone(sign * timedelta(hours=hours, minutes=minutes), name[: said.start()].strip() or said[0])
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
