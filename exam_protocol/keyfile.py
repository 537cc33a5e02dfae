"""Key files and public cards, as office, proctor's console and verifier share them. Pure: bytes in, bytes out.

A key file is PBKDF2-HMAC-SHA256 of a passphrase -> AES-256-GCM over `SecretKeys`, associated data `key-file/v1`.
A card carries the public halves and travels in the open.
"""

from typing import Annotated

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from msgspec import Meta

from exam_protocol import codec
from exam_protocol.errors import ProtocolError
from exam_protocol.keys import WrapKey
from exam_protocol.policy import Name, PublicKey
from exam_protocol.signing import SigningKey

FORMAT = 1
ITERATIONS = 600_000
MAX_ITERATIONS = 10_000_000  # a key file that asks for more is an attack on the reader's time
ASSOCIATED_DATA = b"key-file/v1"
SALT_BYTES = 16
NONCE_BYTES = 12
KINDS = ("proctor", "root", "roster", "archive")


class KeyFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: int
    kind: str  # one of KINDS
    id: Name
    name: Name
    salt: bytes
    iterations: Annotated[int, Meta(ge=1, le=MAX_ITERATIONS)]
    nonce: Annotated[bytes, Meta(min_length=NONCE_BYTES, max_length=NONCE_BYTES)]
    sealed: bytes


class Card(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a proctor hands to the exam office."""

    format: int
    id: Name
    name: Name
    role: str  # proctor, lead
    sign_key: PublicKey
    wrap_key: PublicKey


class SecretKeys(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Ed25519 seed and raw X25519 key, 32 bytes each; null where this kind has none."""

    sign: PublicKey | None
    wrap: PublicKey | None

    def signer(self) -> SigningKey:
        """Raises ProtocolError `key_missing`."""
        if self.sign is None:
            raise ProtocolError("key_missing", "This key file holds no signing key.")
        return SigningKey.from_seed(self.sign)

    def wrap_key(self) -> WrapKey:
        """Raises ProtocolError `key_missing`."""
        if self.wrap is None:
            raise ProtocolError("key_missing", "This key file holds no key that opens recordings.")
        return WrapKey.from_raw(self.wrap)


def lock(
    keys: SecretKeys, passphrase: str, *, kind: str, id: str, name: str, salt: bytes, nonce: bytes,
    iterations: int = ITERATIONS,
) -> KeyFile:  # fmt: skip
    """Seals keys under a passphrase. `salt` (16) and `nonce` (12) are fresh random bytes, given by the caller."""
    sealed = AESGCM(_derive(passphrase, salt, iterations)).encrypt(nonce, codec.encode(keys), ASSOCIATED_DATA)
    return KeyFile(FORMAT, kind, id, name, salt, iterations, nonce, sealed)


def unlock(file: KeyFile, passphrase: str) -> SecretKeys:
    """Raises ProtocolError `passphrase_wrong`, also where the file was changed."""
    try:
        data = AESGCM(_derive(passphrase, file.salt, file.iterations)).decrypt(file.nonce, file.sealed, ASSOCIATED_DATA)
    except InvalidTag as error:
        raise ProtocolError(
            "passphrase_wrong", "The passphrase does not open this key file, or the file is damaged."
        ) from error
    keys: SecretKeys = codec.decode(data, SecretKeys)
    return keys


def parse(data: bytes) -> KeyFile:
    """Raises ProtocolError `key_file_damaged`."""
    try:
        file: KeyFile = codec.decode(data, KeyFile)
    except ProtocolError as error:
        raise ProtocolError("key_file_damaged", "This is not a key file, or it is damaged.") from error
    if file.format != FORMAT or file.kind not in KINDS:
        raise ProtocolError("key_file_damaged", f"A key file of format {file.format}, kind {file.kind} is not known.")
    return file


def parse_card(data: bytes) -> Card:
    """Raises ProtocolError `card_damaged`."""
    try:
        card: Card = codec.decode(data, Card)
    except ProtocolError as error:
        raise ProtocolError("card_damaged", "This is not a proctor's card, or it is damaged.") from error
    if card.format != FORMAT or card.role not in ("proctor", "lead"):
        raise ProtocolError("card_damaged", f"A card of format {card.format}, role {card.role} is not known.")
    return card


def _derive(passphrase: str, salt: bytes, iterations: int) -> bytes:
    return PBKDF2HMAC(SHA256(), 32, salt, iterations).derive(passphrase.encode())
