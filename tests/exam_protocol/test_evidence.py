"""Frames of a lane file: what is written is read, and a torn end is said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exam_protocol import evidence
from exam_protocol.errors import ProtocolError

Frames = st.lists(st.tuples(st.integers(0, 2**64 - 1), st.binary(max_size=30)), max_size=5)


@given(Frames)
def test_frames_go_both_ways(frames: list[tuple[int, bytes]]) -> None:
    assert list(evidence.frames(b"".join(evidence.frame(*frame) for frame in frames))) == frames


@given(Frames.filter(len), st.data())
def test_a_torn_end_is_said_after_every_whole_frame(frames: list[tuple[int, bytes]], data: st.DataObject) -> None:
    whole = b"".join(evidence.frame(*frame) for frame in frames)
    last = 12 + len(frames[-1][1])
    cut = data.draw(st.integers(1, last - 1))
    with pytest.raises(ProtocolError) as caught:
        list(evidence.frames(whole[:-cut]))
    assert caught.value.code == "damaged"
    reader = evidence.frames(whole[:-cut])
    assert [next(reader) for _ in frames[:-1]] == frames[:-1]


@given(st.binary(max_size=100))
def test_any_bytes_raise_only_protocol_errors(data: bytes) -> None:
    try:
        list(evidence.frames(data))
    except ProtocolError as error:
        assert error.code == "damaged"
