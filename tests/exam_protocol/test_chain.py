"""Hash chains: bound to session and track, broken by any change, taken up again from heads; marks of single records."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from exam_protocol import chain
from exam_protocol.chain import Chains, MarksSinceCheck
from exam_protocol.records import Marks, TrackHead

SESSION = bytes(range(16))
Records = st.lists(st.binary(min_size=1, max_size=20), min_size=1, max_size=8)


def head_of(records: list[bytes], session: bytes = SESSION, track: int = 1) -> bytes:
    chains = Chains(session)
    for record in records:
        chains.append(track, chain.record_hash(record))
    return chains.at(track).head


def test_a_head_is_what_the_document_says() -> None:
    start = hashlib.sha256(b"chain/v1" + SESSION + b"\x01").digest()
    assert chain.start(SESSION, 1) == start
    assert head_of([b"record"]) == hashlib.sha256(start + hashlib.sha256(b"record").digest()).digest()


def test_an_empty_track_has_its_start_as_head() -> None:
    assert Chains(SESSION).at(3) == TrackHead(3, 0, chain.start(SESSION, 3)) and Chains(SESSION).heads() == ()


@given(Records, st.data())
def test_any_change_changes_the_head(records: list[bytes], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(records) - 1))
    shorter = records[:at] + records[at + 1 :]
    repeated = records[: at + 1] + records[at:]
    flipped = [*records[:at], bytes([records[at][0] ^ 1]) + records[at][1:], *records[at + 1 :]]
    heads = [head_of(r) for r in (records, shorter, repeated, flipped)]
    assert len(set(heads)) == 4
    if records != sorted(records):
        assert head_of(sorted(records)) != heads[0]


@given(Records)
def test_chains_of_other_sessions_and_tracks_differ(records: list[bytes]) -> None:
    assert len({head_of(records), head_of(records, bytes(16)), head_of(records, SESSION, 2)}) == 3


@given(Records, Records)
def test_a_chain_goes_on_from_its_heads(before: list[bytes], after: list[bytes]) -> None:
    first = Chains(SESSION)
    for record in before:
        first.append(1, chain.record_hash(record))
    second = Chains(SESSION, first.heads())
    for record in after:
        second.append(1, chain.record_hash(record))
    assert second.at(1) == TrackHead(1, len(before) + len(after), head_of(before + after))


def test_heads_come_in_order_of_track() -> None:
    chains = Chains(SESSION)
    for track in (255, 1, 7):
        chains.append(track, bytes(32))
    assert [head.track for head in chains.heads()] == [1, 7, 255]


def test_marks_are_the_first_bytes_of_each_hash_and_are_taken_once() -> None:
    marks = MarksSinceCheck()
    marks.add(2, 10, b"abcdefgh")
    marks.add(1, 0, b"12345678")
    marks.add(2, 11, b"ijklmnop")
    assert marks.take() == (Marks(1, 0, b"1234"), Marks(2, 10, b"abcdijkl"))
    assert marks.take() == ()
    marks.add(2, 12, b"qrstuvwx")
    assert marks.take() == (Marks(2, 12, b"qrst"),)
