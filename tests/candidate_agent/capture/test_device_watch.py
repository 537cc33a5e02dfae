"""What a camera or a microphone does after it was measured is news once, and only where nobody says it yet."""

import numpy as np
import pytest

from candidate_agent.capture.device_watch import WELL, CameraWatch, DeviceState, News
from candidate_agent.platforms.ports import Picture

GONE = DeviceState("camera_missing")
S = 1_000_000


def picture(value: int, at_s: float) -> Picture:
    return Picture(np.full((48, 64, 3), value, np.uint8), round(at_s * S))


@pytest.mark.parametrize(
    ("value", "code", "soon_s", "late_s"), [(0, "camera_black", 2, 4), (80, "camera_frozen", 4, 6)]
)
def test_a_camera_that_shows_nothing_new_is_said_within_five_seconds_and_that_it_is_mended_at_once(
    value: int, code: str, soon_s: float, late_s: float
) -> None:
    watch, codes = CameraWatch(), dict[float, str]()
    for tenth in range(round(late_s * 10)):
        codes[tenth / 10] = watch.look(picture(value, tenth / 10), "", 0).code
    assert codes[soon_s] == "" and codes[late_s - 0.1] == code
    assert watch.look(picture(99, late_s), "", 0) == WELL


def test_a_camera_gets_its_time_to_begin_and_a_reason_is_said_at_once() -> None:
    watch = CameraWatch()
    assert [watch.look(None, "", at_s * S).code for at_s in (0, 4, 9)] == ["", "", "camera_missing"]
    assert watch.look(None, "camera_busy", 10 * S).code == "camera_busy"
    assert watch.look(picture(80, 11), "", 11 * S) == WELL
    assert watch.look(None, "", 12 * S) == WELL


def test_the_same_picture_looked_at_twice_does_not_stand_still() -> None:
    """As while the identity picture is taken: readers see nothing meanwhile."""
    watch, stale = CameraWatch(), picture(80, 1)
    assert {watch.look(stale, "", at_s * S) for at_s in range(30)} == {WELL}


def test_a_row_is_measured_again_when_its_device_fails_and_when_it_comes_back_each_once() -> None:
    news, row, after = News(), object(), object()

    def said(now: DeviceState, of: object, *, fails: bool = False, free: bool = True) -> bool:
        return news.of_row(now, of, fails=fails, free=free)

    assert not said(WELL, None) and not said(WELL, row) and not said(WELL, row)
    assert said(GONE, row) and not said(GONE, row)
    assert not said(GONE, after, fails=True) and not said(DeviceState("camera_busy"), after, fails=True)
    assert said(WELL, after, fails=True)


def test_what_happens_while_the_rest_is_measured_is_said_when_it_is_done() -> None:
    news, row = News(), object()
    assert not news.of_row(WELL, row, fails=False, free=False)
    assert not news.of_row(GONE, row, fails=False, free=False)
    assert news.of_row(GONE, row, fails=False, free=True)


def test_another_usual_microphone_is_news_though_both_are_well() -> None:
    news, row = News(), object()
    assert not news.of_row(DeviceState("", "desk"), row, fails=False, free=True)
    assert news.of_row(DeviceState("", "headset"), row, fails=False, free=True)


def test_a_banner_says_what_is_amiss_from_the_beginning_and_each_change() -> None:
    news = News()
    assert [news.of_banner(now) for now in (GONE, GONE, WELL, WELL)] == [True, False, True, False]
    assert not News().of_banner(DeviceState("", "desk"))


def test_what_changes_between_a_measurement_and_the_next_look_is_news() -> None:
    """A headset that is pulled out in the moment in which its row says that it gives no sound."""
    news, headset, desk, measured = News(), DeviceState(source="headset"), DeviceState(source="desk"), object()
    assert not news.of_row(headset, None, fails=False, free=False)
    assert news.of_row(desk, measured, fails=True, free=True)
    assert not news.of_row(desk, measured, fails=True, free=True)
