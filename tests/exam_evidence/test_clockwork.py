"""Times as people read them, in whatever way a device names its zone."""

import pytest

from exam_evidence.clockwork import time_of_day, wall

NOON_MS = 1_780_056_000_000  # 2026-05-29 12:00:00 UTC


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Europe/Berlin", "14:00:00"), ("CEST +0200", "14:00:00"), ("-0330", "08:30:00"), ("", "12:00:00"),
        ("nowhere", "12:00:00"), ("+9999", "12:00:00"),
    ],
)  # fmt: skip
def test_the_zone_is_a_name_or_an_offset_and_else_utc(zone: str, said: str) -> None:
    assert time_of_day(NOON_MS, zone) == said


def test_the_name_of_the_zone_stands_behind_the_time() -> None:
    assert wall(NOON_MS, "CEST +0200") == "2026-05-29 14:00:00 CEST"
