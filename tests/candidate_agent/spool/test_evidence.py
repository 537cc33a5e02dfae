"""A flag refers to the records around it from which it can be seen or heard, and the index of them stays small."""

from hypothesis import given
from hypothesis import strategies as st

from candidate_agent.spool.evidence import KEPT_US, MAX_STARTS, TRACKS_OF_GROUP, Evidence
from exam_protocol.catalogue import FLAGS
from exam_protocol.records import RecordSpan, Track


def us(second: float) -> int:
    return round(second * 1e6)


def filmed(seconds: int, *, per_s: int = 10, key_every_s: int = 10, track: Track = Track.WEBCAM) -> Evidence:
    """Record `number` stands at `number / per_s` seconds."""
    evidence = Evidence()
    for number in range(seconds * per_s + 1):
        evidence.note(track, us(number / per_s), number, key_frame=number % (key_every_s * per_s) == 0)
    return evidence


def test_it_begins_with_the_key_frame_before_the_lead_and_ends_with_the_newest_record() -> None:
    assert filmed(60).of("FACE_ABSENT", us(38), us(57)) == (RecordSpan(Track.WEBCAM, 300, 600),)


def test_it_ends_with_the_first_key_frame_behind_the_tail_where_there_is_one() -> None:
    assert filmed(120).of("FACE_ABSENT", us(38), us(57)) == (RecordSpan(Track.WEBCAM, 300, 700),)


def test_at_the_beginning_it_takes_what_there_is() -> None:
    assert filmed(3).of("CAMERA_COVERED", 0, us(2)) == (RecordSpan(Track.WEBCAM, 0, 30),)


def test_a_still_screen_is_shown_from_its_last_key_frame_however_old() -> None:
    evidence = filmed(3600, per_s=1, key_every_s=10_000, track=Track.SCREEN)
    assert evidence.of("FOCUS_LOST", us(3590), us(3595)) == (RecordSpan(Track.SCREEN, 0, 3600),)


def test_what_is_heard_refers_to_the_sound_and_what_is_on_screen_to_every_display() -> None:
    evidence = filmed(60)
    for track in (Track.AUDIO, Track.SCREEN, Track.SCREEN_2):
        evidence.note(track, us(50), 0, key_frame=True)
    assert evidence.of("VOICE_NEAR", us(50), us(55)) == (RecordSpan(Track.AUDIO, 0, 0),)
    screens = (RecordSpan(Track.SCREEN, 0, 0), RecordSpan(Track.SCREEN_2, 0, 0))
    assert evidence.of("OVERLAY_TOPMOST", us(50), us(55)) == screens


def test_what_cannot_be_seen_or_was_not_recorded_refers_to_nothing() -> None:
    assert filmed(60).of("LINK_LOST", 0, us(50)) == ()
    assert filmed(60).of("VOICE_NEAR", 0, us(50)) == ()
    assert filmed(60).of("A_CODE_OF_LATER", 0, us(50)) == ()


def test_the_groups_are_those_of_the_catalogue() -> None:
    assert set(TRACKS_OF_GROUP) <= {kind.group for kind in FLAGS.values()}


@given(st.lists(st.tuples(st.integers(0, 2 * KEPT_US), st.booleans()), max_size=200), st.integers(0, 10**9))
def test_whatever_was_recorded_a_span_runs_forward_within_it(made: list[tuple[int, bool]], from_us: int) -> None:
    evidence = Evidence()
    for sequence, (at_us, key_frame) in enumerate(sorted(made)):
        evidence.note(Track.WEBCAM, at_us, sequence, key_frame=key_frame)
    for span in evidence.of("FACE_ABSENT", from_us, from_us + us(15)):
        assert 0 <= span.first <= span.last < len(made)
        assert sorted(made)[span.first][1]


def test_three_hours_of_sound_do_not_grow_the_index() -> None:
    evidence = filmed(3 * 3600, per_s=50, key_every_s=1, track=Track.AUDIO)
    (recorded,) = evidence._tracks.values()
    assert len(recorded.starts) <= KEPT_US // 1_000_000 + 1 <= MAX_STARTS
