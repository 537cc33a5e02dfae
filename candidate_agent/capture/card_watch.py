"""From one judgement after the other to what the candidate is told: no flicker, no haste. Pure; fed by `housekeeping`.

The outline follows each picture; the words change at most every two seconds; the picture is called ready when it has
been good for a second. A camera that gives nothing, or the same again and again, is said, too.
"""

from dataclasses import dataclass, replace

from candidate_agent.capture.card_judge import GOOD, Judgement

CALM_US = 2_000_000
READY_US = 1_000_000
STILL_US = 5_000_000
NO_PICTURE, STANDS_STILL = "no_picture", "stands_still"


@dataclass(frozen=True, slots=True)
class CardWatch:
    """`hint` is what is shown now, one of `card_judge.HINTS`, NO_PICTURE or STANDS_STILL; "" before the first."""

    hint: str = ""
    since_us: int = 0  # when the hint began
    good_since_us: int | None = None
    corners: tuple[tuple[float, float], ...] = ()
    size: tuple[int, int] = (4, 3)  # width and height of the picture
    ready: bool = False
    mark: int = 0  # of the newest picture that differed from the one before
    changed_us: int = 0


def follow(before: CardWatch, judged: Judgement | None, mark: int, size: tuple[int, int], now_us: int) -> CardWatch:
    """`judged` None: the camera gives no picture. `mark`: a number that is another one for another picture."""
    changed_us = now_us if mark != before.mark or not before.changed_us else before.changed_us
    if judged is None:
        return replace(_say(before, NO_PICTURE, now_us), corners=(), ready=False, good_since_us=None, changed_us=now_us)
    still = now_us - changed_us >= STILL_US
    good = judged.hint == GOOD and not still
    since_us = (before.good_since_us if before.good_since_us is not None else now_us) if good else None
    said = _say(before, STANDS_STILL if still else judged.hint, now_us)
    return replace(
        said, corners=judged.corners, size=size, good_since_us=since_us, mark=mark, changed_us=changed_us,
        ready=since_us is not None and now_us - since_us >= READY_US,
    )  # fmt: skip


def _say(before: CardWatch, hint: str, now_us: int) -> CardWatch:
    if hint == before.hint or (before.hint and now_us - before.since_us < CALM_US):
        return before
    return replace(before, hint=hint, since_us=now_us)
