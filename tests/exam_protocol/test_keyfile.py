"""Key files open with their passphrase only; cards carry public keys; both refuse what is not theirs."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exam_protocol import codec, keyfile
from exam_protocol.errors import ProtocolError
from exam_protocol.keyfile import KeyFile, SecretKeys
from exam_protocol.keys import WrapKey
from exam_protocol.signing import SigningKey

KEYS = SecretKeys(SigningKey.from_seed(b"s" * 32).seed, WrapKey.from_raw(b"w" * 32).raw)


def made(keys: SecretKeys = KEYS) -> KeyFile:
    return keyfile.lock(
        keys, "pass phrase", kind="proctor", id="a", name="Ada", salt=b"s" * 16, nonce=b"n" * 12, iterations=1000
    )


def code_of(run: object, *arguments: object) -> str:
    with pytest.raises(ProtocolError) as caught:
        run(*arguments)  # type: ignore[operator]
    return caught.value.code


def test_a_key_file_gives_its_keys_back() -> None:
    file = keyfile.parse(codec.encode(made()))
    keys = keyfile.unlock(file, "pass phrase")
    assert keys == KEYS and keys.signer().seed == b"s" * 32 and keys.wrap_key().raw == b"w" * 32


def test_the_usual_work_factor_is_600_000() -> None:
    file = keyfile.lock(KEYS, "p", kind="root", id="r", name="R", salt=b"s" * 16, nonce=b"n" * 12)
    assert file.iterations == 600_000 and keyfile.unlock(file, "p") == KEYS


def test_a_wrong_passphrase_opens_nothing() -> None:
    assert code_of(keyfile.unlock, made(), "pass phrasf") == "passphrase_wrong"


@pytest.mark.parametrize(
    "change", [{"salt": b"t" * 16}, {"nonce": b"m" * 12}, {"sealed": b"x" * 60}, {"iterations": 999}]
)
def test_a_changed_key_file_opens_nothing(change: dict[str, object]) -> None:
    assert code_of(keyfile.unlock, msgspec.structs.replace(made(), **change), "pass phrase") == "passphrase_wrong"


def test_a_key_that_is_not_there_is_said_to_be_missing() -> None:
    assert code_of(SecretKeys(None, None).signer) == code_of(SecretKeys(None, None).wrap_key) == "key_missing"


@pytest.mark.parametrize("change", [{"format": 2}, {"kind": "other"}, {"iterations": 10**9}, {"id": ""}, {"more": 1}])
def test_a_key_file_of_another_kind_is_damaged(change: dict[str, object]) -> None:
    tree = json.loads(codec.encode(made())) | change
    assert code_of(keyfile.parse, json.dumps(tree).encode()) == "key_file_damaged"


def test_a_card_goes_both_ways_and_other_roles_are_refused() -> None:
    card = keyfile.Card(1, "a", "Ada", "lead", b"s" * 32, b"w" * 32)
    assert keyfile.parse_card(codec.encode(card)) == card
    for change in ({"role": "archive"}, {"format": 2}, {"sign_key": b"short"}):
        assert code_of(keyfile.parse_card, codec.encode(msgspec.structs.replace(card, **change))) == "card_damaged"


@given(st.binary(max_size=100))
def test_bytes_from_anywhere_are_damaged(data: bytes) -> None:
    assert code_of(keyfile.parse, data) == "key_file_damaged"
    assert code_of(keyfile.parse_card, data) == "card_damaged"
