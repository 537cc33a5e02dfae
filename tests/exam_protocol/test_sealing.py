"""SFrame as RFC 9605 publishes it, and records that open only as they were sealed."""

import struct

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from exam_protocol.errors import ProtocolError
from exam_protocol.records import HEADER_BYTES, RecordFlag, RecordType, Track
from exam_protocol.sealing import SUITE, EpochSealer, TrackKey, key_id, parse_sframe_header, sframe_header
from tests.exam_protocol.vectors import load

SESSION = bytes(range(16))

# RFC 9605, appendix C.3, AES_256_GCM_SHA512_128 (suite 0x0005)
BASE_KEY = bytes.fromhex("000102030405060708090a0b0c0d0e0f")
KID, CTR = 0x0123, 0x4567
METADATA = b"IETF SFrame WG"
PLAINTEXT = b"draft-ietf-sframe-enc"
PUBLISHED_KEY = bytes.fromhex("d3e27b0d4a5ae9e55df01a70e6d4d28d969b246e2936f4b7a5d9b494da6b9633")
PUBLISHED_SALT = bytes.fromhex("84991c167b8cd23c93708ec7")
PUBLISHED_CT = bytes.fromhex("990123456794f509d36e9beacb0e261d99c7d1e972f1fed787d4049f17ca21353c1cc24d56ceabced279")

PUBLISHED_HEADERS = [
    (0, 0, "00"),
    (0, 7, "07"),
    (7, 0, "70"),
    (8, 0, "8008"),
    (0, 8, "0808"),
    (0x0123, 0x4567, "9901234567"),
]


def code_of(run: object, *arguments: object) -> str:
    with pytest.raises(ProtocolError) as caught:
        run(*arguments)  # type: ignore[operator]
    return caught.value.code


def test_the_published_value_comes_out_byte_for_byte() -> None:
    key = TrackKey(BASE_KEY, KID)
    assert (key.key, key.salt) == (PUBLISHED_KEY, PUBLISHED_SALT)
    assert key.encrypt(CTR, METADATA, PLAINTEXT) == PUBLISHED_CT
    assert key.decrypt(CTR, METADATA, PUBLISHED_CT) == PLAINTEXT


