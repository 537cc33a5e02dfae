"""Ed25519 over bytes with a domain: what was signed stays as it was, and serves one purpose only."""

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from exam_protocol import codec, signing
from exam_protocol.errors import ProtocolError
from exam_protocol.signing import DOMAIN_ROSTER, DOMAIN_TICKET, SignedDocument, SigningKey, sign_document, verify
from tests.exam_protocol.vectors import load

# RFC 8032, section 7.1, test 2
SEED = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
PUBLIC = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
SIGNATURE = bytes.fromhex(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)


def code_of(run: object, *arguments: object) -> str:
    with pytest.raises(ProtocolError) as caught:
        run(*arguments)  # type: ignore[operator]
    return caught.value.code


def test_the_published_key_pair_is_ours() -> None:
    key = SigningKey.from_seed(SEED)
    assert key.public_key.hex() == PUBLIC and key.seed == SEED
    Ed25519PublicKey.from_public_bytes(key.public_key).verify(SIGNATURE, bytes.fromhex("72"))


def test_every_wycheproof_case_of_ed25519() -> None:
    count = 0
    for group in load("wycheproof_ed25519.json")["testGroups"]:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(group["publicKey"]["pk"]))
        for case in group["tests"]:
            try:
                public.verify(bytes.fromhex(case["sig"]), bytes.fromhex(case["msg"]))
                good = True
            except InvalidSignature:
                good = False
            assert good == (case["result"] == "valid"), case["tcId"]
            count += 1
    assert count >= 100


def test_a_domain_separates_purposes() -> None:
    key = SigningKey.generate()
    signature = key.sign(DOMAIN_ROSTER, b"payload")
    verify(key.public_key, DOMAIN_ROSTER, b"payload", signature)
    assert code_of(verify, key.public_key, DOMAIN_TICKET, b"payload", signature) == "bad_signature"
    assert code_of(verify, key.public_key, DOMAIN_ROSTER, b"payloae", signature) == "bad_signature"
    assert code_of(verify, SigningKey.generate().public_key, DOMAIN_ROSTER, b"payload", signature) == "bad_signature"


def test_no_two_domains_are_the_start_of_one_another() -> None:
    domains = [value + b"\0" for name, value in vars(signing).items() if name.startswith("DOMAIN_")]
    assert len(domains) == 10
    assert not any(a.startswith(b) for a in domains for b in domains if a != b)


@given(st.binary(max_size=80), st.binary(max_size=80))
def test_keys_and_signatures_from_anywhere_are_refused_with_a_code(key: bytes, signature: bytes) -> None:
    assert code_of(verify, key, DOMAIN_ROSTER, b"payload", signature) == "bad_signature"


def test_a_document_keeps_the_signed_bytes_exactly() -> None:
    key = SigningKey.from_seed(SEED)
    document = sign_document(key, DOMAIN_ROSTER, b'{ "odd":\n"spacing" }')
    again: SignedDocument = codec.decode(codec.encode(document), SignedDocument)
    assert again.open(DOMAIN_ROSTER, key.public_key) == b'{ "odd":\n"spacing" }'


def test_a_document_of_somebody_else_is_foreign_even_if_well_signed() -> None:
    document = sign_document(SigningKey.generate(), DOMAIN_ROSTER, b"{}")
    assert code_of(document.open, DOMAIN_ROSTER, SigningKey.generate().public_key) == "foreign_key"


def test_a_document_with_an_unknown_field_is_refused() -> None:
    data = codec.encode(sign_document(SigningKey.generate(), DOMAIN_ROSTER, b"{}"))
    assert code_of(codec.decode, data[:-1] + b',"more":1}', SignedDocument) == "damaged"
