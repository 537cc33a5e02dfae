"""Pictures that show nothing are refused with what to do."""

import numpy as np
import pytest

from candidate_agent.base.errors import DeviceError
from candidate_agent.capture import usable
from candidate_agent.platforms.ports import Picture


def picture(value: int, at_s: float = 0.0) -> Picture:
    return Picture(np.full((48, 64, 3), value, np.uint8), round(at_s * 1_000_000))


@pytest.mark.parametrize(
    ("values", "code"), [((0, 1, 0, 2, 0), "camera_black"), ((90, 90, 90, 90, 90), "camera_frozen")]
)
def test_a_burst_that_is_black_or_stands_still_is_refused(values: tuple[int, ...], code: str) -> None:
    with pytest.raises(DeviceError) as failure:
        usable.require_shown(tuple(picture(value) for value in values))
    assert failure.value.code == code


def test_a_burst_with_one_picture_that_shows_something_is_taken() -> None:
    usable.require_shown((picture(0), picture(90), picture(0)))
    usable.require_shown((picture(90),))


def test_a_stream_may_be_black_for_a_moment_and_still_for_a_moment() -> None:
    watch = usable.Usable()
    for number in range(100):
        watch.check(picture(0 if number % 20 == 0 else 80 + number // 40 % 2, number / 10))


@pytest.mark.parametrize(("value", "code", "by_s"), [(0, "camera_black", 3.1), (80, "camera_frozen", 5.1)])
def test_a_stream_that_stays_so_is_refused(value: int, code: str, by_s: float) -> None:
    watch = usable.Usable()
    with pytest.raises(DeviceError) as failure:
        for number in range(round(by_s * 10) + 1):
            watch.check(picture(value, number / 10))
    assert failure.value.code == code
