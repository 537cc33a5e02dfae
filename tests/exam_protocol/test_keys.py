"""HPKE as RFC 9180 publishes it; epoch keys reach whom they were wrapped to, and only with their commitment."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import cryptography_vectors
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from exam_protocol import keys
from exam_protocol.errors import ProtocolError
from exam_protocol.keys import WrapKey
from exam_protocol.records import Epoch
from tests.exam_protocol.vectors import load

SESSION = bytes(range(16))
BASE_MODE, X25519, HKDF_SHA256, AES_256_GCM = 0, 0x20, 1, 2


@cache
def published() -> list[dict[str, Any]]:
    """Cases of RFC 9180 in base mode with our KEM and KDF."""
    path = Path(cryptography_vectors.__file__).parent / "HPKE" / "test-vectors.json"
    cases = json.loads(path.read_text())
    wanted = (BASE_MODE, X25519, HKDF_SHA256, AES_256_GCM)
    return [case for case in cases if (case["mode"], case["kem_id"], case["kdf_id"], case["aead_id"]) == wanted]


def code_of(run: Any, *arguments: Any) -> str:
    with pytest.raises(ProtocolError) as caught:
        run(*arguments)
    return caught.value.code


@pytest.mark.parametrize("case", published(), ids=lambda case: case["enc"][:8])
def test_the_published_key_schedule_of_our_suite_is_ours(case: dict[str, Any]) -> None:
    """The published messages carry associated data and ours none: so theirs are sealed anew under the published key."""
    key, nonce = bytes.fromhex(case["key"]), bytes.fromhex(case["base_nonce"])
    first = case["encryptions"][0]
    plaintext, aad = bytes.fromhex(first["pt"]), bytes.fromhex(first["aad"])
    assert AESGCM(key).encrypt(nonce, plaintext, aad).hex() == first["ct"]
    sealed = bytes.fromhex(case["enc"]) + AESGCM(key).encrypt(nonce, plaintext, b"")
    recipient = WrapKey.from_raw(bytes.fromhex(case["skRm"]))
    assert recipient.public_key.hex() == case["pkRm"]
    assert recipient.open(sealed, bytes.fromhex(case["info"])) == plaintext


def test_our_suite_is_among_the_published_ones() -> None:
    assert len(published()) >= 1


def test_a_published_diffie_hellman_value_of_rfc_7748() -> None:
    private = WrapKey.from_raw(bytes.fromhex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"))
    assert private.public_key.hex() == "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"


def test_every_wycheproof_case_of_x25519() -> None:
    count = 0
    for group in load("wycheproof_x25519.json")["testGroups"]:
        for case in group["tests"]:
            private = X25519PrivateKey.from_private_bytes(bytes.fromhex(case["private"]))
            public = X25519PublicKey.from_public_bytes(bytes.fromhex(case["public"]))
            try:
                shared = private.exchange(public).hex()
            except ValueError:
                shared = "00" * 32  # a public key of low order is refused
            assert shared == case["shared"] or case["result"] == "invalid", case["tcId"]
            count += 1
    assert count >= 500


def test_what_is_sealed_to_a_key_opens_with_it_for_its_purpose_only() -> None:
    key = WrapKey.generate()
    sealed = keys.seal(key.public_key, b"secret", b"purpose")
    assert key.open(sealed, b"purpose") == b"secret" and len(sealed) == 32 + 6 + 16
    assert code_of(key.open, sealed, b"other purpose") == "not_for_us"
    assert code_of(WrapKey.generate().open, sealed, b"purpose") == "not_for_us"


@given(st.binary(max_size=100))
def test_bytes_from_anywhere_are_not_for_us(data: bytes) -> None:
    assert code_of(WrapKey.from_raw(b"k" * 32).open, data, b"purpose") == "not_for_us"


def wrapped(epoch_key: bytes, people: dict[str, bytes], promised: bytes | None = None) -> Epoch:
    wraps = keys.wrap_epoch(epoch_key, SESSION, 7, people)
    return Epoch(7, keys.commitment(promised or epoch_key), (), 1, b"", wraps)


def test_every_recipient_unwraps_the_same_epoch_key() -> None:
    people = {name: WrapKey.generate() for name in ("archive", "proctor-a", "proctor-b")}
    body = wrapped(b"e" * 32, {name: key.public_key for name, key in people.items()})
    assert [wrap.recipient for wrap in body.wraps] == sorted(people)
    assert all(len(wrap.sealed) == 80 for wrap in body.wraps)
    assert {keys.unwrap_epoch(body, SESSION, name, key) for name, key in people.items()} == {b"e" * 32}


def test_a_key_that_is_not_the_promised_one_is_refused() -> None:
    key = WrapKey.generate()
    body = wrapped(b"e" * 32, {"a": key.public_key}, promised=b"f" * 32)
    assert code_of(keys.unwrap_epoch, body, SESSION, "a", key) == "bad_commitment"


def test_a_wrap_does_not_open_for_others_sessions_or_epochs() -> None:
    key = WrapKey.generate()
    body = wrapped(b"e" * 32, {"a": key.public_key})
    assert code_of(keys.unwrap_epoch, body, SESSION, "b", key) == "not_for_us"
    assert code_of(keys.unwrap_epoch, body, SESSION, "a", WrapKey.generate()) == "not_for_us"
    assert code_of(keys.unwrap_epoch, body, bytes(16), "a", key) == "not_for_us"
    assert code_of(keys.unwrap_epoch, msgspec.structs.replace(body, epoch=8), SESSION, "a", key) == "not_for_us"


def test_a_commitment_is_a_fixed_function_of_the_key() -> None:
    assert keys.commitment(bytes(32)).hex() == "640cc4ba9fb1b22a9c658a36144d5e9fa8919e5f3b98f83347c8da4dee7bafe7"
    assert keys.commitment(bytes(32)) != keys.commitment(bytes(31) + b"\1")


def test_purposes_never_meet() -> None:
    infos = [keys.epoch_info(SESSION, 1), keys.command_info(SESSION, 1), keys.exam_info("BIO")]
    assert infos == [
        b"epoch-key/v1" + SESSION + b"\0\0\0\1",
        b"proctor-command/v1" + SESSION + bytes(7) + b"\1",
        b"exam-access/v1BIO",
    ]