@pytest.mark.parametrize(("kid", "ctr", "encoded"), PUBLISHED_HEADERS)
def test_published_headers_both_ways(kid: int, ctr: int, encoded: str) -> None:
    assert sframe_header(kid, ctr).hex() == encoded
    assert parse_sframe_header(bytes.fromhex(encoded)) == (kid, ctr, len(encoded) // 2)


def test_every_header_of_the_working_group() -> None:
    cases = load("rfc9605_sframe.json")["header"]
    for case in cases:
        assert sframe_header(case["kid"], case["ctr"]).hex() == case["encoded"], case
        encoded = bytes.fromhex(case["encoded"])
        assert parse_sframe_header(encoded + b"rest") == (case["kid"], case["ctr"], len(encoded))
    assert len(cases) >= 289


def test_every_case_of_our_suite_of_the_working_group() -> None:
    cases = [case for case in load("rfc9605_sframe.json")["sframe"] if case["cipher_suite"] == SUITE]
    assert cases
    for case in cases:
        key = TrackKey(bytes.fromhex(case["base_key"]), case["kid"])
        metadata, plaintext, ciphertext = (bytes.fromhex(case[name]) for name in ("metadata", "pt", "ct"))
        assert (key.key.hex(), key.salt.hex()) == (case["sframe_key"], case["sframe_salt"])
        assert key.encrypt(case["ctr"], metadata, plaintext) == ciphertext
        assert key.decrypt(case["ctr"], metadata, ciphertext) == plaintext


def test_every_wycheproof_case_of_aes_256_gcm_with_our_sizes() -> None:
    count = 0
    for group in load("wycheproof_aes_gcm.json")["testGroups"]:
        if (group["keySize"], group["ivSize"], group["tagSize"]) != (256, 96, 128):
            continue
        for case in group["tests"]:
            key, nonce, aad, plaintext, ct, tag = (
                bytes.fromhex(case[name]) for name in ("key", "iv", "aad", "msg", "ct", "tag")
            )
            try:
                good = AESGCM(key).decrypt(nonce, ct + tag, aad) == plaintext
            except Exception as error:
                assert type(error).__name__ == "InvalidTag"
                good = False
            assert good == (case["result"] == "valid"), case["tcId"]
            count += 1
    assert count >= 40


def test_a_header_in_more_bytes_than_it_needs_is_damaged() -> None:
    assert code_of(parse_sframe_header, bytes.fromhex("8007")) == "damaged"
    assert code_of(parse_sframe_header, bytes.fromhex("900007")) == "damaged"
    assert code_of(parse_sframe_header, b"") == code_of(parse_sframe_header, b"\xff\0") == "damaged"


@given(st.integers(0, (1 << 40) - 1), st.integers(0, (1 << 64) - 1))
def test_headers_go_both_ways(kid: int, ctr: int) -> None:
    header = sframe_header(kid, ctr)
    assert parse_sframe_header(header + b"x") == (kid, ctr, len(header))


def test_a_sealed_record_opens_to_what_was_sealed() -> None:
    sealer = EpochSealer(SESSION, 3, b"k" * 32)
    record = sealer.seal(Track.SCREEN, 70_000, 123_456, RecordFlag.KEY_FRAME, b"a frame")
    header, plaintext = EpochSealer(SESSION, 3, b"k" * 32).open(record)
    assert plaintext == b"a frame" and header.type is RecordType.DATA
    assert (header.track, header.sequence, header.media_time_us, header.flags) == (Track.SCREEN, 70_000, 123_456, 1)


@given(st.integers(min_value=0), st.integers(0, 7))
def test_no_flipped_bit_of_a_sealed_record_opens(where: int, bit: int) -> None:
    sealer = EpochSealer(SESSION, 3, b"k" * 32)
    record = bytearray(sealer.seal(Track.WEBCAM, 300, 5, 0, b"a frame of some length"))
    record[where % len(record)] ^= 1 << bit
    assert code_of(sealer.open, bytes(record)) in ("damaged", "version_too_new")


@pytest.mark.parametrize("other", [(b"s" * 16, 3, b"k" * 32), (SESSION, 4, b"k" * 32), (SESSION, 3, b"K" * 32)])
def test_another_session_epoch_or_key_opens_nothing(other: tuple[bytes, int, bytes]) -> None:
    record = EpochSealer(SESSION, 3, b"k" * 32).seal(Track.AUDIO, 0, 0, 0, b"sound")
    assert code_of(EpochSealer(*other).open, record) == "damaged"


def test_the_body_of_one_record_does_not_fit_the_header_of_another() -> None:
    sealer = EpochSealer(SESSION, 3, b"k" * 32)
    first, second = (sealer.seal(Track.AUDIO, n, 0, 0, b"sound") for n in (1, 2))
    assert code_of(sealer.open, first[:HEADER_BYTES] + second[HEADER_BYTES:]) == "damaged"


def test_tracks_and_epochs_have_keys_of_their_own() -> None:
    keys = {TrackKey(b"k" * 32, key_id(epoch, track)).key for epoch in range(3) for track in Track}
    assert len(keys) == 3 * len(Track)
    assert key_id(2, 5) == 0x0205 and struct.pack(">Q", key_id(1, 255)).hex() == "00000000000001ff"


@given(st.binary(max_size=200))
def test_bytes_from_anywhere_are_refused_with_a_code(data: bytes) -> None:
    assert code_of(EpochSealer(SESSION, 3, b"k" * 32).open, data) in ("damaged", "version_too_new", "too_large")
    with_header = EpochSealer(SESSION, 3, b"k" * 32).seal(0, 0, 0, 0, b"")[:HEADER_BYTES]
    assert code_of(EpochSealer(SESSION, 3, b"k" * 32).open, with_header + data) == "damaged"
