"""Who may write when the disk runs out."""

import pytest

from candidate_agent.spool.quota import BALLAST_BYTES, MARGIN_BYTES, admits, ballast_may_return
from exam_protocol.records import Lane


@pytest.mark.parametrize(
    ("lane", "held", "admitted"),
    [(Lane.MEDIA, True, True), (Lane.CONTROL, True, True), (Lane.MEDIA, False, False), (Lane.CONTROL, False, True)],
)
def test_media_waits_while_the_ballast_is_gone(lane: int, held: bool, admitted: bool) -> None:
    assert admits(lane, held) is admitted


def test_the_ballast_returns_only_when_there_is_room_to_spare() -> None:
    assert not ballast_may_return(BALLAST_BYTES)
    assert ballast_may_return(BALLAST_BYTES + MARGIN_BYTES)
