"""A token is a plain JWT, the same for the same session, and worth nothing when any of it is changed."""

import base64
import json
import os

import pytest

from exam_protocol.errors import ProtocolError
from server_stub.tokens import Claims, Tokens, thumbprint

DEVICE, SESSION = os.urandom(32), os.urandom(16)
TOKENS = Tokens(os.urandom(32))
CLAIMS = Claims("chem-101", "ticket-1", SESSION.hex(), 2_000, {"jkt": thumbprint(DEVICE)})


def check(token: str, *, session_id: bytes = SESSION, device_key: bytes = DEVICE, now_ms: int = 1_000_000) -> Claims:
    return TOKENS.check(token, session_id=session_id, device_key=device_key, now_ms=now_ms)


def test_the_thumbprint_is_that_of_rfc_8037() -> None:
    key = base64.urlsafe_b64decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo=")
    assert thumbprint(key) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_a_token_is_a_jwt_that_gives_its_claims_back() -> None:
    token = TOKENS.issue(CLAIMS)
    header = json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))
    assert header == {"alg": "Ed25519", "typ": "JWT"}
    assert check(token) == CLAIMS
    assert TOKENS.issue(CLAIMS) == token


def test_an_expired_token_says_so() -> None:
    with pytest.raises(ProtocolError, match="token_expired"):
        check(TOKENS.issue(CLAIMS), now_ms=2_000_001)


def test_no_changed_character_is_accepted() -> None:
    token = TOKENS.issue(CLAIMS)
    for at in range(len(token) - 1):  # the last character carries padding bits
        changed = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        with pytest.raises(ProtocolError, match="token_invalid"):
            check(changed)


@pytest.mark.parametrize("token", ["", ".", "..", "a.b", "a.b.c", "é.é.é", "x" * 100_000])
def test_garbage_is_invalid(token: str) -> None:
    with pytest.raises(ProtocolError, match="token_invalid"):
        check(token)


def test_another_session_device_or_server_is_invalid() -> None:
    token = TOKENS.issue(CLAIMS)
    for named in ({"session_id": os.urandom(16)}, {"device_key": os.urandom(32)}):
        with pytest.raises(ProtocolError, match="token_invalid"):
            check(token, **named)
    with pytest.raises(ProtocolError, match="token_invalid"):
        check(Tokens(os.urandom(32)).issue(CLAIMS))
