"""A display that is really turned while the recording runs, and back: Xephyr rotates what it shows, RandR tells it."""

from itertools import pairwise

import pytest

from exam_protocol.records import Track
from tests.candidate_agent.capture.studio import decode_video, until
from tests.candidate_agent.capture.test_screens_real import (
    GAP_US,
    Recorded,
    counting_window,
    decoded_in_one,
    recording,
    segments,
)
from tests.rig.camera import read_code
from tests.rig.xserver import XServer

pytestmark = [pytest.mark.real, pytest.mark.slow]

WIDE, TALL = (1000, 600), (600, 1000)


def test_a_display_that_is_turned_and_turned_back_is_recorded_upright_without_a_gap(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with XServer(turns=True, width=WIDE[0], height=WIDE[1], window_manager="") as server:
        monkeypatch.setenv("DISPLAY", server.display)
        server.run("xrandr")  # it looks for its display when it is asked for the first time
        with counting_window(server.display), recording(Recorded(server)) as recorded:
            recorded.wait_for_size(*WIDE)
            for way, size in (("left", TALL), ("normal", WIDE)):
                server.run("xrandr", "-o", way)
                recorded.wait_for_size(*size)
            until(lambda: len(recorded.said()) >= 2, 20)
    kept = recorded.shelf.of(Track.SCREEN)
    parts = segments(kept)
    assert [size for size, _ in parts] == [WIDE, TALL, WIDE] and all(items[0].key_frame for _, items in parts)
    assert decoded_in_one(kept) == [(item.media.width, item.media.height) for item in kept]
    assert max(late.taken_us - early.taken_us for early, late in pairwise(kept)) < GAP_US
    for _, items in parts:
        numbers = [read_code(picture) for picture in decode_video([item.media.data for item in items])]
        assert len(set(numbers) - {None}) > 1  # it can be read as it stands: nothing lies on its side
    assert recorded.said() == [
        "Display 1 was turned from 1000x600 to 600x1000. The recording goes on.",
        "Display 1 was turned from 600x1000 to 1000x600. The recording goes on.",
    ]
