"""What is lost inside the program is told at once, then once a minute, each time what is new; nothing is told twice."""

from candidate_agent.capture.losses import AGAIN_US, Losses


def stats(**counts: float) -> dict[str, float]:
    return {"screen_in": 90, "screen_dropped": 0, "camera_dropped": 0, "sound_dropped": 0, "refused": 0, **counts}


def test_a_recording_that_loses_nothing_says_nothing() -> None:
    losses = Losses()
    assert losses.news(stats(), 0) is None and losses.news(stats(), 0, last=True) is None


def test_the_first_loss_is_told_at_once_and_later_ones_once_a_minute_and_at_the_end() -> None:
    losses = Losses()
    first = losses.news(stats(screen_dropped=2, sound_dropped=1), 5)
    assert first == (
        3, "Lost inside the program, which did not keep up: 2 pictures of screen, 1 block of sound.",
    )  # fmt: skip
    more = stats(screen_dropped=2, sound_dropped=1, screen_2_dropped=4, refused=1)
    assert losses.news(more, 5 + AGAIN_US - 1) is None
    assert losses.news(more, 5 + AGAIN_US) == (
        5, "Lost inside the program, which did not keep up: 1 packet, 4 pictures of screen 2.",
    )  # fmt: skip
    assert losses.news(more, 6 + AGAIN_US, last=True) is None
    assert losses.news({**more, "camera_dropped": 1}, 6 + AGAIN_US, last=True) == (
        1, "Lost inside the program, which did not keep up: 1 picture of camera.",
    )  # fmt: skip
