"""HPKE (RFC 9180: X25519, HKDF-SHA256, AES-256-GCM, base mode): epoch keys to recipients, secrets to one. Pure.

HPKE here has no `aad`; what a sealed thing belongs to is bound through `info`. AES-GCM does not commit to its key, so
an epoch carries a commitment that each recipient compares before use.
"""

import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from exam_protocol.errors import ProtocolError
from exam_protocol.records import Epoch, Wrap

EPOCH_KEY_BYTES = 32

_suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class WrapKey:
    """An X25519 private key in memory."""

    def __init__(self, private: X25519PrivateKey) -> None:
        self._private = private

    @classmethod
    def generate(cls) -> "WrapKey":
        return cls(X25519PrivateKey.generate())

    @classmethod
    def from_raw(cls, raw: bytes) -> "WrapKey":
        return cls(X25519PrivateKey.from_private_bytes(raw))

    @property
    def raw(self) -> bytes:
        return self._private.private_bytes_raw()

    @property
    def public_key(self) -> bytes:
        return self._private.public_key().public_bytes_raw()

    def open(self, sealed: bytes, info: bytes) -> bytes:
        """What was sealed to this key for this purpose. Raises ProtocolError `not_for_us`."""
        try:
            return _suite.decrypt(sealed, self._private, info)
        except (InvalidTag, ValueError) as error:
            raise ProtocolError("not_for_us", "This was sealed to another key or for another purpose.") from error


def seal(public_key: bytes, plaintext: bytes, info: bytes) -> bytes:
    """enc (32 bytes), ciphertext, tag (16 bytes)."""
    return _suite.encrypt(plaintext, X25519PublicKey.from_public_bytes(public_key), info)


def commitment(epoch_key: bytes) -> bytes:
    """32 bytes that only this epoch key gives."""
    return HKDF(SHA256(), 32, None, b"commit").derive(epoch_key)


def epoch_info(session_id: bytes, epoch: int) -> bytes:
    return b"epoch-key/v1" + session_id + epoch.to_bytes(4, "big")


def command_info(session_id: bytes, counter: int) -> bytes:
    return b"proctor-command/v1" + session_id + counter.to_bytes(8, "big")


def exam_info(exam_id: str) -> bytes:
    return b"exam-access/v1" + exam_id.encode()


def wrap_epoch(epoch_key: bytes, session_id: bytes, epoch: int, recipients: dict[str, bytes]) -> tuple[Wrap, ...]:
    """One wrap per recipient id, in order of id."""
    info = epoch_info(session_id, epoch)
    return tuple(Wrap(name, seal(recipients[name], epoch_key, info)) for name in sorted(recipients))


def unwrap_epoch(body: Epoch, session_id: bytes, recipient: str, key: WrapKey) -> bytes:
    """The epoch key, checked against its commitment. Raises ProtocolError `not_for_us` or `bad_commitment`."""
    for wrap in body.wraps:
        if wrap.recipient == recipient:
            epoch_key = key.open(wrap.sealed, epoch_info(session_id, body.epoch))
            if not hmac.compare_digest(commitment(epoch_key), body.commitment):
                raise ProtocolError("bad_commitment", "An epoch key does not match what all recipients were promised.")
            return epoch_key
    raise ProtocolError("not_for_us", f"Epoch {body.epoch} has no key for {recipient}.")
