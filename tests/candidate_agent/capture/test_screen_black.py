"""A black screen is told once, after ten seconds of it; a dark page with anything on it is none."""

import numpy as np
import pytest

from candidate_agent.capture.events import CaptureEvent, ScreenBlack
from candidate_agent.capture.screen_black import BlackWatch, is_black
from candidate_agent.platforms.ports import Picture

HEIGHT, WIDTH = 768, 1366


def picture(second: float, *, bright: tuple[slice, slice] | None = None, level: int = 0) -> Picture:
    pixels = np.full((HEIGHT, WIDTH, 4), level, np.uint8)
    pixels[:, :, 3] = 255  # of no meaning
    if bright is not None:
        pixels[(*bright, slice(0, 3))] = 200
    return Picture(pixels, round(second * 1e6))


def told(*pictures: Picture | None) -> list[CaptureEvent]:
    events: list[CaptureEvent] = []
    watch = BlackWatch(events.append)
    for one in pictures:
        watch.see(one)
    return events


def test_black_for_ten_seconds_is_told_once_and_again_after_it_was_lit() -> None:
    black = [picture(second) for second in range(30)]
    assert told(*black[:10]) == []
    assert told(*black) == [ScreenBlack()]
    assert told(*black[:12], picture(12, level=90), *black[13:]) == [ScreenBlack()] * 2


def test_time_in_which_the_screen_was_lost_counts_for_nothing() -> None:
    black = [picture(second) for second in (0, 5, 8)]
    assert told(*black, None, picture(11), picture(15)) == []
    assert told(*black, picture(300), picture(305)) == []


@pytest.mark.parametrize(
    "bright", [(slice(100, 116), slice(50, 1300)), (slice(700, 724), slice(640, 656)), (slice(0, 48), slice(0, WIDTH))]
)
def test_a_line_of_text_a_pointer_or_our_strip_on_black_is_no_black_screen(bright: tuple[slice, slice]) -> None:
    assert not is_black(picture(0, bright=bright))
