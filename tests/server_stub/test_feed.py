"""A console's queue drops pictures to the next key frame, says so, and never drops a word."""

from hypothesis import given
from hypothesis import strategies as st

from exam_protocol import messages as m
from exam_protocol.records import Header, RecordFlag, RecordType, Track
from server_stub import feed as feeds
from server_stub.feed import Feed

SESSION = bytes(16)


def header(track: int, *, key: bool = False, sequence: int = 0) -> Header:
    flags = RecordFlag.KEY_FRAME if key else RecordFlag.NONE
    return Header(RecordType.DATA, track, flags, 1, sequence, 0, SESSION, 0)


def taken(feed: Feed) -> list[object]:
    items = []
    while (item := feed.take()) is not None:
        items.append(item)
    return items


def test_live_starts_at_a_key_frame() -> None:
    feed = Feed()
    feed.start((SESSION, Track.SCREEN))
    for number, key in enumerate((False, False, True, False)):
        feed.record(header(Track.SCREEN, key=key), b"%d" % number)
    assert taken(feed) == [b"2", b"3"]


def test_overflow_drops_the_stream_until_the_next_key_frame_and_tells_the_count() -> None:
    feed = Feed()
    asked = [feed.record(header(Track.SCREEN, key=n == 0), b"old") for n in range(feeds.MAX_MEDIA_RECORDS + 1)]
    assert asked[-1]
    feed.record(header(Track.SCREEN), b"lost too")
    feed.record(header(Track.SCREEN, key=True), b"new")
    count = feeds.MAX_MEDIA_RECORDS + 2
    assert taken(feed) == [m.ConsoleDropped(SESSION.hex(), Track.SCREEN, count), b"new"]


def test_overflow_of_one_stream_leaves_the_others_alone() -> None:
    feed = Feed()
    feed.record(header(Track.AUDIO), b"sound")
    for number in range(feeds.MAX_MEDIA_RECORDS):
        feed.record(header(Track.SCREEN, key=number == 0), b"picture")
    assert b"sound" in taken(feed)


def test_many_changes_of_a_session_become_the_newest() -> None:
    feed = Feed()
    for state in ("joined", "waiting", "admitted"):
        feed.changed(m.SessionInfo("aa", "exam", "Kim", state, "", True, b"", b"", 0, 0, 0, False))
    sent = taken(feed)
    assert [item.session.state for item in sent if isinstance(item, m.SessionChanged)] == ["admitted"]


def test_words_without_end_are_overfull_not_dropped() -> None:
    feed = Feed()
    for number in range(feeds.MAX_OTHER_ITEMS + 1):
        feed.record(header(Track.CONTROL), b"%d" % number)
    assert feed.is_overfull
    assert len(taken(feed)) == feeds.MAX_OTHER_ITEMS + 1


TRACKS = st.sampled_from([Track.SCREEN, Track.WEBCAM, Track.CONTROL])


@given(st.lists(st.one_of(st.tuples(TRACKS, st.booleans(), st.integers(1, 9 << 20)), st.none()), max_size=60))
def test_queued_media_stays_within_bounds_and_no_stream_goes_on_without_a_key_frame(
    steps: list[tuple[int, bool, int] | None],
) -> None:
    feed = Feed()
    words: list[object] = []
    sent: list[object] = []
    for number, step in enumerate(steps):
        if step is None:
            sent.append(feed.take())
            continue
        track, key, size = step
        record = _Sized(number.to_bytes(2, "big"), size)
        words += [record] * (track == Track.CONTROL)
        feed.record(header(track, key=key, sequence=number), record)
        queued = [item for item in feed._items if isinstance(item, feeds.Record) and item.stream is not None]
        assert sum(len(item.data) for item in queued) <= feeds.MAX_MEDIA_BYTES
        assert len(queued) <= feeds.MAX_MEDIA_RECORDS
    assert [item for item in sent + taken(feed) if item in words] == words


class _Sized(bytes):
    """A few bytes that say they are many."""

    size: int

    def __new__(cls, data: bytes, size: int) -> "_Sized":
        made = super().__new__(cls, data)
        made.size = size
        return made

    def __len__(self) -> int:
        return self.size
