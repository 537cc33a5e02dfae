"""Ed25519 over raw bytes with a domain, and the signed document that everything long-lived travels in.

What was signed is never serialised again: a document keeps the payload bytes exactly as they were signed.
"""

from typing import Protocol

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from exam_protocol.errors import ProtocolError

DOMAIN_PACKAGE = b"exam-package/v1"
DOMAIN_ROSTER = b"roster/v1"
DOMAIN_TICKET = b"ticket/v1"
DOMAIN_RECORD = b"record/v1"
DOMAIN_COMMAND = b"proctor-command/v1"
DOMAIN_RECEIPT = b"receipt/v1"
DOMAIN_ENROL = b"enrol/v1"
DOMAIN_ENROLLED = b"enrolled/v1"
DOMAIN_SERVER = b"server-hello/v1"
DOMAIN_AGENT = b"agent-proof/v1"


class Signer(Protocol):
    """Whatever can sign with an Ed25519 key: a key in memory today, an OS key store later."""

    @property
    def public_key(self) -> bytes:
        """32 raw bytes."""

    def sign(self, domain: bytes, payload: bytes) -> bytes:
        """64 bytes over domain, a zero byte and the payload."""


class SigningKey:
    """An Ed25519 private key in memory."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private

    @classmethod
    def generate(cls) -> "SigningKey":
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_seed(cls, seed: bytes) -> "SigningKey":
        """`seed` is the 32-byte private key of RFC 8032."""
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    @property
    def seed(self) -> bytes:
        return self._private.private_bytes_raw()

    @property
    def public_key(self) -> bytes:
        return self._private.public_key().public_bytes_raw()

    def sign(self, domain: bytes, payload: bytes) -> bytes:
        return self._private.sign(domain + b"\0" + payload)


def verify(public_key: bytes, domain: bytes, payload: bytes, signature: bytes) -> None:
    """Raises ProtocolError `bad_signature` unless `signature` is over exactly these bytes in this domain."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, domain + b"\0" + payload)
    except (InvalidSignature, ValueError) as error:
        raise ProtocolError("bad_signature", "The signature does not belong to this content.") from error


class SignedDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Payload bytes, the key that signed them and the signature (all base64 in JSON)."""

    payload: bytes
    key: bytes
    signature: bytes

    def open(self, domain: bytes, key: bytes) -> bytes:
        """The payload, if `key` signed it. Raises ProtocolError `foreign_key` or `bad_signature`."""
        if self.key != key:
            raise ProtocolError("foreign_key", "This was signed by somebody else.")
        verify(key, domain, self.payload, self.signature)
        return self.payload


def sign_document(signer: Signer, domain: bytes, payload: bytes) -> SignedDocument:
    return SignedDocument(payload=payload, key=signer.public_key, signature=signer.sign(domain, payload))
