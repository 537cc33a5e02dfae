"""When the spool syncs: at once for what is watched live, soon for the rest, with the index once a second."""

import pytest

from candidate_agent.spool.schedule import INDEX_INTERVAL_S, QUICK_GAP_S, Schedule, Sync
from exam_protocol.records import MEDIA_TRACKS, SMALL_TRACKS, Track

PATIENCE_S = 0.1


def started() -> Schedule:
    """At second 100, just after a sync with the index."""
    schedule = Schedule(PATIENCE_S)
    assert schedule.take(100.0) is Sync.WHOLE
    return schedule


@pytest.mark.parametrize("track", sorted(SMALL_TRACKS))
def test_a_small_picture_is_synced_at_once(track: int) -> None:
    schedule = started()
    assert schedule.wrote(track, 100.05)
    assert schedule.take(100.05) is Sync.DATA


@pytest.mark.parametrize("track", sorted(MEDIA_TRACKS - SMALL_TRACKS | {Track.LEDGER, Track.FLAGS}))
def test_everything_else_waits_a_tenth_of_a_second_at_most(track: int) -> None:
    schedule = started()
    assert schedule.wrote(track, 100.05)
    assert not schedule.wrote(track, 100.1)
    assert schedule.take(100.14) is None
    assert schedule.wait_s(100.14) == pytest.approx(0.01)
    assert schedule.take(100.151) is Sync.DATA


def test_a_small_picture_takes_what_waits_with_it() -> None:
    schedule = started()
    schedule.wrote(Track.SCREEN, 100.05)
    assert schedule.wrote(Track.SCREEN_SMALL, 100.06)
    assert schedule.take(100.06) is Sync.DATA
    assert schedule.wait_s(100.06) > PATIENCE_S


def test_the_small_pictures_of_several_displays_share_a_sync() -> None:
    schedule = started()
    schedule.wrote(Track.SCREEN_SMALL, 100.05)
    assert schedule.take(100.05) is Sync.DATA
    schedule.wrote(Track.SCREEN_2_SMALL, 100.052)
    schedule.wrote(Track.SCREEN_3_SMALL, 100.054)
    assert schedule.take(100.054) is None
    assert schedule.take(100.05 + QUICK_GAP_S) is Sync.DATA
    assert schedule.take(100.07) is None


def test_the_index_comes_along_once_a_second() -> None:
    schedule = started()
    kinds = []
    for number in range(1, 31):
        now_s = 100 + number / 10
        schedule.wrote(Track.WEBCAM_SMALL, now_s)
        kinds.append(schedule.take(now_s))
    assert kinds.count(Sync.WHOLE) == 3 / INDEX_INTERVAL_S
    assert kinds.count(Sync.DATA) == 27


def test_where_nothing_is_written_a_sync_every_two_seconds_takes_away_what_was_acknowledged() -> None:
    schedule = started()
    assert schedule.take(101.9) is None
    assert schedule.take(102.0) is Sync.WHOLE


def test_what_failed_is_tried_again_with_the_index_and_not_before_a_tenth_of_a_second() -> None:
    schedule = started()
    schedule.wrote(Track.WEBCAM_SMALL, 100.2)
    assert schedule.take(100.2) is Sync.DATA
    schedule.failed(100.2)
    assert schedule.take(100.25) is None
    assert schedule.take(100.301) is Sync.WHOLE
