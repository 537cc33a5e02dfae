"""JSON at the edges: the same struct gives the same bytes, limits hold, nothing but ProtocolError comes out."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exam_protocol import codec, keyfile
from exam_protocol import messages as m
from exam_protocol import policy as p
from exam_protocol import records as r
from exam_protocol.errors import ProtocolError
from exam_protocol.evidence import Bundle
from exam_protocol.signing import SignedDocument

TYPES = (
    r.Signed, r.Entry, m.AgentMessage, m.ConsoleMessage, m.CommandBody, m.Command, m.Receipt, m.EnrolRequest,
    m.Enrolled, p.ExamPackage, p.Ticket, p.Roster, p.ExamAccess, SignedDocument, Bundle, keyfile.KeyFile, keyfile.Card,
)  # fmt: skip
TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["type", "kind", "payload", "heads", "text", "version", "document", "x"]), inner, max_size=4
    ),
    max_leaves=12,
)  # fmt: skip


def quietly(data: bytes, kind: object) -> None:
    try:
        codec.decode(data, kind)
    except ProtocolError as error:
        assert error.code in ("damaged", "too_large") and error.text


@given(st.binary(max_size=200), st.sampled_from(TYPES))
def test_any_bytes_raise_only_protocol_errors(data: bytes, kind: object) -> None:
    quietly(data, kind)


@given(TREES, st.sampled_from(TYPES))
def test_any_json_raises_only_protocol_errors(tree: object, kind: object) -> None:
    quietly(json.dumps(tree).encode(), kind)


@given(st.text(max_size=100))
def test_any_text_from_the_line_raises_only_protocol_errors(text: str) -> None:
    for read in (m.decode_agent, m.decode_console):
        try:
            read(text)
        except ProtocolError as error:
            assert error.code == "damaged"


@pytest.mark.parametrize("depth", [2_000, 200_000])
def test_deep_nesting_is_damaged_not_a_crash(depth: int) -> None:
    for kind in (r.Entry, m.AgentMessage):
        with pytest.raises(ProtocolError):
            codec.decode(b'{"type":"ping","id":1,"x":' + b"[" * depth + b"]" * depth + b"}", kind)


def test_a_text_above_the_limit_is_too_large() -> None:
    with pytest.raises(ProtocolError) as caught:
        codec.decode(b" " * (codec.MAX_TEXT_BYTES + 1), m.Ping)
    assert caught.value.code == "too_large"


def test_a_message_of_an_unknown_type_is_skipped_and_of_a_known_one_is_damaged() -> None:
    assert m.decode_agent('{"type":"of_next_year","x":1}') == m.UnknownMessage("of_next_year")
    for text in ('{"type":"ping"}', '{"type":"ping","id":"one"}', '{"id":1}', "[]", '{"type":5}'):
        with pytest.raises(ProtocolError) as caught:
            m.decode_agent(text)
        assert caught.value.code == "damaged"


def test_messages_are_tolerant_of_new_fields() -> None:
    assert m.decode_agent('{"type":"ping","id":1,"colour":"blue"}') == m.Ping(1)


def test_a_checkpoint_without_marks_is_written_as_before() -> None:
    assert b"marks" not in codec.encode(r.Check((), 1))
    assert codec.decode(b'{"type":"check","heads":[],"wall_ms":1}', r.Check) == r.Check((), 1)
