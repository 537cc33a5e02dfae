"""Session tokens: a compact JWT (RFC 7519), alg `Ed25519`, bound to the device key by `cnf.jkt` (RFC 7800, RFC 7638).

A token alone opens nothing: every connection also proves the device key.
"""

import base64
import hashlib
import hmac

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from exam_protocol import codec
from exam_protocol.errors import ProtocolError

MAX_TOKEN_CHARACTERS = 4096


class Claims(msgspec.Struct, frozen=True):
    exam: str
    ticket: str
    session: str  # hexadecimal
    exp: int  # Unix seconds
    cnf: dict[str, str]


def _pack(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _unpack(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


HEADER = _pack(b'{"alg":"Ed25519","typ":"JWT"}')


def thumbprint(device_key: bytes) -> str:
    key = f'{{"crv":"Ed25519","kty":"OKP","x":"{_pack(device_key)}"}}'
    return _pack(hashlib.sha256(key.encode()).digest())


class Tokens:
    """Issues and checks with the server's key. The same claims give the same token."""

    def __init__(self, seed: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)

    def issue(self, claims: Claims) -> str:
        content = f"{HEADER}.{_pack(codec.encode(claims))}"
        return f"{content}.{_pack(self._private.sign(content.encode()))}"

    def check(self, token: str, *, session_id: bytes, device_key: bytes, now_ms: int) -> Claims:
        """Raises ProtocolError `token_invalid` or `token_expired`."""
        invalid = ProtocolError("token_invalid", "This session is not known here.")
        content, _, signature = token[:MAX_TOKEN_CHARACTERS].rpartition(".")
        header, _, payload = content.partition(".")
        try:
            self._private.public_key().verify(_unpack(signature), content.encode())
            claims: Claims = codec.decode(_unpack(payload), Claims)
        except (InvalidSignature, ValueError, ProtocolError) as error:
            raise invalid from error
        bound = hmac.compare_digest(claims.cnf.get("jkt", ""), thumbprint(device_key))
        if header != HEADER or claims.session != session_id.hex() or not bound:
            raise invalid
        if claims.exp * 1000 < now_ms:
            raise ProtocolError("token_expired", "This exam is over.")
        return claims
