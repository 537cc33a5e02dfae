"""The durable unit: 44 bytes of header, a body, a signature; parsers never raise anything but ProtocolError."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exam_protocol import codec
from exam_protocol import records as r
from exam_protocol.errors import ProtocolError
from exam_protocol.records import HEADER_BYTES, Header, Lane, Media, RecordType, Track
from exam_protocol.signing import DOMAIN_RECORD, SigningKey
from tests.exam_protocol import samples


def code_of(run: object, *arguments: object) -> str:
    with pytest.raises(ProtocolError) as caught:
        run(*arguments)  # type: ignore[operator]
    return caught.value.code


def test_a_header_is_44_bytes_in_the_documented_order() -> None:
    header = Header(RecordType.DATA, Track.AUDIO, 1, 2, 3, 4, samples.SESSION, 5)
    packed = header.pack()
    assert packed.hex() == (
        "01030301" "00000002" "0000000000000003" "0000000000000004" + samples.SESSION.hex() + "00000005"
    )  # fmt: skip
    assert r.parse_header(packed) == header and len(packed) == HEADER_BYTES


@given(st.builds(
    Header, st.just(RecordType.DATA), st.sampled_from([t for t in Track if t is not Track.LEDGER]), st.integers(0, 255),
    st.integers(0, 2**32 - 1), st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1),
    st.binary(min_size=16, max_size=16), st.integers(0, 2**32 - 1),
))  # fmt: skip
def test_every_header_goes_both_ways(header: Header) -> None:
    assert r.parse_header(header.pack()) == header


@given(st.binary(max_size=120))
def test_bytes_from_anywhere_raise_only_protocol_errors(data: bytes) -> None:
    for parse in (r.parse_header, r.split, lambda d: r.read_signed(d, None), r.unpack_media):
        try:
            parse(data)
        except ProtocolError as error:
            assert error.code in ("damaged", "version_too_new", "bad_signature", "too_large")


@given(st.binary(max_size=300), st.sampled_from(list(RecordType)), st.one_of(st.none(), st.binary(max_size=40)))
def test_signed_records_with_any_body_raise_only_protocol_errors(
    body: bytes, kind: RecordType, key: bytes | None
) -> None:
    record = Header(kind, Track.LEDGER, 0, 0, 0, 0, samples.SESSION, len(body)).pack() + body
    with pytest.raises(ProtocolError):
        r.read_signed(record, key)


@given(st.sampled_from(sorted(samples.SIGNED)), st.integers(min_value=0), st.integers(0, 7))
def test_no_flipped_bit_of_a_signed_record_passes(name: str, where: int, bit: int) -> None:
    record = bytearray(samples.signed_record(name))
    record[where % len(record)] ^= 1 << bit
    code = code_of(r.read_signed, bytes(record), samples.DEVICE.public_key)
    assert code in ("damaged", "bad_signature", "version_too_new")


def test_a_record_of_another_device_does_not_pass() -> None:
    assert code_of(r.read_signed, samples.signed_record("check"), SigningKey.generate().public_key) == "bad_signature"


def test_only_open_may_name_its_own_key() -> None:
    header, body = r.read_signed(samples.signed_record("open"), None)
    assert header.type is RecordType.OPEN and isinstance(body, r.Open)
    assert code_of(r.read_signed, samples.signed_record("check"), None) == "damaged"


def test_a_signed_body_of_another_type_than_its_header_is_damaged() -> None:
    text = codec.encode(samples.SIGNED["state"])
    head = Header(RecordType.END, Track.LEDGER, 0, 1, 4, 0, samples.SESSION, len(text) + 64).pack()
    record = head + text + samples.DEVICE.sign(DOMAIN_RECORD, head + text)
    assert code_of(r.read_signed, record, samples.DEVICE.public_key) == "damaged"


@pytest.mark.parametrize(("kind", "track"), [(RecordType.DATA, Track.LEDGER), (RecordType.CHECK, Track.SCREEN)])
def test_data_and_ledger_do_not_mix(kind: RecordType, track: Track) -> None:
    assert code_of(r.parse_header, Header(kind, track, 0, 0, 0, 0, samples.SESSION, 0).pack()) == "damaged"


def test_a_record_of_a_later_version_is_said_to_be_so() -> None:
    record = b"\x02" + samples.sealed_record()[1:]
    assert code_of(r.split, record) == "version_too_new"


@pytest.mark.parametrize("change", [-1, 1])
def test_a_record_longer_or_shorter_than_its_header_says_is_damaged(change: int) -> None:
    record = samples.sealed_record()
    assert code_of(r.split, record[:-1] if change < 0 else record + b"x") == "damaged"


def test_a_record_above_eight_mebibytes_is_too_large() -> None:
    assert code_of(r.split, bytes(codec.MAX_RECORD_BYTES + 1)) == "too_large"


@given(st.sampled_from(list(r.Codec)), st.integers(0, 65535), st.integers(0, 65535), st.binary(max_size=50))
def test_media_goes_both_ways(kind: r.Codec, width: int, height: int, data: bytes) -> None:
    media = Media(kind, width, height, data)
    assert r.unpack_media(r.pack_media(media)) == media


def test_media_of_an_unknown_codec_is_damaged() -> None:
    assert code_of(r.unpack_media, b"\x09\0\0\0\0\0") == "damaged" == code_of(r.unpack_media, b"\1\0")


def test_pictures_and_sound_travel_apart_from_words() -> None:
    words = {Track.CONTROL, Track.FLAGS, Track.LOG, Track.IDENTITY, Track.LEDGER}
    media = set(Track) - words
    assert {track for track in Track if r.lane_of(track) is Lane.MEDIA} == media == r.MEDIA_TRACKS


def test_entries_are_padded_so_that_their_size_tells_little() -> None:
    sizes = {len(codec.encode_padded(r.ChatEntry("candidate", "x" * n, "m", 0))) for n in range(120)}
    assert sizes == {256}
    for entry in samples.ENTRIES.values():
        assert codec.decode(codec.encode_padded(entry), r.Entry) == entry


def test_a_consent_from_before_the_stages_still_reads_and_a_new_one_names_them() -> None:
    old = b'{"kind":"consent","accepted":true,"text_version":"1","language":"en","at_ms":5}'
    entry = codec.decode(old, r.Entry)
    assert entry == r.ConsentEntry(True, "1", "en", 5) and codec.encode(entry) == old
    new = r.ConsentEntry(True, "1", "en", 5, ("screen", "statement"))
    assert codec.decode(codec.encode(new), r.Entry) == new
