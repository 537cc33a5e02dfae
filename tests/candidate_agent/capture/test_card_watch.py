"""What the preview says: calm words, an outline that follows, ready after a second."""

from candidate_agent.capture.card_judge import DARK, GOOD, NO_CARD, Judgement
from candidate_agent.capture.card_watch import NO_PICTURE, STANDS_STILL, CardWatch, follow

SIZE = (640, 480)
CORNERS = ((0.1, 0.1), (0.5, 0.1), (0.5, 0.4), (0.1, 0.4))


def watch(*told: tuple[float, str | None], still: bool = False) -> list[CardWatch]:
    """(seconds, hint) of picture after picture; None: the camera gives none."""
    seen, now = [], CardWatch()
    for number, (at_s, hint) in enumerate(told, 1):
        judged = None if hint is None else Judgement(hint, CORNERS if hint == GOOD else ())
        now = follow(now, judged, 1 if still else number, SIZE, 1 + round(at_s * 1_000_000))
        seen.append(now)
    return seen


def test_words_change_every_two_seconds_at_most_and_the_outline_at_once() -> None:
    seen = watch((0, NO_CARD), (0.3, GOOD), (0.6, DARK), (1.9, GOOD), (2.1, GOOD))
    assert [one.hint for one in seen] == [NO_CARD, NO_CARD, NO_CARD, NO_CARD, GOOD]
    assert [bool(one.corners) for one in seen] == [False, True, False, True, True]


def test_ready_is_a_second_of_good_pictures_without_a_break() -> None:
    assert [one.ready for one in watch((0, GOOD), (0.9, GOOD), (1.1, GOOD), (1.3, NO_CARD), (1.5, GOOD))] == [
        False, False, True, False, False,
    ]  # fmt: skip


def test_a_camera_that_gives_nothing_or_always_the_same_is_said() -> None:
    assert watch((0, GOOD), (3, None))[-1].hint == NO_PICTURE
    seen = watch(*((float(at), GOOD) for at in range(8)), still=True)
    assert (seen[3].hint, seen[-1].hint, seen[-1].ready) == (GOOD, STANDS_STILL, False)
